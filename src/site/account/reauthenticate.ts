/**
 * Asks the user to sign in again, by the password, a passkey, or an emailed code for those who have no password:
 * `recent-sign-in.ts` fetches this when the last sign-in is not recent.
 */

import { codeLength, signInCodeLength } from '../../shared/confirmation-code.ts'
import type { SignInMethod } from '../../shared/site-config.ts'
import {
  loadPasskeys,
  loadSignIn,
  loadUserAuth,
  type Session,
  type SignInOutcome,
  type UserAuthAttempt,
} from '../auth/index.ts'
import { type BoundForm, bindForm } from '../forms/bind-form.ts'
import { createCodeReader } from '../forms/code-field.ts'
import { challengeExpired } from '../forms/error-messages.ts'
import { readPassword } from '../forms/fields.ts'
import { codeErrors, type FormErrors, neverRetried } from '../forms/form-errors.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { t, withTexts } from '../i18n/t.ts'
import { replaceWith } from '../layout/navigate.ts'
import { prefetch, prefetchSignIn } from '../layout/prefetch-auth.ts'
import { endStep, forgetStep, openStep } from '../layout/steps.ts'
import { cloneTemplate } from '../lib/clone-template.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { showName } from '../lib/show-name.ts'
import { abortPasskeyRequest } from '../lib/webauthn.ts'
import { canUsePasskeys } from '../lib/webauthn-support.ts'
import { routes, withNext } from '../routes.ts'
import { currentPasswordErrors } from './current-password-errors.ts'
import type { UserAuth } from './reauthenticate-by-passkey.ts'

/** Fetched when a code is asked for. */
const loadAuthenticatorApp = lazyImport(withTexts(() => import('../forms/authenticator-app.ts')))
/** Fetched when a passkey is to be used. */
const loadPasskeySignIn = lazyImport(withTexts(() => import('./reauthenticate-by-passkey.ts')))

const firstStep = 'reauthenticate'
const codeStep = 'reauthenticate-code'

/** the form that is shown */
let form: BoundForm | undefined
/** ends the re-authentication that is shown */
let cancel = (): void => undefined

/** Whose re-authentication it is. */
interface Account {
  readonly session: Session
  /** as they type it to sign in */
  readonly name: string
  readonly methods: readonly SignInMethod[]
}

/**
 * @returns whether the user has signed in again; they may also go back, or leave. What they have typed waits
 *   meanwhile, out of sight.
 * @throws {AuthError} `session-ended`, or no response
 */
export async function reauthenticate(session: Session, name: string): Promise<boolean> {
  const { getSignInMethods } = await loadPasskeys()
  return openReauthentication({ session, name, methods: await getSignInMethods(session) })
}

function openReauthentication(account: Account): Promise<boolean> {
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
      abortPasskeyRequest()
      cancel = () => undefined
      form?.clearErrors()
      section.remove()
      cards.hidden = false
      if (opener instanceof HTMLElement) opener.focus()
      resolve(isAuthenticated)
    }
    const endAndGoBack = async (isAuthenticated: boolean) => {
      await endStep(firstStep)
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
        forgetStep(firstStep)
        end(false)
      },
      { signal: leave.signal },
    )
    openStep({
      name: firstStep,
      show: () => askToConfirm(account, () => endAndGoBack(true)),
      close: () => end(false),
    })
  })
}

