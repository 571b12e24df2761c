/**
 * Inlined behind `/js/config.js` on the pages with ways to sign in without a password: shows the forms whose
 * `data-needs`, a list of sign-in methods, the pool and this browser have. What stands below the forms is parsed after
 * that, so that nothing moves. Anything can be in `config.js`: whether the settings are right is for the page's module to
 * say (`shared/site-config.ts`). In ES5, as all inline scripts.
 *
 * @see src/site/lib/webauthn-support.ts, which asks the same of the browser
 */

;(function () {
  var place = document.getElementById('passwordless')
  var settings = window._config as { cognito?: { signIn?: unknown } } | undefined
  var cognito = settings && settings.cognito
  var methods = cognito && Array.isArray(cognito.signIn) ? cognito.signIn : []
  var api = window.PublicKeyCredential as typeof PublicKeyCredential | undefined

  function isAvailable(method: string) {
    return (
      methods.indexOf(method) >= 0 &&
      (method !== 'passkey' || (api !== undefined && 'parseCreationOptionsFromJSON' in api))
    )
  }

  for (var i = 0; place && i < document.forms.length; i++) {
    var form = document.forms.item(i)
    var needs = form && form.getAttribute('data-needs')
    if (!form || !needs || !needs.split(' ').every(isAvailable)) continue
    form.hidden = false
    place.hidden = false
  }
})()
