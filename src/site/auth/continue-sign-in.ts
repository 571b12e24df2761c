/** What comes after a user has shown who they are: tokens, which begin the session, or a challenge. */

import { lazyImport } from '../lib/lazy-import.ts'
import type { ResponseBody } from './api-client.ts'
import { catchOutcome } from './auth-error.ts'
import type { SignInOutcome } from './challenges.ts'
import { startSession } from './session/start-session.ts'

/** Few sign-ins have a challenge after the first factor: how to respond is fetched when one comes. */
const loadChallenges = lazyImport(() => import('./challenges.ts'))

/**
 * Continues a sign-in with the response to its first factor. Nothing is stored before the last challenge.
 *
 * @param call `username`: who signs in, as responses to further challenges name them
 * @param attempt `rememberMe` is read when there are tokens: until then the user may have gone back and changed it
 * @throws {AuthError} `unsupported-challenge`, `storage-unavailable`, and the operation's own errors
 * @throws {NetworkError} when the module for a challenge cannot be fetched
 */
export function continueSignIn(
  call: Promise<{ readonly response: ResponseBody; readonly username: string }>,
  attempt: { readonly rememberMe: boolean },
): Promise<SignInOutcome> {
  return catchOutcome<SignInOutcome>(handleResponse(call, attempt), {
    'user-not-confirmed': { kind: 'unverified' },
    'password-reset-required': { kind: 'reset-required' },
  })
}

async function handleResponse(
  call: Promise<{ response: ResponseBody; username: string }>,
  options: { readonly rememberMe: boolean },
): Promise<SignInOutcome> {
  const { response, username } = await call
  const attempt = {
    username,
    startSession: (result: unknown) =>
      startSession(result, { username, rememberMe: options.rememberMe }),
  }
  if (response.ChallengeName) return (await loadChallenges()).handleChallenge(response, attempt)
  attempt.startSession(response.AuthenticationResult)
  return { kind: 'signed-in' }
}
