/** What every page may say, whatever it is for. */

import type { Arrival } from '../../lib/tab-state.ts'

export const frameWords = {
  offline: 'You seem to be offline. What you have entered stays here.',
  online: 'You are online again.',
} as const

/** The first words of a page, by what brought the rider there. */
export const arrivalWords = {
  'code-sent': 'Your account is made. Now verify your email address.',
  unverified: 'Your email address is not verified yet.',
  verified: 'Your email address is verified. You can sign in now.',
  'already-verified': 'This email address is already verified. You can sign in.',
  'password-changed': 'Your password is changed. Sign in with the new one.',
  'reset-required': 'This account needs a new password before you can sign in.',
  'signed-out': 'You are signed out.',
  'signed-out-everywhere': 'You are signed out, here and on all other devices.',
  'signed-out-here-only':
    'You are signed out here. Other devices could not be reached: sign in and try it once more.',
  'session-ended': 'Your session has ended. Sign in again.',
  'other-rider': 'Someone else has signed in on this browser. This page is theirs now.',
  'account-deleted': 'Your account is deleted.',
} as const satisfies Record<Arrival, string>
