/**
 * What the pool says about users it does not have, when `PreventUserExistenceErrors` is ENABLED: the
 * same shapes, stable for a name, different between names and pools, and the same work done.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
 */

import { createHmac, randomBytes } from 'node:crypto'
import { N } from './srp/group.ts'
import { loadSecret, type Store } from './store/store.ts'

export interface DisguisedUser {
  readonly sub: string
  readonly saltHex: string
  readonly verifierHex: string
}

export type Disguise = (username: string) => DisguisedUser

export function loadDisguise(store: Store): Disguise {
  const key = Buffer.from(
    loadSecret(store, 'disguise-key', () => randomBytes(32).toString('hex')),
    'hex',
  )

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
      // Without leading zeros, as a real salt travels.
      saltHex: BigInt(`0x${derive('salt', username).slice(0, 32)}`).toString(16),
      verifierHex: (BigInt(`0x${derive('verifier', username).repeat(12)}`) % N).toString(16),
    }
  }
}

/** `f***@e***` for an address, as Cognito masks what it tells a stranger. */
export function maskEmail(email: string): string {
  const [name = '', domain = ''] = email.split('@')
  return `${[...name][0] ?? ''}***@${[...domain][0] ?? ''}***`
}
