/**
 * Inlined in the head of every page, before its styles: sets the theme chosen on this device, which would
 * otherwise change after the first paint. Anything can be in web storage, and it can be blocked: only a theme's
 * name counts. In ES5, as all inline scripts.
 *
 * @see src/site/layout/theme.ts, which stores the choice
 */

;(function () {
  try {
    var theme = localStorage['wildrydes.theme']
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  } catch (_) {
    // Storage is blocked: the device's own theme stays.
  }
})()
