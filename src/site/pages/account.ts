/**
 * Account page, for signed-in riders: who they are, and everything they may change about it. Leaves to
 * sign-in when they sign out or delete the account.
 */

import { bindAuthenticatorApp } from '../account/authenticator-app.ts'
import { bindEmailChange } from '../account/email-change.ts'
import { bindDeletion, bindSignOutEverywhere } from '../account/farewells.ts'
import { bindPasswordChange } from '../account/password-change.ts'
import { signInName } from '../account/rider-name.ts'
import { startPage } from '../frame.ts'
import { openSignedInPage, type SignedInPage } from '../signed-in-page.ts'
import { requireElement } from '../ui/elements.ts'

const who = requireElement('#who', HTMLElement)

let isTargetShown = false

if (await startPage()) {
  const page: SignedInPage = openSignedInPage({
    show(session) {
      who.textContent = signInName(session)
      password.show(session)
    },
    showDetails(details, session) {
      email.show(details, session)
      app.show(details)
    },
    onOpen: goToTarget,
    hide() {
      who.textContent = ''
      for (const part of [email, password, app]) part.hide()
    },
  })
  const email = bindEmailChange(page)
  const password = bindPasswordChange(page)
  const app = bindAuthenticatorApp(page)
  bindSignOutEverywhere(page)
  bindDeletion(page)
  void page.refresh()
}

/** What the address names was hidden when the browser looked for it. */
function goToTarget(): void {
  if (isTargetShown) return
  isTargetShown = true
  document.querySelector<HTMLElement>(':target h2')?.focus()
}
