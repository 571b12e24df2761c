/** The steps of a sign-in after the password, which few users come to: fetched when one does. */

import type { SignInMethod } from '../../shared/site-config.ts'
import type { SecondFactor, SignInOutcome } from '../auth/index.ts'
import { bindAuthenticatorSetup, totpErrors } from '../forms/authenticator-app.ts'
import { type BoundForm, bindForm } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import { challengeExpired } from '../forms/error-messages.ts'
import {
  bindPasswordRules,
  createReplacementReader,
  newPasswordErrors,
} from '../forms/new-password-field.ts'
import type { SubmitResult } from '../forms/submit-result.ts'
import { pageLanguage, t, withTexts } from '../i18n/t.ts'
import { endStep, openStep, showSection, showTemplateSection } from '../layout/steps.ts'
import { requireElement } from '../lib/elements.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { announce } from '../lib/live-region.ts'
import { lastUsername, rememberEmail } from '../lib/tab-state.ts'
import { describeLockout } from './lockout.ts'

const loadEmailCode = lazyImport(withTexts(() => import('./email-code.ts')))

export type ChallengeOutcome = Extract<
  SignInOutcome,
  {
    kind:
      | 'challenge-expired'
      | 'choice-required'
      | 'email-code-required'
      | 'factor-choice-required'
      | 'new-password-required'
      | 'totp-required'
      | 'totp-setup-required'
  }
>

interface SignInAttempt {
  /** as it was typed */
  readonly username: string
  /** empty for a sign-in without one */
  readonly password: string
  /** the form of the first step */
  readonly form: BoundForm
  readonly handleOutcome: (outcome: SignInOutcome) => Promise<SubmitResult>
}

/** A challenge takes the place of the one before, which is answered: Back leads from each to the password. */
const stepName = 'challenge'

export async function showChallenge(
  challenge: ChallengeOutcome,
  attempt: SignInAttempt,
): Promise<void> {
  if (challenge.kind === 'challenge-expired') {
    await endStep(stepName)
    showCredentials(attempt)
    announce(attempt.password === '' ? t('That took too long. Sign in again.') : challengeExpired)
    return
  }
  if (challenge.kind === 'choice-required') {
    await endStep(stepName)
    showCredentials(attempt)
    offerWays(challenge.ways)
    return
  }
  const emailCode =
    challenge.kind === 'email-code-required' ? { challenge, ...(await loadEmailCode()) } : undefined
  openStep({
    name: stepName,
    reopens: true,
    show() {
      attempt.form.clearErrors()
      if (emailCode) emailCode.askForEmailCode(emailCode.challenge, attempt)
      else if (challenge.kind !== 'email-code-required') showForm(challenge, attempt)
      requireElement('#account', HTMLInputElement).value = attempt.username
      requireElement('#other-account', HTMLButtonElement).addEventListener(
        'click',
        () => void useOtherAccount(attempt),
      )
    },
    close: () => showCredentials(attempt),
  })
}

function showCredentials({ form }: SignInAttempt): void {
  form.clearErrors()
  showSection(requireElement('#credentials', HTMLElement))
}

async function useOtherAccount(attempt: SignInAttempt): Promise<void> {
  await endStep(stepName)
  showCredentials(attempt)
  lastUsername.remove()
  rememberEmail('')
  const username = requireElement('#username', HTMLInputElement)
  username.value = ''
  username.focus()
}

function showForm(
  challenge: Exclude<
    ChallengeOutcome,
    { kind: 'challenge-expired' | 'choice-required' | 'email-code-required' }
  >,
  { username, password, handleOutcome }: SignInAttempt,
): void {
  switch (challenge.kind) {
    case 'totp-required':
      askForTotp(username, async (code) => handleOutcome(await challenge.respond(code)))
      break
    case 'factor-choice-required':
      askForFactor(async (factor) => handleOutcome(await challenge.respond(factor)))
      break
    case 'new-password-required':
      askForNewPassword(password, async (chosen) => handleOutcome(await challenge.respond(chosen)))
      break
    case 'totp-setup-required':
      showTemplateSection('#app-step')
      bindAuthenticatorSetup({ key: challenge.key, name: username }, async (code) =>
        handleOutcome(await challenge.respond(code)),
      )
      break
    default:
      challenge satisfies never
  }
}

function askForTotp(username: string, respond: (code: string) => Promise<SubmitResult>): void {
  showTemplateSection('#second-factor')
  bindForm({
    form: '#second-factor-form',
    fields: { code: readCode },
    errors: { ...totpErrors('code'), 'attempts-exceeded': () => describeLockout(username) },
    submit: ({ code }) => respond(code),
  })
}

function askForFactor(respond: (factor: SecondFactor) => Promise<SubmitResult>): void {
  showTemplateSection('#factor-choice')
  for (const factor of ['authenticator-app', 'email-code'] as const) {
    bindForm({ form: `#choose-${factor}`, fields: {}, submit: () => respond(factor) })
  }
}

/** Says how this account can sign in: the page has these ways, and the focus goes to the first. */
function offerWays(ways: readonly SignInMethod[]): void {
  const places: Readonly<Record<SignInMethod, { readonly name: string; readonly target: string }>> =
    {
      password: { name: t('your password'), target: '#current-password' },
      passkey: { name: t('a passkey'), target: '#passkey [type=submit]' },
      'email-code': { name: t('a code by email'), target: '#email-code [type=submit]' },
    }
  const offered = ways
    .map((way) => places[way])
    .filter(({ target }) => requireElement(target, HTMLElement).checkVisibility())
  const [first] = offered
  if (!first) {
    announce(
      t(
        "You can't sign in to this account that way, and its other ways don't work in this browser.",
      ),
    )
    return
  }
  const names = new Intl.ListFormat(pageLanguage, { type: 'disjunction' }).format(
    offered.map(({ name }) => name),
  )
  announce(t("You can't sign in to this account that way. Use {ways}.", { ways: names }))
  requireElement(first.target, HTMLElement).focus()
}

function askForNewPassword(
  temporaryPassword: string,
  respond: (password: string) => Promise<SubmitResult>,
): void {
  showTemplateSection('#new-password-step')
  bindPasswordRules(requireElement('#new-password', HTMLInputElement))
  bindForm({
    form: '#new-password-form',
    fields: { 'new-password': createReplacementReader(() => temporaryPassword) },
    errors: newPasswordErrors('new-password'),
    submit: ({ 'new-password': password }) => respond(password),
  })
}
