/** Signing in, as the pages see it; the client library comes along, and with it the arithmetic of SRP. */

import { fetchPart } from '../lib/lazy-import.ts'
import { orOutcome } from './auth-error.ts'
import type { SignInOutcome } from './challenges.ts'
import { parseTokens } from './session/jwt.ts'
import { beginSession } from './session/start-session.ts'
import { createPasswordProof } from './srp/srp-auth.ts'
import { requireUserPool } from './user-pool.ts'

interface Credentials {
  readonly username: string
  readonly password: string
  /** keeps the rider signed in when the tab is closed */
  readonly lasting: boolean
}

const { call, clientId, settings } = requireUserPool()
const proof = createPasswordProof({ call, clientId, settings })

/** Does what of a sign-in can be done before its credentials are there. */
export function prepareSignIn(): void {
  proof.prepare()
}

/** Does what of a sign-in can be done before its password is there; a failure is met again by `signIn`. */
export function askAhead(user: { username: string }): void {
  proof.askAhead(user)
}

/**
 * Proves the password by SRP and keeps the tokens; the password stays in this browser. Further steps come as
 * outcomes, each with a way to answer it; nothing is kept before the last one.
 *
 * @throws {AuthError} `incorrect-credentials`, `attempts-exceeded`, `storage-unavailable`, or no answer
 */
export function signIn(credentials: Credentials): Promise<SignInOutcome> {
  return orOutcome<SignInOutcome>(proveAndGoOn(credentials), {
    'user-not-confirmed': { kind: 'unverified' },
    'password-reset-required': { kind: 'reset-required' },
  })
}

async function proveAndGoOn({ lasting, ...credentials }: Credentials): Promise<SignInOutcome> {
  const { answer, username } = await proof.prove(credentials)
  const finish = (result: unknown) =>
    beginSession({ ...parseTokens(result), username }, { lasting })
  if (answer.ChallengeName) {
    const { goOn } = await fetchPart(() => import('./challenges.ts'))
    return goOn(answer, { call, clientId, username, finish })
  }
  finish(answer.AuthenticationResult)
  return { kind: 'signed-in' }
}
