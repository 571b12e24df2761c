/** The steps of a sign-in after the password, which few users come to: fetched when one does. */

import type { SignInOutcome } from '../auth/index.ts'
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
import { showStep, showTemplateStep } from '../layout/steps.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { describeLockout } from './lockout.ts'

export type ChallengeOutcome = Extract<
  SignInOutcome,
  {
    kind: 'challenge-expired' | 'totp-required' | 'new-password-required' | 'totp-setup-required'
  }
>

interface SignInSteps {
  /** as it was typed */
  readonly username: string
  readonly password: string
  /** the form of the first step */
  readonly form: BoundForm
  readonly handleOutcome: (outcome: SignInOutcome) => Promise<SubmitResult>
}

export function showChallenge(challenge: ChallengeOutcome, attempt: SignInSteps): void {
  const { username, form, handleOutcome } = attempt
  switch (challenge.kind) {
    case 'challenge-expired':
      form.clearErrors()
      showStep(requireElement('#credentials', HTMLElement))
      announce(challengeExpired)
      break
    case 'totp-required':
      askForTotp(username, async (code) => handleOutcome(await challenge.respond(code)))
      break
    case 'new-password-required':
      askForNewPassword(attempt, async (password) =>
        handleOutcome(await challenge.respond(password)),
      )
      break
    case 'totp-setup-required':
      showTemplateStep('#app-step')
      bindAuthenticatorSetup({ key: challenge.key, name: username }, async (code) =>
        handleOutcome(await challenge.respond(code)),
      )
      break
    default:
      challenge satisfies never
  }
}

function askForTotp(username: string, respond: (code: string) => Promise<SubmitResult>): void {
  showTemplateStep('#second-factor')
  bindForm({
    form: '#second-factor-form',
    fields: { code: readCode },
    errors: { ...totpErrors('code'), 'attempts-exceeded': () => describeLockout(username) },
    submit: ({ code }) => respond(code),
  })
}

function askForNewPassword(
  { username, password: temporaryPassword }: Pick<SignInSteps, 'username' | 'password'>,
  respond: (password: string) => Promise<SubmitResult>,
): void {
  showTemplateStep('#new-password-step')
  requireElement('#account', HTMLInputElement).value = username
  bindPasswordRules(requireElement('#new-password', HTMLInputElement))
  bindForm({
    form: '#new-password-form',
    fields: { 'new-password': createReplacementReader(() => temporaryPassword) },
    errors: newPasswordErrors('new-password'),
    submit: ({ 'new-password': password }) => respond(password),
  })
}
