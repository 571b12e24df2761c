/**
 * Inlined in the head of the English pages: whoever has chosen another language on this device, and comes from elsewhere,
 * is led to the page in that language before this one is painted. The entry of this page in the history goes to that one, so that
 * Back leads out. A page in another language was asked for, and so was this one by a link of the site: there the choice
 * leads nowhere. Anything can be in web storage, and it can be blocked: only a language of the site counts. In ES5, as all
 * inline scripts.
 *
 * @see src/site/layout/page-shell.ts, which stores the choice
 */

;(function () {
  try {
    var root = document.documentElement
    var chosen = localStorage['wildrydes.language']
    var isKnown = (root.dataset.languages || '').split(' ').indexOf(chosen) >= 0
    if (!isKnown || document.referrer.indexOf(location.origin + '/') === 0) return
    root.hidden = true
    location.replace(
      chosen + '/' + location.pathname.replace(/.*\//, '') + location.search + location.hash,
    )
  } catch (_) {
    // Storage is blocked: nothing was chosen.
  }
})()
