/** The signed-in user's authenticator app: fetched when it is set up or turned off. All reject as `account-settings.ts` does. */

import { callAsUser } from './session/call-as-user.ts'
import type { User } from './session/session.ts'
import { assertTotpVerified, parseSecretCode } from './software-token.ts'

/** @returns a key for an authenticator app, base32. @throws {AuthError} `totp-disabled` */
export async function createAuthenticatorKey(user: User): Promise<string> {
  return parseSecretCode(await callAsUser(user, 'AssociateSoftwareToken'))
}

/** Signing in asks for codes from now on. @throws {AuthError} `code-mismatch` */
export async function turnOnAuthenticatorApp(
  user: User,
  { code }: { code: string },
): Promise<void> {
  assertTotpVerified(await callAsUser(user, 'VerifySoftwareToken', { UserCode: code }))
  await setTotpPreference(user, { Enabled: true, PreferredMfa: true })
}

export async function turnOffAuthenticatorApp(user: User): Promise<void> {
  await setTotpPreference(user, { Enabled: false, PreferredMfa: false })
}

async function setTotpPreference(
  user: User,
  settings: { Enabled: boolean; PreferredMfa: boolean },
): Promise<void> {
  await callAsUser(user, 'SetUserMFAPreference', { SoftwareTokenMfaSettings: settings })
}
