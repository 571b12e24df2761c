/**
 * Inlined behind the last form of the pages before sign-in: their forms can be submitted from the first paint
 * on. A submit is held, and its button says so, until the page's module handles it (`forms/` replays it). When
 * that module cannot be loaded, the page says so and its buttons are disabled again.
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
    window.addEventListener(
      'error',
      ({ target }) => {
        if (!(target instanceof HTMLScriptElement) || target.type !== 'module') return
        button.disabled = true
        const notice = document.querySelector<HTMLElement>('#script-error')
        if (notice) notice.hidden = false
      },
      // The error of an element does not bubble.
      true,
    )
  }
}
