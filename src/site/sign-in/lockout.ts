/** What this tab knows of refused sign-ins, and how long the service is likely to make a name wait. */

import { lockoutWords } from '#words/lockout.ts'
import type { Link, Problem } from '../forms/bind-form.ts'
import type { ProblemsByCode } from '../forms/error-messages.ts'
import { prefix } from '../lib/tab-state.ts'
import { tabStorage } from '../lib/web-storage.ts'
import { currentNext, routes, withNext } from '../routes.ts'

/** failures in a row from which on the service makes a user wait, and its longest wait */
const freeFailures = 5
const longestWaitMs = 15 * 60_000

/**
 * Counts a refused sign-in of this name.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html
 */
function noteFailedSignIn(name: string, nowMs: number): void {
  const { count, atMs } = readFailures(name)
  const next = nowMs - atMs < longestWaitMs ? count + 1 : 1
  tabStorage.write(`${prefix}failures.${name.toLowerCase()}`, `${next} ${nowMs}`)
}

export function forgetFailedSignIns(name: string): void {
  tabStorage.remove(`${prefix}failures.${name.toLowerCase()}`)
}

/**
 * How long the service is likely to refuse this name: it doubles with each failure. Others may have tried
 * too, so this is an estimate.
 *
 * @returns whole seconds; 0 when this tab knows of no reason to wait
 */
function signInWaitLeft(name: string, nowMs: number): number {
  const { count, atMs } = readFailures(name)
  if (count < freeFailures) return 0
  const waitMs = Math.min(1000 * 2 ** (count - freeFailures), longestWaitMs)
  return Math.min(Math.max(Math.ceil((atMs + waitMs - nowMs) / 1000), 0), longestWaitMs / 1000)
}

function readFailures(name: string): { count: number; atMs: number } {
  const stored = tabStorage.read(`${prefix}failures.${name.toLowerCase()}`) ?? ''
  const [, count = '0', atMs = '0'] = /^(\d{1,4}) (\d{1,16})$/.exec(stored) ?? []
  return { count: Number(count), atMs: Number(atMs) }
}

/** After a refusal the password is typed anew; the name stays. The same words for everyone. */
export function countRefusal(problem: Problem, name: string): Problem {
  noteFailedSignIn(name, Date.now())
  const seconds = signInWaitLeft(name, Date.now())
  if (seconds === 0) return problem
  return { ...problem, text: lockoutWords.incorrectAndLocked(seconds), links: [resetLink()] }
}

/** How long, as far as this tab can know. */
export function aboutLockout(name: string): ProblemsByCode {
  const seconds = signInWaitLeft(name, Date.now())
  return {
    'attempts-exceeded': {
      ...(seconds > 0 && { text: lockoutWords.lockedOut(seconds) }),
      links: [resetLink()],
    },
  }
}

function resetLink(): Link {
  return { text: lockoutWords.resetPassword, href: withNext(routes.forgot, currentNext()) }
}
