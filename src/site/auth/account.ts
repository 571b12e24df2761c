/**
 * A signed-in rider's own account: what the service knows of her, and what she may change. Each is one call
 * with her access token, which the client library is not needed for.
 */

import { AuthError } from './auth-error.ts'
import type { Session } from './session.ts'
import { parseSecretCode } from './sign-in.ts'
import type { Answer } from './transport.ts'
import { requireUserPool } from './user-pool.ts'

/** What the service says at this moment, where tokens say what was true when they were made. */
export interface AccountDetails {
  readonly email: string | undefined
  readonly isEmailVerified: boolean
  /** whether signing in asks for a code of an authenticator app */
  readonly hasAuthenticatorApp: boolean
}

export type ChangeEmailOutcome =
  /** the present address stays until the code that was sent to the new one is entered */
  | { readonly kind: 'code-sent' }
  /** in a pool that does not wait for proof */
  | { readonly kind: 'changed' }

/** Everything here rejects with `AuthError`: `session-ended` for a rider the service refuses, or no answer. */
export interface Account {
  details(): Promise<AccountDetails>
  /** @throws {AuthError} `incorrect-credentials`, `password-rejected`, `limit-exceeded` */
  changePassword(passwords: { current: string; proposed: string }): Promise<void>
  /** Sends a code to the new address. @throws {AuthError} `username-exists`, `delivery-failed` */
  changeEmail(address: { email: string }): Promise<ChangeEmailOutcome>
  /**
   * @returns the session with tokens that bear the new address
   * @throws {AuthError} `code-mismatch`, `code-expired`, `username-exists`, `limit-exceeded`
   */
  verifyEmail(proof: { code: string }): Promise<Session | undefined>
  /** @returns a key for an authenticator app, base32. @throws {AuthError} `second-factor-off` */
  createAppKey(): Promise<string>
  /** Asks for codes at sign-in from now on. @throws {AuthError} `code-mismatch` */
  turnOnApp(proof: { code: string }): Promise<void>
  turnOffApp(): Promise<void>
  /** @returns whether other devices are signed out too; this one is in any case */
  signOutEverywhere(): Promise<boolean>
  delete(): Promise<void>
}

export const account: Account = {
  async details() {
    return parseDetails(await callAsRider('GetUser'))
  },
  async changePassword({ current, proposed }) {
    await callAsRider('ChangePassword', { PreviousPassword: current, ProposedPassword: proposed })
  },
  async changeEmail({ email }) {
    await callAsRider('UpdateUserAttributes', {
      UserAttributes: [{ Name: 'email', Value: email }],
    })
    const details = parseDetails(await callAsRider('GetUser'))
    return { kind: details.email === email ? 'changed' : 'code-sent' }
  },
  async verifyEmail({ code }) {
    await callAsRider('VerifyUserAttribute', { AttributeName: 'email', Code: code })
    return requireUserPool().sessions.renew()
  },
  async createAppKey() {
    return parseSecretCode(await callAsRider('AssociateSoftwareToken'))
  },
  async turnOnApp({ code }) {
    await callAsRider('VerifySoftwareToken', { UserCode: code })
    await setAppPreference({ Enabled: true, PreferredMfa: true })
  },
  turnOffApp: () => setAppPreference({ Enabled: false, PreferredMfa: false }),
  signOutEverywhere: () => requireUserPool().sessions.endEverywhere(),
  async delete() {
    await callAsRider('DeleteUser')
    requireUserPool().sessions.forget()
  },
}

async function callAsRider(
  operation: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  return requireUserPool().sessions.callAsRider(operation, body)
}

async function setAppPreference(settings: {
  Enabled: boolean
  PreferredMfa: boolean
}): Promise<void> {
  await callAsRider('SetUserMFAPreference', { SoftwareTokenMfaSettings: settings })
}

/** @throws {AuthError} `service-unavailable` for an answer of another shape */
function parseDetails({ UserAttributes, UserMFASettingList }: Answer): AccountDetails {
  if (!Array.isArray(UserAttributes)) {
    throw new AuthError(
      'service-unavailable',
      'expected UserAttributes, got an answer without them',
    )
  }
  const attributes = new Map(
    UserAttributes.map(({ Name, Value }: { Name?: unknown; Value?: unknown }) => [Name, Value]),
  )
  const email = attributes.get('email')
  const factors: readonly unknown[] = Array.isArray(UserMFASettingList) ? UserMFASettingList : []
  return {
    email: typeof email === 'string' ? email : undefined,
    isEmailVerified: attributes.get('email_verified') === 'true',
    hasAuthenticatorApp: factors.includes('SOFTWARE_TOKEN_MFA'),
  }
}
