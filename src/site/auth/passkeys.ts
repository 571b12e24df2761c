/**
 * The signed-in user's passkeys at the service. The browser's side is `lib/webauthn.ts`. All reject with `AuthError`:
 * `session-ended`, `wrong-settings` when the pool has no passkeys, no response, and what the function names.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
 */

import { type JsonObject, toJsonObject } from '../lib/json.ts'
import { AuthError } from './auth-error.ts'
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

/** @returns what the browser makes a passkey with. @throws {AuthError} `limit-exceeded` */
export async function startPasskeyRegistration(
  user: User,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { CredentialCreationOptions } = await callAsUser(user, 'StartWebAuthnRegistration')
  const options = toJsonObject(CredentialCreationOptions)
  if (typeof options?.challenge !== 'string') throw unexpectedShape('CredentialCreationOptions')
  // The browser's own parser checks the other members: it throws a TypeError for what they must not be.
  return options as unknown as PublicKeyCredentialCreationOptionsJSON
}

/** Stores the passkey that the browser has made. @throws {AuthError} `limit-exceeded` */
export async function completePasskeyRegistration(
  user: User,
  credential: JsonObject,
): Promise<void> {
  await callAsUser(user, 'CompleteWebAuthnRegistration', { Credential: credential })
}

/** The newest twenty at most: the service lets nobody have more. */
export async function listPasskeys(user: User): Promise<readonly Passkey[]> {
  const { Credentials } = await callAsUser(user, 'ListWebAuthnCredentials', { MaxResults: 20 })
  if (!Array.isArray(Credentials)) throw unexpectedShape('Credentials')
  return Credentials.map(parsePasskey)
}

export async function deletePasskey(user: User, { id }: { readonly id: string }): Promise<void> {
  await callAsUser(user, 'DeleteWebAuthnCredential', { CredentialId: id })
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
