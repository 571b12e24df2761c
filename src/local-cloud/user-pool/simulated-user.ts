/**
 * Values for users who do not exist, so that responses do not reveal which users do (the client setting
 * `PreventUserExistenceErrors: ENABLED`). The same user name always gives the same values within a pool.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
 */

import { createHmac } from 'node:crypto'
import type { Random } from '../ports.ts'
import { type Contact, findContactAttribute, verificationFlagOf } from './contacts.ts'
import { type UserPoolSettings, usernameModels } from './settings.ts'
import { N } from './srp/group.ts'
import { loadSecret, type Store, type User } from './store/store.ts'

const keyBytes = 32

export interface SimulatedUser {
  /** shaped like a random (version 4) uuid */
  readonly sub: string
  readonly saltHex: string
  readonly verifierHex: string
  /** id of a passkey, base64url, for every second one */
  readonly credentialId: string | undefined
}

export type SimulateUser = (username: string) => SimulatedUser

/** The key is a secret of the store, so that the values stay the same after a restart. */
export function loadUserSimulator(store: Store, random: Random): SimulateUser {
  const keyHex = loadSecret(store, 'disguise-key', () => random.bytes(keyBytes).toString('hex'))
  const key = Buffer.from(keyHex, 'hex')

  const derive = (purpose: string, username: string) =>
    createHmac('sha256', key).update(`${purpose}\u0000${username.toLowerCase()}`).digest('hex')

  return (username) => {
    const digits = derive('sub', username)
    return {
      sub: [
        digits.slice(0, 8),
        digits.slice(8, 12),
        `4${digits.slice(13, 16)}`,
        `${'89ab'.charAt(Number(`0x${digits.charAt(16)}`) % 4)}${digits.slice(17, 20)}`,
        digits.slice(20, 32),
      ].join('-'),
      // Without leading zeros, like the salt of a user who exists.
      saltHex: BigInt(`0x${derive('salt', username).slice(0, 32)}`).toString(16),
      verifierHex: (BigInt(`0x${derive('verifier', username).repeat(12)}`) % N).toString(16),
      credentialId:
        Number(`0x${digits.charAt(12)}`) % 2 === 0
          ? Buffer.from(derive('passkey', username), 'hex').toString('base64url')
          : undefined,
    }
  }
}

/** @returns where a code for this user would be sent: the name that was typed, or something made up */
export function toSimulatedContact(
  username: string,
  { saltHex }: SimulatedUser,
  settings: UserPoolSettings,
): Contact {
  const typed = findContactAttribute(username)
  if (typed !== undefined) return { attribute: typed, address: username }
  if (username.includes('@')) return { attribute: 'email', address: username }
  if (isKnownByPhone(settings)) {
    const digits = String(BigInt(`0x${saltHex}`))
      .slice(-10)
      .padStart(10, '0')
    return { attribute: 'phone_number', address: `+1${digits}` }
  }
  const initials = saltHex.replace(/[0-9]/g, '')
  return { attribute: 'email', address: `${initials.charAt(0)}@${initials.charAt(1)}` }
}

/** Whether most users of the pool have a phone number and no email address. */
function isKnownByPhone({ usernameModel, autoVerifiedAttributes }: UserPoolSettings): boolean {
  const { contacts } = usernameModels[usernameModel]
  const known = contacts.length > 0 ? contacts : [...autoVerifiedAttributes]
  return known.includes('phone_number') && !known.includes('email')
}

/** @returns a user like most: confirmed, with a password and a verified address, and nothing in the store */
export function createSimulatedAccount(
  username: string,
  simulated: SimulatedUser,
  settings: UserPoolSettings,
): User {
  const { sub, saltHex, verifierHex } = simulated
  const { attribute, address } = toSimulatedContact(username, simulated, settings)
  return {
    sub,
    saltHex,
    verifierHex,
    username: sub,
    status: 'CONFIRMED',
    enabled: true,
    hasPassword: true,
    temporaryUntilMs: undefined,
    attributes: new Map([
      [attribute, address],
      [verificationFlagOf[attribute], 'true'],
    ]),
    createdAtMs: 0,
    modifiedAtMs: 0,
  }
}
