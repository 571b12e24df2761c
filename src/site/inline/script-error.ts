/**
 * Inlined in the pages that cannot work without their module: when it cannot be loaded, the page says so and its
 * forms are disabled.
 */

window.addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement) || target.type !== 'module') return
    for (const button of document.querySelectorAll<HTMLButtonElement>('[type=submit]')) {
      button.disabled = true
    }
    const notice = document.querySelector<HTMLElement>('#script-error')
    if (notice) notice.hidden = false
  },
  // The error of an element does not bubble.
  true,
)
