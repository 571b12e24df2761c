/** Asks for the password again: `recent-sign-in.ts` fetches this when the last sign-in is not recent. */

import { loadSignIn, type Session, type SignInOutcome } from '../auth/index.ts'
import { type BoundForm, bindForm } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import { challengeExpired, currentPasswordErrors } from '../forms/error-messages.ts'
import { readPassword } from '../forms/fields.ts'
import { type FormErrors, neverRetried } from '../forms/form-errors.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { replaceWith } from '../layout/navigate.ts'
import { prefetchSignIn } from '../layout/prefetch-auth.ts'
import { endStep, forgetStep, openStep } from '../layout/steps.ts'
import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { routes, withNext } from '../routes.ts'

/** Fetched when a code is asked for. */
const loadAuthenticatorApp = lazyImport(() => import('../forms/authenticator-app.ts'))

const passwordStep = 'reauthenticate'
const codeStep = 'reauthenticate-code'

/** the form that is shown */
let form: BoundForm | undefined
/** ends the re-authentication that is shown */
let cancel = (): void => undefined

/**
 * @returns whether the user has signed in again; they may also go back, or leave. What they have typed waits
 *   meanwhile, out of sight.
 */
export function reauthenticate(session: Session, name: string): Promise<boolean> {
  cancel()
  // What was begun waits: it is not busy.
  announce('')
  const opener = document.activeElement
  const cards = requireElement('#cards', HTMLElement)
  const section = cloneTemplate('#reauthenticate-step')
  requireElement('#reauthenticate-place', HTMLElement).replaceChildren(section)
  cards.hidden = true
  requireElement('h2', HTMLElement, section).focus()
  const leave = new AbortController()
  return new Promise<boolean>((resolve) => {
    const end = (isAuthenticated: boolean) => {
      leave.abort()
      cancel = () => undefined
      form?.clearErrors()
      section.remove()
      cards.hidden = false
      if (opener instanceof HTMLElement) opener.focus()
      resolve(isAuthenticated)
    }
    const endAndGoBack = async (isAuthenticated: boolean) => {
      await endStep(passwordStep)
      end(isAuthenticated)
    }
    cancel = () => end(false)
    requireElement('#reauthenticate-cancel', HTMLButtonElement).addEventListener(
      'click',
      () => void endAndGoBack(false),
    )
    window.addEventListener(
      'pagehide',
      () => {
        forgetStep(passwordStep)
        end(false)
      },
      { signal: leave.signal },
    )
    openStep({
      name: passwordStep,
      show: () => askForPassword({ session, name }, () => endAndGoBack(true)),
      close: () => end(false),
    })
  })
}

function askForPassword(
  account: { session: Session; name: string },
  onAuthenticated: () => Promise<void>,
): void {
  form?.clearErrors()
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

  async function handleOutcome(outcome: SignInOutcome): Promise<SubmitResult> {
    switch (outcome.kind) {
      case 'signed-in':
        return done(onAuthenticated)
      case 'totp-required': {
        const { totpErrors } = await loadAuthenticatorApp()
        const errors = totpErrors('reauthenticate-code')
        return done(() =>
          openStep({
            name: codeStep,
            show: () =>
              askForTotp(errors, async (code) => handleOutcome(await outcome.respond(code))),
            close: askAgain,
          }),
        )
      }
      case 'challenge-expired':
        return done(async () => {
          await endStep(codeStep)
          askAgain()
          announce(challengeExpired)
        })
      case 'reset-required':
        return replaceWith(routes.forgot)
      case 'unverified':
      case 'email-code-required':
      case 'factor-choice-required':
      case 'choice-required':
      case 'new-password-required':
      case 'totp-setup-required':
        // The sign-in page has these steps. Of some of them, the operator has changed the account meanwhile.
        return replaceWith(withNext(routes.signIn, location.pathname))
      default:
        return outcome satisfies never
    }
  }

  function askAgain(): void {
    askForPassword(account, onAuthenticated)
    requireElement('#reauthenticate-password', HTMLInputElement).focus()
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
