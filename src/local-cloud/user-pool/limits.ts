/**
 * How often one user may fail or ask, and how long codes live: Cognito's figures unless told otherwise.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html
 */

import { SettingsError } from '../../shared/settings-error.ts'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext, Reply } from './operations/operation.ts'
import { type CodePurpose, codePurposes } from './store/store.ts'

/** Operations that count their calls for each user. */
export const limitedOperations = [
  'ChangePassword',
  'ConfirmForgotPassword',
  'ConfirmSignUp',
  'ForgotPassword',
  'GetUserAttributeVerificationCode',
  'ResendConfirmationCode',
  'VerifyUserAttribute',
] as const
export type LimitedOperation = (typeof limitedOperations)[number]

/** A limit that is `undefined` is switched off. */
export interface Limits {
  /** wrong passwords or second factors in a row after which a user must wait */
  readonly failedSignIns: number | undefined
  readonly callsPerHour: Readonly<Record<LimitedOperation, number | undefined>>
  readonly codeSeconds: Readonly<Record<CodePurpose, number>>
}

export const cognitoLimits: Limits = {
  failedSignIns: 5,
  callsPerHour: {
    ChangePassword: 5,
    ConfirmForgotPassword: 15,
    ConfirmSignUp: 15,
    ForgotPassword: 5,
    GetUserAttributeVerificationCode: 5,
    ResendConfirmationCode: 5,
    VerifyUserAttribute: 15,
  },
  codeSeconds: { 'sign-up': 86_400, attribute: 86_400, 'password-reset': 3600 },
}

/** Nobody waits and nobody is refused; codes still expire. */
export const noLimits: Limits = {
  ...cognitoLimits,
  failedSignIns: undefined,
  callsPerHour: {
    ChangePassword: undefined,
    ConfirmForgotPassword: undefined,
    ConfirmSignUp: undefined,
    ForgotPassword: undefined,
    GetUserAttributeVerificationCode: undefined,
    ResendConfirmationCode: undefined,
    VerifyUserAttribute: undefined,
  },
}

/**
 * @param assignments such as `ConfirmSignUp=3`, `SignIn=off`, `sign-up-code=60` (seconds)
 * @param limits what holds for everything that is not assigned
 * @throws {SettingsError} naming the assignment, and what there is to assign
 */
export function parseLimits(assignments: readonly string[], limits: Limits): Limits {
  return assignments.reduce(assignLimit, limits)
}

function assignLimit(limits: Limits, assignment: string): Limits {
  const [, name = '', written = ''] = /^([\w-]+)=(off|[1-9][0-9]{0,8})$/.exec(assignment) ?? []
  const value = written === 'off' ? undefined : Number(written)
  if (name === 'SignIn') return { ...limits, failedSignIns: value }
  const operation = limitedOperations.find((one) => one === name)
  if (operation) {
    return { ...limits, callsPerHour: { ...limits.callsPerHour, [operation]: value } }
  }
  const purpose = codePurposes.find((one) => `${one}-code` === name)
  if (purpose && value !== undefined) {
    return { ...limits, codeSeconds: { ...limits.codeSeconds, [purpose]: value } }
  }
  throw new SettingsError(
    `--limit ${assignment}`,
    `NAME=NUMBER or NAME=off, NAME one of SignIn, ${limitedOperations.join(', ')}; ` +
      `or NAME=SECONDS, NAME one of ${codePurposes.map((one) => `${one}-code`).join(', ')}`,
    'For example --limit ConfirmSignUp=3',
  )
}

/** milliseconds in which the calls of one user are counted */
const hourMs = 3_600_000
/** the longest wait after failed sign-ins, and how long until they are forgotten */
const longestWaitMs = 15 * 60_000

/**
 * Runs `change` as one more of this user's calls. The call counts whatever becomes of it, also for a
 * user who does not exist: the limit must not tell who does.
 *
 * @throws {CognitoError} LimitExceededException for one call too many, which is not counted
 */
export function countCall(
  { operation, username }: { operation: LimitedOperation; username: string },
  context: OperationContext,
  change: () => Reply,
): Reply {
  const { store, clock, limits } = context
  const limit = limits.callsPerHour[operation]
  if (limit === undefined) return change()
  const nowMs = clock.nowMs()
  store.forgetExpired(nowMs)
  const tally = { subject: toSubject(username, context), kind: operation }
  const found = store.findTally(tally)
  const isCurrent = found && isWithin(hourMs, found.atMs, nowMs)
  const count = isCurrent ? found.count : 0
  if (count >= limit) {
    throw new CognitoError(
      'LimitExceededException',
      'Attempt limit exceeded, please try after some time.',
    )
  }
  store.saveTally({ ...tally, count: count + 1, atMs: isCurrent ? found.atMs : nowMs })
  try {
    return store.attempt(change)
  } catch (error) {
    if (error instanceof CognitoError) return error
    throw error
  }
}

/** Whom something is counted against: the user, by whatever name, or the name of nobody. */
function toSubject(username: string, { store, disguise }: OperationContext): string {
  // Made for everyone: time must not tell who exists.
  const nobody = disguise(username)
  return store.findUser(username)?.sub ?? nobody.sub
}

/** @returns the refusal of a user who failed too often and has not waited long enough */
export function findLockout(
  subject: string,
  { store, clock, limits }: OperationContext,
): CognitoError | undefined {
  const { failedSignIns } = limits
  const failures = store.findTally({ subject, kind: 'SignIn' })
  if (failedSignIns === undefined || !failures || failures.count < failedSignIns) return undefined
  const waitMs = Math.min(1000 * 2 ** (failures.count - failedSignIns), longestWaitMs)
  if (!isWithin(waitMs, failures.atMs, clock.nowMs())) return undefined
  return new CognitoError('NotAuthorizedException', 'Password attempts exceeded')
}

export function countFailedSignIn(subject: string, { store, clock }: OperationContext): void {
  const nowMs = clock.nowMs()
  const failures = store.findTally({ subject, kind: 'SignIn' })
  const isCurrent = failures && isWithin(longestWaitMs, failures.atMs, nowMs)
  const count = (isCurrent ? failures.count : 0) + 1
  store.saveTally({ subject, kind: 'SignIn', count, atMs: nowMs })
}

export function forgetFailedSignIns(subject: string, { store }: OperationContext): void {
  store.deleteTally({ subject, kind: 'SignIn' })
}

/**
 * Whether so little time lies between the two. A clock that was set back a little changes nothing by
 * that; after one that was set back by more nobody waits for the time to come again.
 */
export function isWithin(spanMs: number, sinceMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - sinceMs) < spanMs
}