function askToConfirm(account: Account, onAuthenticated: () => Promise<void>): void {
  form?.clearErrors()
  const { session, methods } = account
  const hasPassword = methods.includes('password')
  const place = requireElement('#reauthenticate-form', HTMLElement)
  place.replaceChildren(
    ...(hasPassword ? [cloneTemplate('#reauthenticate-password-step')] : []),
    cloneTemplate('#reauthenticate-other-ways'),
  )
  if (hasPassword) bindPassword()
  if (methods.includes('passkey') && canUsePasskeys()) {
    void prefetch(loadUserAuth)
    bindWay('#reauthenticate-by-passkey', async (auth, attempt) => {
      const { signInWithPasskey } = await loadPasskeySignIn()
      return signInWithPasskey(auth, attempt, handleOutcome)
    })
  }
  if (methods.includes('email-code') && !hasPassword) {
    bindWay('#reauthenticate-by-email', async (auth, attempt) =>
      handleOutcome(await auth.requestEmailCode(attempt)),
    )
  }
  const hasWay = place.querySelector('form:not([hidden])') !== null
  requireElement('#reauthenticate-no-way', HTMLElement).hidden = hasWay

  function bindPassword(): void {
    void prefetchSignIn()
    requireElement('#reauthenticate-name', HTMLInputElement).value = account.name
    form = bindForm({
      form: '#reauthenticate-by-password',
      fields: { 'reauthenticate-password': readPassword },
      errors: { ...currentPasswordErrors('reauthenticate-password'), ...neverRetried },
      async submit({ 'reauthenticate-password': password }) {
        const { signIn } = await loadSignIn()
        const { username, isPersistent: rememberMe } = session
        return handleOutcome(await signIn({ username, password, rememberMe }))
      },
    })
  }

  /** The first way is the main one: others step back. */
  function bindWay(
    selector: string,
    run: (auth: UserAuth, attempt: UserAuthAttempt) => Promise<SubmitResult>,
  ): void {
    const { username, isPersistent: rememberMe } = session
    const way = requireElement(selector, HTMLFormElement)
    way.hidden = false
    const button = requireElement('button', HTMLButtonElement, way)
    button.classList.toggle('button-secondary', place.querySelector('form:not([hidden])') !== way)
    form = bindForm({
      form: selector,
      fields: {},
      errors: neverRetried,
      submit: async () => run(await loadUserAuth(), { username, rememberMe }),
    })
  }

  async function handleOutcome(outcome: SignInOutcome): Promise<SubmitResult> {
    switch (outcome.kind) {
      case 'signed-in':
        return done(onAuthenticated)
      case 'totp-required': {
        const { totpErrors } = await loadAuthenticatorApp()
        const errors = totpErrors('reauthenticate-code')
        return done(() =>
          openCodeStep(() =>
            askForCode({
              template: '#reauthenticate-code-step',
              length: codeLength,
              errors,
              respond: async (code) => handleOutcome(await outcome.respond(code)),
            }),
          ),
        )
      }
      case 'email-code-required':
        return done(() =>
          openCodeStep(() => {
            askForCode({
              template: '#reauthenticate-email-code-step',
              length: outcome.resend ? signInCodeLength : codeLength,
              errors: codeErrors('reauthenticate-code'),
              respond: async (code) => handleOutcome(await outcome.respond(code)),
            })
            showName(
              requireElement('#reauthenticate-sent', HTMLElement),
              outcome.destination ?? session.email ?? '',
            )
          }),
        )
      case 'challenge-expired':
        return done(async () => {
          await endStep(codeStep)
          askAgain()
          announce(hasPassword ? challengeExpired : t('That took too long. Try again.'))
        })
      case 'reset-required':
        return replaceWith(routes.forgot)
      case 'unverified':
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

  function openCodeStep(show: () => void): void {
    openStep({ name: codeStep, show, close: askAgain })
  }

  function askAgain(): void {
    askToConfirm(account, onAuthenticated)
    place.querySelector<HTMLElement>('[type=password], form:not([hidden]) button')?.focus()
  }
}

function askForCode({
  template,
  length,
  errors,
  respond,
}: {
  readonly template: string
  /** digits */
  readonly length: number
  readonly errors: FormErrors
  readonly respond: (code: string) => Promise<SubmitResult>
}): void {
  const place = requireElement('#reauthenticate-form', HTMLElement)
  place.replaceChildren(cloneTemplate(template))
  form = bindForm({
    form: '#reauthenticate form',
    fields: { 'reauthenticate-code': createCodeReader(length) },
    errors: { ...errors, ...neverRetried },
    submit: ({ 'reauthenticate-code': code }) => respond(code),
  })
  requireElement('#reauthenticate-code', HTMLInputElement).focus()
}
