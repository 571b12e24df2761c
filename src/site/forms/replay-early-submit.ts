/**
 * A form can be submitted before the page's script is there: `src/site/inline/early-submit.ts` holds the submit by
 * `aria-disabled` on the button. The script sends it when the form is bound.
 */
export function replayEarlySubmit(form: HTMLFormElement, button: HTMLButtonElement): void {
  button.disabled = false
  const isHeld = button.ariaDisabled === 'true'
  button.ariaDisabled = null
  if (isHeld) queueMicrotask(() => form.requestSubmit())
}
