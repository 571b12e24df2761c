/** Long names and addresses: a line breaks after an at sign or a dot before it breaks inside a word. */

/** Cuts a text after each at sign and dot, but for a short end such as `.com`, which alone on a line reads badly. */
export function splitName(name: string): readonly string[] {
  return name.match(/[^@.]*(?:\.[^@.]{1,6}$|[@.]+)|[^@.]+$/g) ?? []
}

/** Shows a name with a `<wbr>` where a line may break; a copy of it has only the name. */
export function showName(element: Element, name: string): void {
  element.replaceChildren(
    ...splitName(name).flatMap((part, index) =>
      index === 0 ? [part] : [document.createElement('wbr'), part],
    ),
  )
}
