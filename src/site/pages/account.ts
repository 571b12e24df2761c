/** Account page, for signed-in users: one card for each thing they may change. Leaves to sign-in when they sign out. */

import { bindAuthenticatorApp } from '../account/authenticator-app-card.ts'
import { bindChangeEmail } from '../account/change-email-card.ts'
import { bindChangePassword } from '../account/change-password-card.ts'
import { bindDeleteAccount } from '../account/delete-account-card.ts'
import { bindPasskeys } from '../account/passkeys.ts'
import { bindSignOutEverywhere } from '../account/sign-out-everywhere-card.ts'
import { config } from '../config.ts'
import { linkedCode, takeEmailLink } from '../forms/email-link.ts'
import { withTexts } from '../i18n/t.ts'
import { leaveSteps } from '../layout/navigate.ts'
import { initPage } from '../layout/page-shell.ts'
import { prefetch } from '../layout/prefetch-auth.ts'
import { openProtectedPage, type ProtectedPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'

/** Fetched where the list of cards is seen: beside them, on a wide screen. */
const loadContents = lazyImport(() => import('../account/contents.ts'))
/** Fetched when an account is to be deleted. */
const loadDeleteRides = lazyImport(withTexts(() => import('../ride/delete-rides.ts')))
let isTargetFocused = false
const isReady = await initPage()
// Before anything leads to sign-in: its URL has the one of this page, and reaches the server.
keepLinkedCode()
// A link that is opened in the tab of this page.
window.addEventListener('hashchange', () => {
  if (keepLinkedCode()) location.reload()
})

if (isReady) {
  // What a later step needs is gone when the page is loaded again.
  void leaveSteps()
  const page: ProtectedPage = openProtectedPage({
    show: (session) => password.show(session),
    async showDetails(details, session) {
      email.show(details, session)
      passkeys.show(details, session)
      authenticatorApp.show(details)
      await password.showDetails(details)
    },
    onShown: focusTarget,
    hide() {
      for (const card of [email, password, passkeys, authenticatorApp]) card.hide()
    },
  })
  const email = bindChangeEmail(page)
  const password = bindChangePassword(page)
  const hasPasskeys = config.kind === 'configured' && config.cognito.signIn.includes('passkey')
  const passkeys = bindPasskeys(page, hasPasskeys)
  const authenticatorApp = bindAuthenticatorApp(page)
  bindSignOutEverywhere(page)
  const invokeUrl = config.kind === 'configured' ? config.api.invokeUrl : undefined
  bindDeleteAccount(page, {
    hasPasskeys,
    deleteRides: invokeUrl
      ? async (session) => (await loadDeleteRides()).deleteRides(invokeUrl, session)
      : undefined,
  })
  if (invokeUrl) {
    requireElement('#delete-confirmed', HTMLInputElement).addEventListener(
      'change',
      () => void prefetch(loadDeleteRides),
    )
  }
  new IntersectionObserver((entries, observer) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return
    observer.disconnect()
    void prefetch(loadContents, ({ bindContents }) => bindContents())
  }).observe(requireElement('#contents', HTMLElement))
  void page.refresh()
}

/** @returns whether the link has a code */
function keepLinkedCode(): boolean {
  const { code = '' } = takeEmailLink()
  if (code !== '') linkedCode.write(code)
  return code !== ''
}

/** The card that the URL names was hidden when the browser looked for it; a code is for the one that asks for it. */
function focusTarget(): void {
  if (isTargetFocused) return
  isTargetFocused = true
  const selector = linkedCode.read() === undefined ? ':target h2' : '#pending-place h3'
  document.querySelector<HTMLElement>(selector)?.focus()
}
