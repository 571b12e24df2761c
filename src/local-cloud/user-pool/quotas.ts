/** Quotas of an account: requests a second by category, emails a day. There are none unless they are asked for. */

import {
  cognitoSenderQuota,
  isQuotaCategory,
  type QuotaCategoryName,
  quotaCategories,
  quotaCategoryNames,
} from '../../shared/cognito-quotas.ts'
import { SettingsError } from '../../shared/settings-error.ts'
import { didYouMean } from './did-you-mean.ts'
import type { UserPoolSettings } from './settings.ts'

export interface Quotas {
  /** a category that is not in it has no quota */
  readonly requestsPerSecond: ReadonlyMap<QuotaCategoryName, number>
  /** emails of whatever sender; `undefined`: no quota */
  readonly emailsPerDay: number | undefined
  /** emails of a pool that Cognito's own sender sends for, where `emailsPerDay` says nothing */
  readonly cognitoSenderEmailsPerDay: number | undefined
}

export const noQuotas: Quotas = {
  requestsPerSecond: new Map(),
  emailsPerDay: undefined,
  cognitoSenderEmailsPerDay: undefined,
}

export const awsQuotas: Quotas = {
  requestsPerSecond: new Map(
    quotaCategoryNames().map((name) => [name, quotaCategories[name].requestsPerSecond]),
  ),
  emailsPerDay: undefined,
  cognitoSenderEmailsPerDay: cognitoSenderQuota.emailsPerDay,
}

const emails = 'EmailsPerDay'

/**
 * @param assignments such as `aws` for all of AWS's, `UserAuthentication=5`, `EmailsPerDay=50`, `UserCreation=off`; a
 *   later one wins
 * @throws {SettingsError} naming the assignment, and what a misspelled name may have meant
 */
export function parseQuotas(assignments: readonly string[]): Quotas {
  return assignments.reduce(assignQuota, noQuotas)
}

function assignQuota(quotas: Quotas, assignment: string): Quotas {
  if (assignment === 'aws') return awsQuotas
  const names = [...quotaCategoryNames(), emails]
  const [, name = assignment, written = ''] = /^([^=]*)=(.*)$/s.exec(assignment) ?? []
  if (name !== emails && !isQuotaCategory(name)) {
    throw new SettingsError(
      `--quota ${assignment}`,
      `aws, or NAME=NUMBER or NAME=off, NAME one of ${names.join(', ')}${didYouMean(name, [...names, 'aws'])}`,
      'For example --quota UserAuthentication=120',
    )
  }
  const value = parseValue(written)
  if (value === undefined) {
    throw new SettingsError(
      `--quota ${assignment}`,
      `${name}=NUMBER, a whole number from 1 to 999999999, or ${name}=off`,
      `For example --quota ${name}=${isQuotaCategory(name) ? quotaCategories[name].requestsPerSecond : cognitoSenderQuota.emailsPerDay}`,
    )
  }
  if (!isQuotaCategory(name)) {
    return value === 'off'
      ? { ...quotas, emailsPerDay: undefined, cognitoSenderEmailsPerDay: undefined }
      : { ...quotas, emailsPerDay: value }
  }
  const requestsPerSecond = new Map(quotas.requestsPerSecond)
  if (value === 'off') requestsPerSecond.delete(name)
  else requestsPerSecond.set(name, value)
  return { ...quotas, requestsPerSecond }
}

/** @returns `undefined` for a text that is neither */
function parseValue(written: string): number | 'off' | undefined {
  if (written === 'off') return 'off'
  return /^[1-9][0-9]{0,8}$/.test(written) ? Number(written) : undefined
}

/** @returns emails a day of a pool with these settings; `undefined`: no quota */
export function findEmailQuota(
  quotas: Quotas,
  { emailSendingAccount }: Pick<UserPoolSettings, 'emailSendingAccount'>,
): number | undefined {
  if (quotas.emailsPerDay !== undefined) return quotas.emailsPerDay
  return emailSendingAccount === 'COGNITO_DEFAULT' ? quotas.cognitoSenderEmailsPerDay : undefined
}

/** @returns what the terminal says of the quotas of a pool at start; nothing where there are none */
export function toQuotaLines({
  quotas,
  settings,
}: {
  readonly quotas: Quotas
  readonly settings: Pick<UserPoolSettings, 'emailSendingAccount'>
}): readonly string[] {
  const rates = [...quotas.requestsPerSecond].map(([name, rate]) => `${name} ${rate}`)
  const perDay = findEmailQuota(quotas, settings)
  return [
    ...(rates.length > 0 ? [`Quotas   ${rates.join(', ')} a second`] : []),
    ...(perDay === undefined ? [] : [`Quotas   ${emails} ${perDay}`]),
  ]
}
