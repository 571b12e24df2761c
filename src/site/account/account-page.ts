/** What the account page does: who the rider is, and everything she may change about it. */

import { openSignedInPage, type SignedInPage } from '../layout/protected-page.ts'
import { requireElement } from '../lib/elements.ts'
import { bindAuthenticatorApp } from './authenticator-app.ts'
import { bindEmailChange } from './change-email.ts'
import { bindPasswordChange } from './change-password.ts'
import { bindDeletion, bindSignOutEverywhere } from './farewells.ts'
import { signInName } from './sign-in-name.ts'

let isTargetShown = false

/** Leaves to sign-in when she signs out or deletes the account. */
export function openAccountPage(): void {
  const who = requireElement('#user-name', HTMLElement)
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
