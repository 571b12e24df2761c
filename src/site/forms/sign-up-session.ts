/**
 * The registration that this tab has begun: with the pool's session for it, and the code of the email, the rider is signed
 * in. The session is worth nothing without the code. It is forgotten when it is used, when another account is registered
 * here, and at sign-out; after a day it is not used any more, as the code is not.
 */

import { parseJsonObject } from '../lib/json.ts'
import { createUserValue } from '../lib/tab-state.ts'

export interface SignUpSession {
  readonly email: string
  /** of the response to SignUp; empty for a pool that gives none */
  readonly session: string
  /** whether the account has no password: a passkey is made as soon as the rider is signed in */
  readonly wantsPasskey: boolean
}

/** milliseconds; the code lives as long */
const lifetimeMs = 24 * 60 * 60_000

const stored = createUserValue('signUp')

/** Takes the place of another account's. */
export function keepSignUpSession(signUp: SignUpSession): void {
  if (signUp.session === '') stored.remove()
  else stored.write(JSON.stringify({ ...signUp, keptAtMs: Date.now() }))
}

/** @returns `undefined` unless this tab has registered this address, not longer than a day ago */
export function findSignUpSession(address: string): SignUpSession | undefined {
  const { email, session, wantsPasskey, keptAtMs } = parseJsonObject(stored.read() ?? '') ?? {}
  if (typeof email !== 'string' || typeof session !== 'string') return undefined
  const ageMs = Date.now() - Number(keptAtMs)
  if (!(ageMs >= 0 && ageMs < lifetimeMs)) {
    stored.remove()
    return undefined
  }
  const isSame = email.toLowerCase() === address.toLowerCase()
  return isSame ? { email, session, wantsPasskey: wantsPasskey === true } : undefined
}

export function forgetSignUpSession(): void {
  stored.remove()
}
