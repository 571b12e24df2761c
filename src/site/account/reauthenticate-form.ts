/** Asks for the password again. */

import { loadSignIn, type Session, type SignInOutcome } from '../auth/index.ts'
import { type BoundForm, bindForm } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import {
  challengeExpired,
  currentPasswordErrors,
  neverRetried,
  totpErrors,
} from '../forms/error-messages.ts'
import { readPassword } from '../forms/fields.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { replaceWith } from '../layout/navigate.ts'
import { prefetchSignIn } from '../layout/prefetch-auth.ts'
import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { routes, withNext } from '../routes.ts'

/** the form that is shown */
let form: BoundForm | undefined
/** ends the re-authentication that is shown */
let cancel = (): void => undefined

/**
 * @returns whether the user has signed in again; they may also go back, or leave. What they have typed waits
 *   meanwhile, out of sight.
 */
export async function reauthenticate(session: Session, name: string): Promise<boolean> {
  cancel()
  // What was begun waits: it is not busy.
  announce('')
  const opener = document.activeElement
  const cards = requireElement('#cards', HTMLElement)
  const section = cloneTemplate('#reauthenticate-step')
  requireElement('#reauthenticate-place', HTMLElement).replaceChildren(section)
  cards.hidden = true
  requireElement('h2', HTMLElement, section).focus()
  const isAuthenticated = await new Promise<boolean>((resolve) => {
    cancel = () => resolve(false)
    requireElement('#reauthenticate-cancel', HTMLButtonElement).addEventListener('click', cancel)
    window.addEventListener('pagehide', cancel, { once: true })
    askForPassword({ session, name }, () => resolve(true))
  })
  form?.clearErrors()
  section.remove()
  cards.hidden = false
  if (opener instanceof HTMLElement) opener.focus()
  return isAuthenticated
}

function askForPassword(
  account: { session: Session; name: string },
  onAuthenticated: () => void,
): void {
  showForm('#reauthenticate-password-step')
  void prefetchSignIn()
  requireElement('#reauthenticate-name', HTMLInputElement).value = account.name
  form = bindForm({
    form: '#reauthenticate form',
    fields: { 'reauthenticate-password': readPassword },
    errors: { ...currentPasswordErrors('reauthenticate-password'), ...neverRetried },
    async submit({ 'reauthenticate-password': password }) {
      const { signIn } = await loadSignIn()
      const { username, isPersistent: rememberMe } = account.session
      return handleOutcome(await signIn({ username, password, rememberMe }))
    },
  })

  function handleOutcome(outcome: SignInOutcome): SubmitResult {
    switch (outcome.kind) {
      case 'signed-in':
        return done(onAuthenticated)
      case 'totp-required':
        return done(() => askForTotp(async (code) => handleOutcome(await outcome.respond(code))))
      case 'challenge-expired':
        return done(() => {
          askForPassword(account, onAuthenticated)
          announce(challengeExpired)
          requireElement('#reauthenticate-password', HTMLInputElement).focus()
        })
      case 'reset-required':
        return replaceWith(routes.forgot)
      case 'unverified':
      case 'new-password-required':
      case 'totp-setup-required':
        // The operator has changed the account meanwhile; the sign-in page has these steps.
        return replaceWith(withNext(routes.signIn, location.pathname))
      default:
        return outcome satisfies never
    }
  }
}

function askForTotp(respond: (code: string) => Promise<SubmitResult>): void {
  showForm('#reauthenticate-code-step')
  form = bindForm({
    form: '#reauthenticate form',
    fields: { 'reauthenticate-code': readCode },
    errors: { ...totpErrors('reauthenticate-code'), ...neverRetried },
    submit: ({ 'reauthenticate-code': code }) => respond(code),
  })
  requireElement('#reauthenticate-code', HTMLInputElement).focus()
}

function showForm(template: string): void {
  requireElement('#reauthenticate-form', HTMLElement).replaceChildren(cloneTemplate(template))
}
