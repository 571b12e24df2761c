/** Signing in, up to the tokens or the step that comes before them. */

import type { SignInOutcome } from '../auth/challenges.ts'
import type { Session } from '../auth/session/session.ts'
import * as auth from '../auth/sign-in.ts'
import type { BoundForm, SubmitEnd } from '../forms/bind-form.ts'
import { aboutPassword, orProblem } from '../forms/error-messages.ts'
import { prepareNextPage } from '../layout/prerender.ts'
import { fetchPart, whenIdle } from '../lib/lazy-import.ts'
import { carryEmail } from '../lib/tab-state.ts'
import { currentNext, goTo, replaceWith, routes, withNext } from '../routes.ts'
import { aboutLockout, countRefusal, forgetFailedSignIns } from '../sign-in/lockout.ts'

export function prepare(): void {
  whenIdle(auth.prepareSignIn)
}

let isAhead = false

/**
 * The rider turns to the password: asks for the challenge that it answers, and has the next page made. Once,
 * before her first try: what is asked in vain counts against the pool's limits.
 */
export function goAhead(user: { username: string }): void {
  if (isAhead) return
  isAhead = true
  auth.askAhead(user)
  prepareNextPage(currentNext() ?? routes.ride)
}

/** @param attempt `form` is the one that is sent, for when the sign-in must begin anew */
export async function signIn(attempt: {
  username: string
  password: string
  lasting: boolean
  form: BoundForm
}): Promise<SubmitEnd> {
  const { username, password, lasting, form } = attempt
  isAhead = true
  carryEmail(username)
  const refused = aboutPassword('current-password')
  const end = await orProblem(
    async () => goOn(await auth.signIn({ username, password, lasting }), { username, form }),
    {
      'incorrect-credentials': refused,
      'user-not-found': refused,
      ...aboutLockout(username),
    },
  )
  return typeof end === 'object' && 'text' in end && end.field ? countRefusal(end, username) : end
}

/** Signs in anew as a rider who is signed in; her session goes on with fresh tokens. @throws {AuthError} as `auth.signIn` */
export function proveIdentity(
  { username, isLasting: lasting }: Session,
  password: string,
): Promise<SignInOutcome> {
  return auth.signIn({ username, password, lasting })
}

/** Where a sign-in goes on, as the outcome of this or a later step says. */
async function goOn(
  outcome: SignInOutcome,
  signIn: { username: string; form: BoundForm },
): Promise<SubmitEnd> {
  const next = currentNext()
  switch (outcome.kind) {
    case 'signed-in':
      forgetFailedSignIns(signIn.username)
      return replaceWith(next ?? routes.ride)
    case 'unverified':
      return goTo(withNext(routes.verify, next), 'unverified')
    case 'reset-required':
      return goTo(withNext(routes.forgot, next), 'reset-required')
    case 'expired':
    case 'code-required':
    case 'new-password-required':
    case 'app-required': {
      const { showSignInStep } = await fetchPart(() => import('./signin-steps.ts'))
      return () =>
        showSignInStep(outcome, {
          ...signIn,
          goOn: (later) => goOn(later, signIn),
          aboutLockout: () => aboutLockout(signIn.username),
        })
    }
    default:
      return outcome satisfies never
  }
}
