/**
 * A form can be submitted before the page's script is there: `src/site/inline/early-submit.ts` holds the submit by
 * `data-held` on the form. The script sends it when the form is bound.
 */
export function replayEarlySubmit(form: HTMLFormElement, button: HTMLButtonElement): void {
  const isHeld = form.dataset.held !== undefined
  delete form.dataset.held
  button.disabled = false
  button.ariaDisabled = null
  // When the page has filled in what it remembers.
  if (isHeld) setTimeout(() => form.requestSubmit())
}
