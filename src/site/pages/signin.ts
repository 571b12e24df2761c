/**
 * Sign-in page. Leaves to where the rider wanted to go, or to verify or reset when those come first; a second
 * factor or a new password is asked for here.
 */

import { bindAuthenticatorSetup } from '../account/authenticator-setup.ts'
import { auth } from '../auth/auth.ts'
import type { SignInOutcome } from '../auth/sign-in.ts'
import { bindCarriedEmail } from '../carried-email.ts'
import { createNameReader, readCode, readNewPassword, readPassword } from '../fields.ts'
import { greetArrival, startPage } from '../frame.ts'
import {
  carriedKeepSignedIn,
  carryEmail,
  carryKeepSignedIn,
  forgetFailedSignIns,
  noteFailedSignIn,
  signInWaitLeft,
} from '../journey.ts'
import { messages } from '../messages.ts'
import { bindPasswordRules } from '../password-rules.ts'
import {
  aboutAppCode,
  aboutNewPassword,
  aboutPassword,
  describeProblem,
  type ProblemsByCode,
} from '../problems.ts'
import { currentNext, goTo, replaceWith, routes, withNext } from '../routes.ts'
import { requireElement } from '../ui/elements.ts'
import { bindForm, type Problem, type SubmitEnd } from '../ui/form.ts'
import { announce } from '../ui/status.ts'
import { openStep, showStep } from '../ui/steps.ts'

const username = requireElement('#username', HTMLInputElement)
const keepSignedIn = requireElement('#keep-signed-in', HTMLInputElement)

if (startPage()) {
  bindCarriedEmail(username)
  keepSignedIn.checked ||= carriedKeepSignedIn()
  keepSignedIn.addEventListener('change', () => carryKeepSignedIn(keepSignedIn.checked))
  greetArrival()
  const form = bindForm({
    form: '#signin',
    fields: {
      username: createNameReader(messages.usernameMissing),
      'current-password': readPassword,
    },
    words: messages,
    describe: describeRefusal,
    submit: signIn,
  })
  auth.prepareSignIn()

  async function signIn(typed: {
    username: string
    'current-password': string
  }): Promise<SubmitEnd> {
    carryEmail(typed.username)
    const outcome = await auth.signIn({
      username: typed.username,
      password: typed['current-password'],
      lasting: keepSignedIn.checked,
    })
    return goOn(outcome, typed.username)
  }

  function goOn(outcome: SignInOutcome, name: string): SubmitEnd {
    const next = currentNext()
    switch (outcome.kind) {
      case 'signed-in':
        forgetFailedSignIns(name)
        return replaceWith(next ?? routes.ride)
      case 'unverified':
        return goTo(withNext(routes.verify, next), 'unverified')
      case 'reset-required':
        return goTo(withNext(routes.forgot, next), 'reset-required')
      case 'expired':
        return () => {
          form.clearProblems()
          showStep(requireElement('#credentials', HTMLElement))
          announce(messages.signInExpired)
        }
      case 'code-required':
        return () => askForCode(async (code) => goOn(await outcome.answer(code), name))
      case 'new-password-required':
        return () =>
          askForPassword(name, async (proposed) => goOn(await outcome.answer(proposed), name))
      case 'app-required':
        return () => {
          openStep('#app-step')
          bindAuthenticatorSetup({ key: outcome.key, name }, async (code) =>
            goOn(await outcome.answer(code), name),
          )
        }
      default:
        return outcome satisfies never
    }
  }
}

function askForCode(submit: (code: string) => Promise<SubmitEnd>): void {
  openStep('#second-factor')
  bindForm({
    form: '#second-factor-form',
    fields: { code: readCode },
    words: messages,
    describe: (error) => describeProblem(error, { ...aboutAppCode('code'), ...aboutLockout() }),
    submit: ({ code }) => submit(code),
  })
}

function askForPassword(name: string, submit: (password: string) => Promise<SubmitEnd>): void {
  openStep('#new-password-step')
  requireElement('#account', HTMLInputElement).value = name
  bindPasswordRules(requireElement('#new-password', HTMLInputElement))
  bindForm({
    form: '#new-password-form',
    fields: { 'new-password': readNewPassword },
    words: messages,
    describe: (error) => describeProblem(error, aboutNewPassword('new-password')),
    submit: ({ 'new-password': proposed }) => submit(proposed),
  })
}

/** After a refusal the password is typed anew; the name stays. The same words for everyone. */
function describeRefusal(error: unknown): Problem {
  const name = username.value.trim()
  const refused = aboutPassword('current-password')
  const problem = describeProblem(error, {
    'incorrect-credentials': refused,
    'user-not-found': refused,
    ...aboutLockout(),
  })
  if (problem.field !== 'current-password') return problem
  noteFailedSignIn(name, Date.now())
  const seconds = signInWaitLeft(name, Date.now())
  if (seconds === 0) return problem
  return { ...problem, text: messages.incorrectAndLocked(seconds), links: [resetLink()] }
}

/** How long, as far as this tab can know. */
function aboutLockout(): ProblemsByCode {
  const seconds = signInWaitLeft(username.value.trim(), Date.now())
  return {
    'attempts-exceeded': {
      ...(seconds > 0 && { text: messages.lockedOut(seconds) }),
      links: [resetLink()],
    },
  }
}

function resetLink() {
  return { text: messages.lockedOutReset, href: withNext(routes.forgot, currentNext()) }
}
