/** Finds the elements a page cannot do without. */

/** Thrown at start when the markup and the script of a page have drifted apart. */
export class ElementError extends Error {
  override readonly name = 'ElementError'

  constructor(selector: string, expected: string) {
    super(`${location.pathname}: expected ${expected} at "${selector}"`)
  }
}

/**
 * @param type the class the element must be of, such as `HTMLFormElement`
 * @throws {ElementError} when there is none
 */
export function requireElement<Type extends Element>(
  selector: string,
  type: abstract new () => Type,
  root: ParentNode = document,
): Type {
  const element = root.querySelector(selector)
  if (!(element instanceof type)) throw new ElementError(selector, type.name)
  return element
}

/** Makes an element with text in it; text is never markup. */
export function createElement<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  text = '',
  className = '',
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  element.textContent = text
  if (className) element.className = className
  return element
}
