/**
 * The signed-in user's passkeys, and the ways in which they sign in. The browser's side is `lib/webauthn.ts`. All reject with
 * `AuthError`: `session-ended`, `wrong-settings` when the pool has no passkeys, no response, and what the function names.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
 */

import type { SignInMethod } from '../../shared/site-config.ts'
import { type JsonObject, toJsonObject } from '../lib/json.ts'
import { rememberOwnPasskey } from '../lib/own-passkeys.ts'
import { hasUsedPasskey } from '../lib/tab-state.ts'
import {
  createPasskey,
  PasskeyError,
  type PasskeyErrorCode,
  type PasskeyMediation,
} from '../lib/webauthn.ts'
import { requirePoolConfig } from './api-client.ts'
import { AuthError } from './auth-error.ts'
import { toSignInMethods } from './first-factors.ts'
import { toRelyingPartyError } from './relying-party.ts'
import { callAsUser } from './session/call-as-user.ts'
import type { User } from './session/session.ts'

export interface Passkey {
  /** base64url */
  readonly id: string
  /** milliseconds since the Unix epoch */
  readonly createdAtMs: number
  /** the service's name for it, in English */
  readonly name: string
  readonly relyingPartyId: string
  /** built into the device or not, where the authenticator has told */
  readonly attachment: 'platform' | 'cross-platform' | undefined
  /** such as `internal`, `hybrid`, `usb` */
  readonly transports: readonly string[]
}

/** What came of making a passkey: `added`, or why the browser has made none. */
export type AddPasskeyOutcome = 'added' | Exclude<PasskeyErrorCode, 'wrong-site'>

/**
 * Has the browser make a passkey, and the service keep it.
 *
 * @param mediation `conditional`: without a question, where the browser can
 * @throws {AuthError} `wrong-settings` when the pool's passkeys are for another site; `timeout` when the browser took too
 *   long; `invalid-input` for a passkey that the service cannot use; `limit-exceeded`
 */
export async function addPasskey(
  user: User,
  mediation: PasskeyMediation = 'modal',
): Promise<AddPasskeyOutcome> {
  const options = await startPasskeyRegistration(user)
  let credential: JsonObject
  try {
    credential = await createPasskey(options, mediation)
  } catch (error) {
    if (!(error instanceof PasskeyError)) throw error
    if (error.code === 'wrong-site') throw await toRelyingPartyError(error)
    return error.code
  }
  await completePasskeyRegistration(user, credential)
  hasUsedPasskey.write('true')
  // One of a security key or a phone is on no device in particular.
  if (credential.authenticatorAttachment === 'platform') rememberOwnPasskey(String(credential.id))
  return 'added'
}

/** @returns what the browser makes a passkey with. @throws {AuthError} `limit-exceeded` */
async function startPasskeyRegistration(
  user: User,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { CredentialCreationOptions } = await callAsUser(user, 'StartWebAuthnRegistration')
  const options = toJsonObject(CredentialCreationOptions)
  if (typeof options?.challenge !== 'string') throw unexpectedShape('CredentialCreationOptions')
  // The browser's own parser checks the other members: it throws a TypeError for what they must not be.
  return options as unknown as PublicKeyCredentialCreationOptionsJSON
}

/** Stores the passkey that the browser has made. @throws {AuthError} `limit-exceeded` */
async function completePasskeyRegistration(user: User, credential: JsonObject): Promise<void> {
  await callAsUser(user, 'CompleteWebAuthnRegistration', { Credential: credential })
}

/** The newest twenty at most: the service lets nobody have more. */
export async function listPasskeys(user: User): Promise<readonly Passkey[]> {
  const { Credentials } = await callAsUser(user, 'ListWebAuthnCredentials', { MaxResults: 20 })
  if (!Array.isArray(Credentials)) throw unexpectedShape('Credentials')
  return Credentials.map(parsePasskey)
}

/** @returns whether the service has deleted it; `unknown`: it has no such passkey of this user */
export async function deletePasskey(
  user: User,
  { id }: { readonly id: string },
): Promise<'deleted' | 'unknown'> {
  try {
    await callAsUser(user, 'DeleteWebAuthnCredential', { CredentialId: id })
    return 'deleted'
  } catch (error) {
    // Elsewhere what is not found is the app client, of which this user has a token.
    const cause = error instanceof AuthError ? error.cause : undefined
    if (cause instanceof AuthError && cause.code === 'not-configured') return 'unknown'
    throw error
  }
}

/**
 * The ways in which this user can sign in: what they have, the pool lets them use, and this site has.
 *
 * @param authFactors of `getAccountDetails`, where it has just told; else the service is asked
 */
export async function getSignInMethods(
  user: User,
  authFactors?: unknown,
): Promise<readonly SignInMethod[]> {
  const { signIn } = requirePoolConfig()
  if (signIn.length === 1) return signIn
  const configured = toSignInMethods(
    authFactors ?? (await callAsUser(user, 'GetUserAuthFactors')).ConfiguredUserAuthFactors,
  )
  return signIn.filter((method) => configured.includes(method))
}

/**
 * Lets a passkey stand for the password and a second factor.
 *
 * @returns whether the pool allows that
 */
export async function turnOnPasskeyMfa(user: User): Promise<boolean> {
  try {
    await callAsUser(user, 'SetUserMFAPreference', { WebAuthnMfaSettings: { Enabled: true } })
    return true
  } catch (error) {
    if (error instanceof AuthError && error.code === 'invalid-input') return false
    throw error
  }
}

/** @throws {AuthError} `service-unavailable` for another shape */
function parsePasskey(credential: unknown): Passkey {
  const members: JsonObject = toJsonObject(credential) ?? {}
  const { CredentialId, CreatedAt, AuthenticatorAttachment: attachment } = members
  if (typeof CredentialId !== 'string' || typeof CreatedAt !== 'number') {
    throw unexpectedShape('Credentials')
  }
  const transports: readonly unknown[] = Array.isArray(members.AuthenticatorTransports)
    ? members.AuthenticatorTransports
    : []
  return {
    id: CredentialId,
    createdAtMs: CreatedAt * 1000,
    name: String(members.FriendlyCredentialName ?? ''),
    relyingPartyId: String(members.RelyingPartyId ?? ''),
    attachment:
      attachment === 'platform' || attachment === 'cross-platform' ? attachment : undefined,
    transports: transports.filter((transport) => typeof transport === 'string'),
  }
}

function unexpectedShape(member: string): AuthError {
  return new AuthError('service-unavailable', `expected ${member}, got a response without them`)
}
