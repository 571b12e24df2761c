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
import { endStep, openStep, showSection, showTemplateSection } from '../layout/steps.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'
import { lastUsername, rememberEmail } from '../lib/tab-state.ts'
import { describeLockout } from './lockout.ts'

export type ChallengeOutcome = Extract<
  SignInOutcome,
  {
    kind: 'challenge-expired' | 'totp-required' | 'new-password-required' | 'totp-setup-required'
  }
>

interface SignInAttempt {
  /** as it was typed */
  readonly username: string
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
    announce(challengeExpired)
    return
  }
  openStep({
    name: stepName,
    reopens: true,
    show() {
      attempt.form.clearErrors()
      showForm(challenge, attempt)
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
  challenge: Exclude<ChallengeOutcome, { kind: 'challenge-expired' }>,
  { username, password, handleOutcome }: SignInAttempt,
): void {
  switch (challenge.kind) {
    case 'totp-required':
      askForTotp(username, async (code) => handleOutcome(await challenge.respond(code)))
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
