/** The steps of a sign-in after the password, which few riders come to. */

import { formWords } from '#words/form.ts'
import { signInWords } from '#words/sign-in.ts'
import type { SignInOutcome } from '../auth/challenges.ts'
import { bindAuthenticatorSetup } from '../forms/authenticator-setup.ts'
import { type BoundForm, bindForm, type SubmitEnd } from '../forms/bind-form.ts'
import { readCode } from '../forms/code-field.ts'
import { aboutAppCode, orProblem, type ProblemsByCode } from '../forms/error-messages.ts'
import {
  aboutNewPassword,
  bindPasswordRules,
  readNewPassword,
} from '../forms/new-password-field.ts'
import { openStep, showStep } from '../layout/steps.ts'
import { requireElement } from '../lib/elements.ts'
import { announce } from '../lib/live-region.ts'

export type SignInStep = Extract<
  SignInOutcome,
  { kind: 'expired' | 'code-required' | 'new-password-required' | 'app-required' }
>

interface SignIn {
  readonly username: string
  /** the form of the first step */
  readonly form: BoundForm
  /** takes what a step comes to */
  readonly goOn: (outcome: SignInOutcome) => Promise<SubmitEnd>
  /** what a refusal means after too many tries */
  readonly aboutLockout: () => ProblemsByCode
}

export function showSignInStep(step: SignInStep, signIn: SignIn): void {
  const { username, form, goOn } = signIn
  switch (step.kind) {
    case 'expired':
      form.clearProblems()
      showStep(requireElement('#credentials', HTMLElement))
      announce(signInWords.expired)
      break
    case 'code-required':
      askForCode(signIn, async (code) => goOn(await step.answer(code)))
      break
    case 'new-password-required':
      askForPassword(username, async (proposed) => goOn(await step.answer(proposed)))
      break
    case 'app-required':
      openStep('#app-step')
      bindAuthenticatorSetup({ key: step.key, name: username }, async (code) =>
        goOn(await step.answer(code)),
      )
      break
    default:
      step satisfies never
  }
}

function askForCode({ aboutLockout }: SignIn, submit: (code: string) => Promise<SubmitEnd>): void {
  openStep('#second-factor')
  bindForm({
    form: '#second-factor-form',
    fields: { code: readCode },
    words: formWords,
    submit: ({ code }) =>
      orProblem(() => submit(code), { ...aboutAppCode('code'), ...aboutLockout() }),
  })
}

function askForPassword(username: string, submit: (password: string) => Promise<SubmitEnd>): void {
  openStep('#new-password-step')
  requireElement('#account', HTMLInputElement).value = username
  bindPasswordRules(requireElement('#new-password', HTMLInputElement))
  bindForm({
    form: '#new-password-form',
    fields: { 'new-password': readNewPassword },
    words: formWords,
    submit: ({ 'new-password': proposed }) =>
      orProblem(() => submit(proposed), aboutNewPassword('new-password')),
  })
}
