/**
 * Registration of a passkey: the options that a browser makes it with, and the verification of what it has made.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
 * @see https://www.w3.org/TR/webauthn-3/#sctn-registering-a-new-credential
 */

import * as v from 'valibot'
import { CognitoError } from '../cognito-error.ts'
import type { JsonObject, OperationContext, UserPool } from '../context.ts'
import type { UserPoolSettings } from '../settings.ts'
import {
  type AuthenticatorAttachment,
  authenticatorTransports,
  CredentialTakenError,
  type Session,
  type User,
  type WebAuthnCredential,
} from '../store/store.ts'
import { signInName } from '../users.ts'
import {
  findClientData,
  invalidCredentialError,
  isAllowedOrigin,
  parseRegistrationResponse,
} from './client-data.ts'

/** passkeys that a user can have */
export const maxCredentials = 20
/** COSE algorithms that browsers may make keys for: ES256 and RS256 */
const algorithms = [-7, -257]
/** how long a browser asks for a passkey, by the options of Cognito */
const promptMs = 60_000
/** lifetime of a registration's challenge */
const challengeMs = 5 * 60_000

/** State of a registration. Encrypted, it is the challenge itself, so that the pool stores nothing. */
const registrationState = v.object({
  nonce: v.string(),
  sub: v.string(),
  clientId: v.string(),
  expiresAtMs: v.number(),
})
type RegistrationState = v.InferOutput<typeof registrationState>

/** A user and the session in which they register a passkey. */
interface Registrant {
  readonly user: User
  readonly session: Session
}

/**
 * @returns CredentialCreationOptions
 * @throws {CognitoError} when the pool has no passkeys, or the user has as many as they can have
 */
export function createCreationOptions(
  { user, session }: Registrant,
  { store, settings, stateCipher, random, clock }: OperationContext,
): JsonObject {
  const relyingPartyId = requireRelyingPartyId(settings)
  const credentials = store.listWebAuthnCredentialsOf(user.sub)
  if (credentials.length >= maxCredentials) throw tooManyCredentialsError()
  const state: RegistrationState = {
    nonce: random.uuid(),
    sub: user.sub,
    clientId: session.clientId,
    expiresAtMs: clock.nowMs() + challengeMs,
  }
  const name = signInName(user)
  return {
    rp: { id: relyingPartyId, name: relyingPartyId },
    user: { id: toUserHandle(user), name, displayName: name },
    challenge: stateCipher.encrypt('WebAuthn registration', state).toString('base64url'),
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: promptMs,
    excludeCredentials: credentials.map(({ credentialId }) => ({
      type: 'public-key',
      id: credentialId,
    })),
    authenticatorSelection: {
      requireResidentKey: true,
      residentKey: 'required',
      userVerification: settings.webAuthn.userVerification,
    },
  }
}

/** What a browser has made, verified; whose it is has not been compared yet. */
export interface VerifiedRegistration {
  readonly state: RegistrationState
  readonly credential: Omit<WebAuthnCredential, 'sub' | 'createdAtMs'>
}

/**
 * Verifies a new passkey: challenge, origin, relying party, user verification, public key and attestation.
 *
 * @param value RegistrationResponseJSON
 * @returns an error in place of throwing it: who calls is compared first
 */
export async function verifyRegistration(
  value: unknown,
  pool: Pick<UserPool, 'settings' | 'stateCipher'>,
): Promise<VerifiedRegistration | CognitoError> {
  try {
    return await requireVerified(value, pool)
  } catch (error) {
    if (error instanceof CognitoError) return error
    throw error
  }
}

