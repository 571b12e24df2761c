/** Ids that a person has chosen, so that an app that has ids of AWS committed starts unchanged. */

import { SettingsError } from '../../shared/settings-error.ts'
import { localPool } from './local-pool.ts'

export interface ChosenIds {
  readonly userPoolId?: string | undefined
  readonly clients?: readonly ChosenClientId[]
}

export interface ChosenClientId {
  /** logical name of the client in the template; `undefined` for the first one */
  readonly name: string | undefined
  readonly id: string
}

/** Patterns of the service model; a pool id begins with its region, which clients take from it. */
const userPoolIdPattern = /^([a-z]{2}(?:-[a-z]+)+-[0-9]{1,2})_[0-9a-zA-Z]+$/
const maxUserPoolIdLength = 55
const clientIdPattern = /^[\w+]{1,128}$/

/** @throws {SettingsError} for a text that is no id of a user pool */
export function parseUserPoolId(text: string): string {
  if (userPoolIdPattern.test(text) && text.length <= maxUserPoolIdLength) return text
  throw new SettingsError(
    `--user-pool-id ${text}`,
    `a region, an underscore, and letters and digits, at most ${maxUserPoolIdLength} characters`,
    'For example --user-pool-id eu-west-1_AbCdEf123',
  )
}

/** @returns such as `eu-west-1` */
export function toRegion(userPoolId: string): string {
  return userPoolIdPattern.exec(userPoolId)?.[1] ?? localPool.region
}

/**
 * @param text `ID`, or `NAME=ID` with the logical name of a client
 * @throws {SettingsError} for a text that is neither
 */
export function parseClientId(text: string): ChosenClientId {
  const [, name, id = ''] = /^(?:([0-9A-Za-z]+)=)?(.*)$/s.exec(text) ?? []
  if (clientIdPattern.test(id)) return { name, id }
  throw new SettingsError(
    `--client-id ${text}`,
    'an id of letters, digits, _ and +, at most 128 characters, or NAME=ID with the logical name of a client',
    'For example --client-id 1example23456789, or --client-id LodgeWeb=1example23456789',
  )
}
