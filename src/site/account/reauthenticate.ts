/**
 * Asks for the password again before a sensitive change, when the last sign-in is not recent: whoever sits at an
 * unlocked computer may not be the user.
 */

import { loadSignIn, type Session, type SignInOutcome } from '../auth/index.ts'
import { type BoundForm, bindForm } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import {
  challengeExpired,
  currentPasswordErrors,
  type FormErrors,
  neverRetried,
} from '../forms/error-messages.ts'
import { readPassword } from '../forms/fields.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { replaceWith } from '../layout/navigate.ts'
import { prefetchSignIn } from '../layout/prefetch-auth.ts'
import type { ProtectedPage } from '../layout/protected-page.ts'
import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { routes, withNext } from '../routes.ts'
import { signInName } from './sign-in-name.ts'

/** milliseconds for which a sign-in is recent */
const recentMs = 5 * 60_000

/** Fetched when a code is asked for. */
const loadAuthenticatorApp = lazyImport(() => import('../forms/authenticator-app.ts'))

/** the form that is shown */
let form: BoundForm | undefined
/** ends the re-authentication that is shown */
let cancel = (): void => undefined

/** Runs something for the page's user that needs a recent sign-in. */
export function withRecentSignIn(
  page: ProtectedPage,
  run: (session: Session) => Promise<SubmitResult>,
): Promise<SubmitResult> {
  return page.withSession(async (session) => {
    const isAuthenticated = await reauthenticate(session)
    return isAuthenticated ? page.withSession(run) : done()
  })
}

/**
 * @returns whether the user has signed in again; they may also go back, or leave. What they have typed waits
 *   meanwhile, out of sight.
 */
async function reauthenticate(session: Session): Promise<boolean> {
  // A clock that was set back makes no sign-in a recent one.
  if (Math.abs(Date.now() - session.signedInAtMs) < recentMs) return true
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
    askForPassword(session, () => resolve(true))
  })
  form?.clearErrors()
  section.remove()
  cards.hidden = false
  if (opener instanceof HTMLElement) opener.focus()
  return isAuthenticated
}

function askForPassword(session: Session, onAuthenticated: () => void): void {
  showForm('#reauthenticate-password-step')
  void prefetchSignIn()
  requireElement('#reauthenticate-name', HTMLInputElement).value = signInName(session)
  form = bindForm({
    form: '#reauthenticate form',
    fields: { 'reauthenticate-password': readPassword },
    errors: { ...currentPasswordErrors('reauthenticate-password'), ...neverRetried },
    async submit({ 'reauthenticate-password': password }) {
      const { signIn } = await loadSignIn()
      const { username, isPersistent: rememberMe } = session
      return handleOutcome(await signIn({ username, password, rememberMe }))
    },
  })

  async function handleOutcome(outcome: SignInOutcome): Promise<SubmitResult> {
    switch (outcome.kind) {
      case 'signed-in':
        return done(onAuthenticated)
      case 'totp-required': {
        const { totpErrors } = await loadAuthenticatorApp()
        const errors = totpErrors('reauthenticate-code')
        return done(() =>
          askForTotp(errors, async (code) => handleOutcome(await outcome.respond(code))),
        )
      }
      case 'challenge-expired':
        return done(() => {
          askForPassword(session, onAuthenticated)
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

function askForTotp(errors: FormErrors, respond: (code: string) => Promise<SubmitResult>): void {
  showForm('#reauthenticate-code-step')
  form = bindForm({
    form: '#reauthenticate form',
    fields: { 'reauthenticate-code': readCode },
    errors: { ...errors, ...neverRetried },
    submit: ({ 'reauthenticate-code': code }) => respond(code),
  })
  requireElement('#reauthenticate-code', HTMLInputElement).focus()
}

function showForm(template: string): void {
  requireElement('#reauthenticate-form', HTMLElement).replaceChildren(cloneTemplate(template))
}
