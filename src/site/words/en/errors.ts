/** What a refusal, or no answer, means to the rider and what to do about it. No codes, no blame. */

import type { AuthErrorCode } from '../../auth/auth-error.ts'
import { formWords } from './form.ts'

const incorrect = 'The email or username and the password do not match. Enter them again.'

export const authErrorWords = {
  'account-disabled':
    'This account cannot be used at the moment. Ask the operator of this site about it.',
  'already-confirmed': 'This email address is already verified. You can sign in.',
  'attempts-exceeded':
    'There were too many tries. Wait a few minutes, a quarter of an hour at most, then try again.',
  'blocked-by-policy':
    'The security headers of this site keep it from its service. Ask the operator of this site.',
  'code-expired': 'This code no longer works. Ask for a new one.',
  'code-mismatch': 'This code is not right. Check the newest email from us and enter its code.',
  'delivery-failed':
    'The email could not be sent. Check the address, or try again in a few minutes.',
  'incorrect-credentials': incorrect,
  'invalid-input': 'The service did not accept this. Check what you entered and try again.',
  'limit-exceeded': 'That was tried too often. It can take up to an hour until you can try again.',
  network: formWords.network,
  'not-configured': 'This site is not set up yet, so nobody can sign in.',
  offline: 'You seem to be offline. Try again when you have a connection.',
  'password-rejected': 'The service did not accept this password. Choose another one.',
  'password-reset-required': 'This account needs a new password. Reset it to go on.',
  'reset-by-operator': 'Passwords are reset by the operator of this site only.',
  'reset-impossible': 'The password of this account cannot be reset at the moment.',
  'second-factor-off': 'Authenticator apps are switched off on this site.',
  'service-unavailable': 'The service has trouble at the moment. Try again in a few minutes.',
  'session-ended': 'Your session has ended. Sign in again.',
  'sign-up-closed': 'New accounts are made by the operator of this site only.',
  'storage-unavailable':
    'Your browser does not let this site keep you signed in. Allow it to store data, then try again.',
  'temporary-password-expired':
    'Your temporary password is too old. Ask the operator of this site for a new one.',
  timeout: formWords.timeout,
  'too-many-requests': 'There are too many requests at the moment. Wait a moment and try again.',
  unexpected: 'Something went wrong on our side. Try again.',
  'unsupported-challenge':
    'This account needs a further step to sign in that this site cannot do yet.',
  'user-not-confirmed': 'Your email address is not verified yet.',
  'user-not-found': incorrect,
  'username-exists': 'There is already an account for this email address.',
  'wrong-pool':
    'The user pool named in /js/config.js was not found. Ask the operator of this site.',
} as const satisfies Record<AuthErrorCode, string>

export const errorWords = {
  appCodeMismatch: 'This code is not right. Enter the one that your authenticator app shows now.',
  appCodeUsed: 'This code was used already. Wait until your authenticator app shows the next one.',
  currentPasswordWrong: 'This is not your current password. Enter it again.',
  /** For riders and operators alike: it will not pass by itself, and this is what to mend. */
  blockedOrigin: (origin: string) =>
    `The security headers of this site do not list ${origin}. Its operator must add it to them.`,
} as const
