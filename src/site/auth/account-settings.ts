/**
 * The signed-in user's own account: what the service has on record, and what they may change. Each function is
 * one call with their access token. All reject with `AuthError`: `session-ended` when the service does not accept
 * the session, no response, and what the function names.
 */

import { toJsonObject } from '../lib/json.ts'
import { type ResponseBody, requirePoolConfig } from './api-client.ts'
import { AuthError } from './auth-error.ts'
import { emailLanguage } from './email-language.ts'
import { callAsUser } from './session/call-as-user.ts'
import { refreshSession } from './session/refresh.ts'
import { clearSession, type User } from './session/session.ts'

/** What is true at this moment; tokens tell what was true when they were issued. */
export interface AccountDetails {
  readonly email: string | undefined
  readonly isEmailVerified: boolean
  /** whether signing in asks for a code of an authenticator app */
  readonly hasAuthenticatorApp: boolean
  /** false for who has registered without one; taken for granted where it was not asked for */
  readonly hasPassword: boolean
  /** for `getSignInMethods`; `undefined` where it was not asked for */
  readonly authFactors?: unknown
}

/**
 * @param options `asksForPassword`: whether `hasPassword` is asked for, where the pool has accounts without one: it is a
 *   second call
 */
export async function getAccountDetails(
  user: User,
  { asksForPassword = false }: { readonly asksForPassword?: boolean } = {},
): Promise<AccountDetails> {
  const mayHaveNone = asksForPassword && requirePoolConfig().signIn.includes('email-code')
  const [details, factors] = await Promise.all([
    callAsUser(user, 'GetUser'),
    mayHaveNone ? callAsUser(user, 'GetUserAuthFactors') : undefined,
  ])
  return {
    ...parseAccountDetails(details),
    hasPassword: factors ? hasPassword(factors) : true,
    authFactors: factors?.ConfiguredUserAuthFactors,
  }
}

/**
 * @param passwords `current`: none for an account without one, which gets its first
 * @throws {AuthError} `incorrect-credentials`, `password-rejected`, `limit-exceeded`
 */
export async function changePassword(
  user: User,
  passwords: { current?: string; proposed: string },
): Promise<void> {
  await callAsUser(user, 'ChangePassword', {
    PreviousPassword: passwords.current,
    ProposedPassword: passwords.proposed,
  })
}

/**
 * Sends a code to the new address. Until it is entered the current address stays, in a pool that waits for it.
 *
 * @throws {AuthError} `username-exists`, `delivery-failed`
 */
export async function changeEmail(user: User, { email }: { email: string }): Promise<void> {
  const UserAttributes = [{ Name: 'email', Value: email }]
  await callAsUser(user, 'UpdateUserAttributes', { UserAttributes, ...emailLanguage })
}

/** Sends a code to the current address. @throws {AuthError} `limit-exceeded`, `delivery-failed` */
export async function sendEmailCode(user: User): Promise<void> {
  await callAsUser(user, 'GetUserAttributeVerificationCode', {
    AttributeName: 'email',
    ...emailLanguage,
  })
}

/**
 * Verifies the address that a code was sent to; tokens have it from then on.
 *
 * @throws {AuthError} `code-mismatch`, `code-expired`, `username-exists`, `limit-exceeded`
 */
export async function verifyEmail(user: User, { code }: { code: string }): Promise<void> {
  await callAsUser(user, 'VerifyUserAttribute', { AttributeName: 'email', Code: code })
  try {
    await refreshSession()
  } catch (error) {
    // The address is verified; tokens have it from their next refresh on.
    if (!(error instanceof AuthError)) throw error
  }
}

export async function deleteAccount(user: User): Promise<void> {
  await callAsUser(user, 'DeleteUser')
  clearSession(user)
}

function hasPassword({ ConfiguredUserAuthFactors: factors }: ResponseBody): boolean {
  return !Array.isArray(factors) || factors.includes('PASSWORD')
}

/** @throws {AuthError} `service-unavailable` for a response of another shape */
function parseAccountDetails({
  UserAttributes,
  UserMFASettingList,
}: ResponseBody): Omit<AccountDetails, 'hasPassword'> {
  if (!Array.isArray(UserAttributes)) {
    throw new AuthError(
      'service-unavailable',
      'expected UserAttributes, got a response without them',
    )
  }
  const attributes = new Map(
    UserAttributes.map((attribute: unknown) => {
      const { Name, Value } = toJsonObject(attribute) ?? {}
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
