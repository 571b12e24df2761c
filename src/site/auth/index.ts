/**
 * What the rest of the site may import of this folder. Whoever signs up or resets a password calls `loadSignUpAndReset` first,
 * and whoever signs in `loadSignIn`: these modules, the latter with the client library, are fetched when the page is idle
 * or at the first submit. The session is at hand at once: headers and protected pages ask for it before they show anything.
 *
 * @see docs/decisions/0015-one-face-for-auth.md
 */

import { lazyImport } from '../lib/lazy-import.ts'

export {
  type AccountDetails,
  changeEmail,
  changePassword,
  deleteAccount,
  getAccountDetails,
  sendEmailCode,
  verifyEmail,
} from './account-settings.ts'
export { loadServiceErrors } from './api-client.ts'
export { AuthError, type AuthErrorCode, type AuthErrorReason } from './auth-error.ts'
export type { SecondFactor, SignInOutcome } from './challenges.ts'
export { serviceNowMs } from './clock-skew.ts'
export type { AddPasskeyOutcome, Passkey } from './passkeys.ts'
export { preconnectToUserPool } from './preconnect.ts'
export { onSessionChange, wasSignedOut } from './session/cross-tab.ts'
export { joinSession } from './session/join-session.ts'
export type { Jwt } from './session/jwt.ts'
export { readSession, refreshSession } from './session/refresh.ts'
export { clearSession, isRecentSignIn, type Session, type User } from './session/session.ts'
export { signOut, signOutEverywhere } from './session/sign-out.ts'
export { isSignedIn } from './session/token-storage.ts'
export type {
  NoPasskey,
  PasskeyChallenge,
  PasskeyOutcome,
  UserAuthAttempt,
} from './user-auth.ts'

/** @throws {NetworkError} when the module cannot be fetched */
export const loadSignUpAndReset = lazyImport(() => import('./sign-up-and-reset.ts'))

/**
 * Apart from `loadSignUpAndReset`, because only signing in needs the client library: 5 kB.
 *
 * @throws {NetworkError} when the module cannot be fetched
 */
export const loadSignIn = lazyImport(() => import('./sign-in.ts'))

/**
 * Signing in without a password: by a passkey, an emailed code, or the session of a sign-up.
 *
 * @throws {NetworkError} when the module cannot be fetched
 */
export const loadUserAuth = lazyImport(() => import('./user-auth.ts'))

/**
 * The passkeys of whoever is signed in.
 *
 * @throws {NetworkError} when the module cannot be fetched
 */
export const loadPasskeys = lazyImport(() => import('./passkeys.ts'))

/**
 * The authenticator app of whoever is signed in.
 *
 * @throws {NetworkError} when the module cannot be fetched
 */
export const loadAuthenticatorApp = lazyImport(() => import('./authenticator-app.ts'))
