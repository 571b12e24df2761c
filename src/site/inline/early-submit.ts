/**
 * Inlined behind the last form of the pages before sign-in: their forms can be submitted from the first paint on. A
 * submit is held, and its button says so, until the page's module handles it (`forms/replay-early-submit.ts`) or
 * `inline/script-error.ts` says that there is none. In ES5, as that script is.
 */

;(function () {
  var notice = document.getElementById('script-error')

  function isNoticeShown() {
    return notice !== null && !notice.hidden
  }

  function holdSubmits(form: HTMLFormElement, button: HTMLButtonElement) {
    button.disabled = isNoticeShown()
    form.addEventListener('submit', function (event) {
      if (event.defaultPrevented) return
      event.preventDefault()
      form.setAttribute('data-held', '')
      if (!isNoticeShown()) button.setAttribute('aria-disabled', 'true')
    })
  }

  for (var i = 0; i < document.forms.length; i++) {
    var form = document.forms.item(i)
    var button = form && form.querySelector<HTMLButtonElement>('[type=submit]')
    if (form && button) holdSubmits(form, button)
  }
})()
