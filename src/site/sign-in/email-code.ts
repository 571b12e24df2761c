/** Signing in by an emailed code: fetched when one is asked for. */

import { codeLength, signInCodeLength } from '../../shared/confirmation-code.ts'
import {
  AuthError,
  type AuthErrorCode,
  type loadUserAuth,
  type SignInOutcome,
} from '../auth/index.ts'
import { bindForm } from '../forms/bind-form.ts'
import { createCodeReader, submitWhenComplete } from '../forms/code-field.ts'
import { forgetCode, noteCodeSent, resendSecondsLeft } from '../forms/emailed-codes.ts'
import { codeErrors } from '../forms/form-errors.ts'
import { bindResend } from '../forms/resend-code.ts'
import { done, type SubmitResult, submitError } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { showTemplateSection } from '../layout/steps.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { currentNext, routes, withNext } from '../routes.ts'
import { describeLockout } from './lockout.ts'

type UserAuth = Awaited<ReturnType<typeof loadUserAuth>>
export type EmailCodeOutcome = Extract<SignInOutcome, { kind: 'email-code-required' }>

/** what a pool says that tells who exists */
const unknownCodes: readonly AuthErrorCode[] = ['incorrect-credentials', 'user-not-found']

/** the challenge of the code that was emailed last */
let latest: { readonly username: string; readonly outcome: EmailCodeOutcome } | undefined

/** Has a code emailed, or opens the step of the one that was emailed just now: both buttons share one cool-down. */
export async function signInWithEmailCode(
  auth: UserAuth,
  attempt: { readonly username: string; readonly rememberMe: boolean },
  handleOutcome: (outcome: SignInOutcome, username: string) => Promise<SubmitResult>,
): Promise<SubmitResult> {
  const { username } = attempt
  const isJustSent = latest?.username === username && resendSecondsLeft(toEmailedCode(username)) > 0
  if (latest && isJustSent) return handleOutcome(latest.outcome, username)
  try {
    return await handleOutcome(
      noteRequested(username, await auth.requestEmailCode(attempt)),
      username,
    )
  } catch (error) {
    const isUnknown = error instanceof AuthError && unknownCodes.includes(error.code)
    if (!isUnknown) throw error
    const text = t(
      "We can't email a code for this account. Check the email or username, or sign in another way.",
    )
    return submitError({ text, field: 'username' })
  }
}

/** Shows the step for a code, and sends it by itself when it is complete. */
export function askForEmailCode(
  first: EmailCodeOutcome,
  {
    username,
    handleOutcome,
  }: {
    readonly username: string
    readonly handleOutcome: (outcome: SignInOutcome) => Promise<SubmitResult>
  },
): void {
  // Forward may show the step again, after another code was sent.
  let challenge = first.resend && latest?.username === username ? latest.outcome : first
  const length = first.resend ? signInCodeLength : codeLength
  showTemplateSection('#email-code-step')
  describeDestination(challenge)
  const wrongCode = {
    text: t("That code isn't right. Enter the one from our latest email."),
    field: 'code',
    selectField: true,
  }
  bindForm({
    form: '#email-code-form',
    fields: { code: createCodeReader(length) },
    errors: {
      ...codeErrors('code'),
      // Of a name that nobody has: it must read the same.
      'incorrect-credentials': wrongCode,
      'attempts-exceeded': () => describeLockout(username),
    },
    async submit({ code }) {
      const outcome = await challenge.respond(code)
      forgetCode(toEmailedCode(username))
      latest = undefined
      return handleOutcome(outcome)
    },
  })
  submitWhenComplete(
    {
      form: requireElement('#email-code-form', HTMLFormElement),
      code: requireElement('#code', HTMLInputElement),
    },
    () => true,
    length,
  )
  const { resend } = challenge
  const resendPlace = requireElement('#resend', HTMLElement)
  if (!resend) {
    // After a password there is an account, and its address is known.
    resendPlace.remove()
    return
  }
  resendPlace.after(describeUnverified())
  bindResend({
    fields: {},
    code: () => toEmailedCode(username),
    async resend() {
      const outcome = noteRequested(username, await resend())
      if (outcome.kind !== 'email-code-required') return handleOutcome(outcome)
      challenge = outcome
      return done()
    },
    describe: () => t('If this account exists, a new code is on its way.'),
  })
}

function noteRequested(username: string, outcome: SignInOutcome): SignInOutcome {
  if (outcome.kind !== 'email-code-required') return outcome
  latest = { username, outcome }
  noteCodeSent(toEmailedCode(username))
  return outcome
}

/** With a password before it, the account exists. */
function describeDestination({ destination, resend }: EmailCodeOutcome): void {
  const place = requireElement('#email-code-sent', HTMLElement)
  if (destination === undefined) {
    place.textContent = t('If this account exists, a code is on its way to its email address.')
  } else if (resend) {
    place.textContent = t('If this account exists, a code is on its way to {destination}.', {
      destination,
    })
  } else {
    place.textContent = t('We emailed a code to {destination}.', { destination })
  }
}

function describeUnverified(): HTMLElement {
  const sentence = t('No email after a few minutes? We email codes to verified addresses only.')
  const place = createElement('p', t('{sentence} {next}', { sentence, next: '' }), 'secondary')
  const link = createElement('a', t('Verify your email'))
  link.href = withNext(routes.verify, currentNext())
  place.append(link)
  return place
}

function toEmailedCode(username: string) {
  return { purpose: 'sign-in', to: username } as const
}
