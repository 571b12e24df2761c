/**
 * Inlined in the pages that cannot work without their module. Whatever keeps the module from starting, and an uncaught
 * error while the user waits, is told by the notice `#script-error`: nothing stays busy for ever. When the module starts
 * late all the same, `initPage` takes the notice away.
 *
 * In ES5, for a browser that is too old for modules must be told too.
 */

;(function () {
  /** as long as any request may take */
  var timeLimitMs = 10000

  function showNotice(isFinal: boolean) {
    var loading = document.getElementById('loading')
    var notice = document.getElementById('script-error')
    var buttons = document.querySelectorAll<HTMLButtonElement>('[type=submit],[aria-disabled]')
    if (loading) loading.hidden = true
    if (notice) notice.hidden = false
    for (var i = 0; i < buttons.length; i++) {
      buttons.item(i).removeAttribute('aria-disabled')
      if (isFinal) buttons.item(i).disabled = true
    }
  }

  /** @param waiting what shows that the user waits for a module that has started */
  function check(waiting: string, isFinal: boolean) {
    if (!document.documentElement.hasAttribute('data-started')) showNotice(isFinal)
    else if (document.querySelector(waiting)) showNotice(false)
  }

  /** The settings have a notice of their own, and extensions are not the page. */
  function isOfPage(file: string | undefined) {
    return file && file.indexOf(location.origin) === 0 && file.indexOf('/js/') < 0
  }

  function handleUncaughtError() {
    check('[aria-disabled],#loading:not([hidden])', true)
  }

  /** A submit that is held, by `inline/early-submit.ts`, ends in words too. */
  function checkLater() {
    setTimeout(function () {
      check('[data-held] :enabled[type=submit]', false)
    }, timeLimitMs)
  }

  addEventListener(
    'error',
    function (event) {
      var script = event.target
      if (script instanceof HTMLScriptElement) {
        if (script.type === 'module') showNotice(true)
      } else if (isOfPage(event.filename)) {
        handleUncaughtError()
      }
    },
    // The error of an element does not bubble.
    true,
  )
  addEventListener('unhandledrejection', handleUncaughtError)
  addEventListener('submit', checkLater)
  checkLater()
  if (!('noModule' in HTMLScriptElement.prototype)) showNotice(true)
})()
