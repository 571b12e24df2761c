/** The proof of a password, apart from the account page, because few need it there. */

import { auth } from '../auth/auth.ts'
import type { SignInOutcome } from '../auth/challenges.ts'
import type { Session } from '../auth/session.ts'

/** Signs in anew as this rider; her session goes on with fresh tokens. @throws {AuthError} as `auth.signIn` */
export function proveIdentity(
  { username, isLasting: lasting }: Session,
  password: string,
): Promise<SignInOutcome> {
  return auth.signIn({ username, password, lasting })
}
