/**
 * Inlined behind the last form of the pages before sign-in: their forms can be submitted from the first paint on. A
 * submit is held, and its button says so, until the page's module handles it (`forms/replay-early-submit.ts`).
 */

for (const form of document.forms) {
  const button = form.querySelector<HTMLButtonElement>('[type=submit]')
  if (button) {
    button.disabled = false
    form.addEventListener('submit', (event) => {
      if (event.defaultPrevented) return
      event.preventDefault()
      button.ariaDisabled = 'true'
    })
  }
}
