/**
 * Limits: calls and failed sign-ins of one user, lifetime of codes. Cognito's figures are the default.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/limits.html
 */

import { SettingsError } from '../../shared/settings-error.ts'
import type { CodePurpose } from './store/store.ts'

/** Operations with a limit of calls an hour for each user. */
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

/** Codes whose lifetime can be set. */
export const limitedCodes = [
  'sign-up',
  'attribute',
  'password-reset',
] as const satisfies readonly CodePurpose[]
export type LimitedCode = (typeof limitedCodes)[number]

/** `undefined` means no limit. */
export interface Limits {
  /** wrong passwords or MFA codes in a row after which a user is locked out */
  readonly failedSignIns: number | undefined
  readonly callsPerHour: Readonly<Record<LimitedOperation, number | undefined>>
  readonly codeSeconds: Readonly<Record<LimitedCode, number>>
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

/** No lockout and no limit of calls; codes still expire. */
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
 * @param limits the limits to change
 * @throws {SettingsError} naming the assignment and the names that can be assigned
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
  const purpose = limitedCodes.find((one) => `${one}-code` === name)
  if (purpose && value !== undefined) {
    return { ...limits, codeSeconds: { ...limits.codeSeconds, [purpose]: value } }
  }
  throw new SettingsError(
    `--limit ${assignment}`,
    `NAME=NUMBER or NAME=off, NAME one of SignIn, ${limitedOperations.join(', ')}; ` +
      `or NAME=SECONDS, NAME one of ${limitedCodes.map((one) => `${one}-code`).join(', ')}`,
    'For example --limit ConfirmSignUp=3',
  )
}
