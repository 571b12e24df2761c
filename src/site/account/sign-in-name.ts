/** What a rider is called. */

import type { Session } from '../auth/session/session.ts'

/**
 * What she types to sign in, which a password manager keeps the password under. In a pool that signs riders
 * in by e-mail the user name is the `sub`, which nobody types.
 */
export function signInName({ username, sub, email }: Session): string {
  return hasFixedName({ username, sub }) ? username : (email ?? username)
}

/** Whether she goes on signing in with the same name when her address changes. */
export function hasFixedName({ username, sub }: Pick<Session, 'username' | 'sub'>): boolean {
  return username !== sub
}
