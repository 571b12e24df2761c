/** The name that a user signs in with. */

import type { Session } from '../auth/index.ts'

/**
 * What they type to sign in, and a password manager stores the password under. In a pool that signs users in by
 * email the user name is the `sub`, which nobody types.
 */
export function signInName({ username, sub, email }: Session): string {
  return hasOwnUsername({ username, sub }) ? username : (email ?? username)
}

/** Whether they go on signing in with the same name when their address changes. */
export function hasOwnUsername({ username, sub }: Pick<Session, 'username' | 'sub'>): boolean {
  return username !== sub
}
