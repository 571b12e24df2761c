/** Signing in with a password, by SRP: the password stays in this browser. */

import type { SignInOutcome } from './challenges.ts'
import { continueSignIn } from './continue-sign-in.ts'
import { createSrpAuth } from './srp/srp-auth.ts'
import { createPasswordSender } from './typed-password.ts'

/** Sends the current password of whoever changes it. */
export const sendCurrentPassword = createPasswordSender()

export interface Credentials {
  /** user name or email address */
  readonly username: string
  readonly password: string
  /** keeps the user signed in when the tab is closed; read when there are tokens */
  readonly rememberMe: boolean
}

const srpAuth = createSrpAuth()
const sendPassword = createPasswordSender()

/** Does the part of SRP that needs neither user name nor password. */
export function prepareSignIn(): void {
  srpAuth.prepare()
}

/** Requests the password challenge before the password is there. An error is reported by `signIn`. */
export function prefetchChallenge(user: { username: string }): void {
  srpAuth.prefetchChallenge(user)
}

/**
 * Proves the password and stores the tokens. Challenges come as outcomes, each with a function to respond; nothing
 * is stored before the last one.
 *
 * @throws {AuthError} `incorrect-credentials`, `attempts-exceeded`, `storage-unavailable`, or no response
 */
export function signIn(credentials: Credentials): Promise<SignInOutcome> {
  const { username } = credentials
  const proof = sendPassword(credentials, (password) =>
    srpAuth.provePassword({ username, password }),
  )
  return continueSignIn(proof, credentials)
}
