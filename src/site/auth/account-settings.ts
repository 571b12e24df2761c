/**
 * A signed-in rider's own account: what the service knows of her, and what she may change. Each is one call
 * with her access token, which the client library is not needed for.
 */

import { findMembers } from '../lib/json.ts'
import type { Answer } from './api-client.ts'
import { AuthError } from './auth-error.ts'
import {
  callAsRider,
  endSessionEverywhere,
  forgetSession,
  type Rider,
  renewSession,
} from './session/session.ts'
import { assertVerified, parseSecretCode } from './software-token.ts'

/** What the service says at this moment, where tokens say what was true when they were made. */
export interface AccountDetails {
  readonly email: string | undefined
  readonly isEmailVerified: boolean
  /** whether signing in asks for a code of an authenticator app */
  readonly hasAuthenticatorApp: boolean
}

/** Everything here rejects with `AuthError`: `session-ended` for a rider the service refuses, or no answer. */
export interface Account {
  details(rider: Rider): Promise<AccountDetails>
  /** @throws {AuthError} `incorrect-credentials`, `password-rejected`, `limit-exceeded` */
  changePassword(rider: Rider, passwords: { current: string; proposed: string }): Promise<void>
  /**
   * Sends a code to the new address. Until it is entered the present one stays, in a pool that waits for it.
   *
   * @throws {AuthError} `username-exists`, `delivery-failed`
   */
  changeEmail(rider: Rider, address: { email: string }): Promise<void>
  /** Sends a code to the present address. @throws {AuthError} `limit-exceeded`, `delivery-failed` */
  sendEmailCode(rider: Rider): Promise<void>
  /**
   * Proves the address a code was sent to; tokens bear it from then on.
   *
   * @throws {AuthError} `code-mismatch`, `code-expired`, `username-exists`, `limit-exceeded`
   */
  verifyEmail(rider: Rider, proof: { code: string }): Promise<void>
  /** @returns a key for an authenticator app, base32. @throws {AuthError} `second-factor-off` */
  createAppKey(rider: Rider): Promise<string>
  /** Asks for codes at sign-in from now on. @throws {AuthError} `code-mismatch` */
  turnOnApp(rider: Rider, proof: { code: string }): Promise<void>
  turnOffApp(rider: Rider): Promise<void>
  /** @returns whether other devices are signed out too; this one is in any case */
  signOutEverywhere(rider: Rider): Promise<boolean>
  delete(rider: Rider): Promise<void>
}

export const account: Account = {
  async details(rider) {
    return parseDetails(await callAsRider(rider, 'GetUser'))
  },
  async changePassword(rider, { current, proposed }) {
    const passwords = { PreviousPassword: current, ProposedPassword: proposed }
    await callAsRider(rider, 'ChangePassword', passwords)
  },
  async changeEmail(rider, { email }) {
    const UserAttributes = [{ Name: 'email', Value: email }]
    await callAsRider(rider, 'UpdateUserAttributes', { UserAttributes })
  },
  async sendEmailCode(rider) {
    await callAsRider(rider, 'GetUserAttributeVerificationCode', { AttributeName: 'email' })
  },
  async verifyEmail(rider, { code }) {
    await callAsRider(rider, 'VerifyUserAttribute', { AttributeName: 'email', Code: code })
    try {
      await renewSession()
    } catch (error) {
      // The address is proved; tokens bear it with their next renewal.
      if (!(error instanceof AuthError)) throw error
    }
  },
  async createAppKey(rider) {
    return parseSecretCode(await callAsRider(rider, 'AssociateSoftwareToken'))
  },
  async turnOnApp(rider, { code }) {
    assertVerified(await callAsRider(rider, 'VerifySoftwareToken', { UserCode: code }))
    await setAppPreference(rider, { Enabled: true, PreferredMfa: true })
  },
  turnOffApp: (rider) => setAppPreference(rider, { Enabled: false, PreferredMfa: false }),
  signOutEverywhere: endSessionEverywhere,
  async delete(rider) {
    await callAsRider(rider, 'DeleteUser')
    forgetSession(rider)
  },
}

async function setAppPreference(
  rider: Rider,
  settings: { Enabled: boolean; PreferredMfa: boolean },
): Promise<void> {
  await callAsRider(rider, 'SetUserMFAPreference', { SoftwareTokenMfaSettings: settings })
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
    UserAttributes.map((attribute: unknown) => {
      const { Name, Value } = findMembers(attribute) ?? {}
      return [Name, Value]
    }),
  )
  const email = attributes.get('email')
  const factors: readonly unknown[] = Array.isArray(UserMFASettingList) ? UserMFASettingList : []
  return {
    email: typeof email === 'string' ? email : undefined,
    isEmailVerified: attributes.get('email_verified') === 'true',
    hasAuthenticatorApp: factors.includes('SOFTWARE_TOKEN_MFA'),
  }
}