async function requireVerified(
  value: unknown,
  { settings, stateCipher }: Pick<UserPool, 'settings' | 'stateCipher'>,
): Promise<VerifiedRegistration> {
  const relyingPartyId = requireRelyingPartyId(settings)
  const { authenticatorAttachment: attachment, ...response } = parseRegistrationResponse(value)
  const clientData = findClientData(response.response.clientDataJSON)
  if (!clientData) throw invalidCredentialError('no client data')
  const { challenge, origin } = clientData
  const decrypted = stateCipher.decrypt(
    'WebAuthn registration',
    Buffer.from(challenge, 'base64url'),
  )
  const state = v.safeParse(registrationState, decrypted)
  if (!state.success) throw challengeNotFoundError('not a challenge of ours')
  if (!isAllowedOrigin(origin, relyingPartyId)) {
    throw new CognitoError(
      'WebAuthnOriginNotAllowedException',
      `The passkey's origin does not align with the relying party id of the user pool.`,
    )
  }
  // Loaded when the first passkey is registered: a quarter of a second.
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server')
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: { ...response, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: relyingPartyId,
    requireUserVerification: settings.webAuthn.userVerification === 'required',
    supportedAlgorithmIDs: algorithms,
  }).catch((cause: unknown) => {
    throw toRegistrationError(cause)
  })
  if (!verified) throw notSupportedError('wrong attestation')
  const { credential, credentialBackedUp } = registrationInfo
  if (credential.id !== response.id) throw invalidCredentialError('the id is another one')
  return {
    state: state.output,
    credential: {
      credentialId: credential.id,
      publicKey: Buffer.from(credential.publicKey).toString('base64url'),
      counter: credential.counter,
      transports: authenticatorTransports.filter((transport) =>
        response.response.transports.includes(transport),
      ),
      attachment,
      backedUp: credentialBackedUp,
      relyingPartyId,
      name: toFriendlyName(attachment),
    },
  }
}

/**
 * Saves a verified passkey, and consumes the challenge.
 *
 * @throws {CognitoError} when the challenge is of somebody else, expired or consumed; when the user has too many
 */
export function saveRegistration(
  { state, credential }: VerifiedRegistration,
  { user, session }: Registrant,
  { store, clock }: OperationContext,
): void {
  if (state.sub !== user.sub) throw challengeNotFoundError('the challenge of another user')
  if (state.expiresAtMs <= clock.nowMs()) throw challengeNotFoundError('it has expired')
  if (state.clientId !== session.clientId) {
    throw new CognitoError(
      'WebAuthnClientMismatchException',
      'The access token is of another client than the one that started the registration.',
    )
  }
  store.deleteExpired(clock.nowMs())
  if (!store.consumeChallenge(state)) throw challengeNotFoundError('it was used before')
  if (store.listWebAuthnCredentialsOf(user.sub).length >= maxCredentials) {
    throw tooManyCredentialsError()
  }
  try {
    store.insertWebAuthnCredential({ ...credential, sub: user.sub, createdAtMs: clock.nowMs() })
  } catch (error) {
    if (!(error instanceof CredentialTakenError)) throw error
    throw invalidCredentialError('the pool has a passkey of this id')
  }
}

/**
 * @returns the domain that passkeys are made for
 * @throws {CognitoError} when passkeys are no factor of this pool, or it names no domain
 */
export function requireRelyingPartyId({ webAuthn, firstAuthFactors }: UserPoolSettings): string {
  if (!firstAuthFactors.has('WEB_AUTHN')) {
    throw new CognitoError(
      'WebAuthnNotEnabledException',
      'WebAuthn is not enabled for this user pool.',
    )
  }
  if (webAuthn.relyingPartyId === undefined) {
    throw new CognitoError(
      'WebAuthnConfigurationMissingException',
      'The user pool has no relying party id.',
    )
  }
  return webAuthn.relyingPartyId
}

/** @returns `user.id` of WebAuthn: `sub` as text, base64url */
export function toUserHandle({ sub }: Pick<User, 'sub'>): string {
  return Buffer.from(sub, 'utf8').toString('base64url')
}

function toFriendlyName(attachment: AuthenticatorAttachment | undefined): string {
  switch (attachment) {
    case 'cross-platform':
      return 'Roaming passkey'
    case 'platform':
      return 'Platform passkey'
    case undefined:
      return 'Passkey'
    default:
      return attachment satisfies never
  }
}

/** The library throws for whatever it does not accept. */
function toRegistrationError(cause: unknown): CognitoError {
  if (cause instanceof Error && cause.name === 'UnexpectedRPIDHash') {
    return new CognitoError(
      'WebAuthnRelyingPartyMismatchException',
      'The passkey is associated with another relying party id than the one of the user pool.',
      { cause },
    )
  }
  return notSupportedError(cause instanceof Error ? cause.message : String(cause), cause)
}

function notSupportedError(detail: string, cause?: unknown): CognitoError {
  return new CognitoError(
    'WebAuthnCredentialNotSupportedException',
    'The passkey is from an unsupported device or provider.',
    { detail, cause },
  )
}

function challengeNotFoundError(detail: string): CognitoError {
  return new CognitoError(
    'WebAuthnChallengeNotFoundException',
    'The challenge from StartWebAuthnRegistration has expired.',
    { detail },
  )
}

function tooManyCredentialsError(): CognitoError {
  return new CognitoError('LimitExceededException', 'The user has the maximum number of passkeys.')
}
