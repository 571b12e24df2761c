/**
 * Sign-in by passkey: the options that a browser asks for one with, and the verification of what it signs.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 * @see https://www.w3.org/TR/webauthn-3/#sctn-verifying-assertion
 */

import { CognitoError } from '../cognito-error.ts'
import type { OperationContext, UserPool } from '../context.ts'
import { findActiveMfaFactors } from '../mfa.ts'
import type { SimulatedUser } from '../simulated-user.ts'
import type { User, WebAuthnCredential } from '../store/store.ts'
import { timingSafeEquals } from '../timing-safe-equals.ts'
import { findAuthenticationResponse, findClientData, isAllowedOrigin } from './client-data.ts'
import { toUserHandle } from './registration.ts'

const challengeBytes = 32

/**
 * A COSE key for ES256 that is no passkey's: the base point of P-256. What nobody here has signed is verified with it,
 * so that timing does not reveal which passkeys exist.
 */
const nobodysKey = Buffer.from(
  'a5010203262001215820' +
    '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
    '225820' +
    '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  'hex',
)

/** Who is asked for a passkey. */
export interface AskedUser {
  /** as typed */
  readonly username: string
  /** a user who can sign in, or a simulated one */
  readonly user: User
  readonly isSimulated: boolean
}

type Descriptor = Pick<WebAuthnCredential, 'credentialId' | 'transports'>

/** @returns the passkeys that this user can sign in with; simulated ones for a simulated user */
export function findPasskeys(
  { username, user, isSimulated }: AskedUser,
  { store, settings, simulateUser }: OperationContext,
): readonly Descriptor[] {
  const { relyingPartyId } = settings.webAuthn
  const stored = store
    .listWebAuthnCredentialsOf(user.sub)
    .filter((credential) => credential.relyingPartyId === relyingPartyId)
  // Both are computed for every user name, so that timing does not reveal which users exist.
  const simulated = toSimulatedPasskeys(simulateUser(username))
  return isSimulated && relyingPartyId !== undefined ? simulated : stored
}

/** Every second simulated user has one: neither answer tells whether somebody exists. */
function toSimulatedPasskeys({ credentialId }: SimulatedUser): readonly Descriptor[] {
  return credentialId === undefined ? [] : [{ credentialId, transports: ['internal'] }]
}

/**
 * Whether a passkey alone signs this user in: where a second factor is on, only if the pool and the user let a
 * passkey count as one.
 */
export function isPasskeyEnough(user: User, context: OperationContext): boolean {
  const { settings, store } = context
  // Read for every user, so that timing does not reveal which users exist.
  const countsAsMfa = store.hasWebAuthnMfa(user.sub)
  const hasSecondFactor = findActiveMfaFactors(user, context).length > 0
  if (!hasSecondFactor) return settings.mfaConfiguration !== 'ON'
  return (
    countsAsMfa && settings.webAuthn.factorConfiguration === 'MULTI_FACTOR_WITH_USER_VERIFICATION'
  )
}

/** @returns a challenge for a Session, and CREDENTIAL_REQUEST_OPTIONS with it */
export function createRequestOptions(
  passkeys: readonly Descriptor[],
  { settings, random }: OperationContext,
): { readonly challenge: string; readonly options: string } {
  const { relyingPartyId, userVerification } = settings.webAuthn
  const challenge = random.bytes(challengeBytes).toString('base64url')
  const options = {
    challenge,
    timeout: settings.authSessionSeconds * 1000,
    rpId: relyingPartyId,
    allowCredentials: passkeys.map(({ credentialId, transports }) => ({
      type: 'public-key',
      id: credentialId,
      transports,
    })),
    userVerification,
  }
  return { challenge, options: JSON.stringify(options) }
}

/** An assertion whose signature is right; whose it is has not been compared yet. */
export interface VerifiedAssertion {
  readonly challenge: string
  readonly credentialId: string
  /** with which it was verified, base64url */
  readonly publicKey: string
  readonly counter: number
  readonly backedUp: boolean
  readonly userVerified: boolean
  readonly userHandle: string | undefined
}

/**
 * Verifies the signature of a passkey: challenge, origin, relying party, user verification and counter.
 *
 * @param text CREDENTIAL, an AuthenticationResponseJSON
 * @param challenge in the Session; `undefined` for a Session without one
 * @returns an error in place of throwing it, the same for every cause: the Session is looked at first
 */
export async function verifyAssertion(
  { text, challenge }: { text: string; challenge: string | undefined },
  { store, settings }: Pick<UserPool, 'store' | 'settings'>,
): Promise<VerifiedAssertion | CognitoError> {
  const { relyingPartyId, userVerification } = settings.webAuthn
  const response = findAuthenticationResponse(text)
  const clientData = response && findClientData(response.response.clientDataJSON)
  if (!response || !clientData) return incorrectPasskeyError('not an AuthenticationResponseJSON')
  if (relyingPartyId === undefined) return incorrectPasskeyError('the pool has no relying party')
  if (challenge === undefined || !isSame(clientData.challenge, challenge)) {
    return incorrectPasskeyError('not the challenge of the Session')
  }
  if (!isAllowedOrigin(clientData.origin, relyingPartyId)) {
    return incorrectPasskeyError('the origin does not align with the relying party id')
  }
  const credential = store.findWebAuthnCredential(response.id)
  const { userHandle, ...signed } = response.response
  // Loaded when the first passkey is used: a quarter of a second.
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server')
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: response.id,
        rawId: response.rawId,
        type: response.type,
        response: signed,
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: clientData.origin,
      expectedRPID: relyingPartyId,
      requireUserVerification: userVerification === 'required',
      credential: {
        id: response.id,
        publicKey: credential
          ? Uint8Array.from(Buffer.from(credential.publicKey, 'base64url'))
          : Uint8Array.from(nobodysKey),
        counter: credential?.counter ?? 0,
      },
    })
    if (!verified) return incorrectPasskeyError('wrong signature')
    if (!credential) return incorrectPasskeyError('no such passkey')
    return {
      challenge,
      credentialId: response.id,
      publicKey: credential.publicKey,
      counter: authenticationInfo.newCounter,
      backedUp: authenticationInfo.credentialBackedUp,
      userVerified: authenticationInfo.userVerified,
      userHandle: userHandle ?? undefined,
    }
  } catch (cause) {
    // The library throws for whatever it does not accept.
    return incorrectPasskeyError(cause instanceof Error ? cause.message : String(cause), cause)
  }
}

/**
 * Compares a verified assertion with the user and the challenge of a Session, and saves its counter. What was read for
 * its verification may have changed since.
 *
 * @throws {CognitoError} the one of a wrong passkey
 */
export function acceptAssertion(
  assertion: VerifiedAssertion | CognitoError,
  { user, challenge }: { user: User; challenge: string | undefined },
  context: OperationContext,
): void {
  const { store } = context
  if (assertion instanceof CognitoError) throw assertion
  const reject = (detail: string) => incorrectPasskeyError(detail)
  if (assertion.challenge !== challenge) throw reject('not the challenge of the Session')
  const credential = store.findWebAuthnCredential(assertion.credentialId)
  if (credential?.sub !== user.sub) throw reject('the passkey of another user')
  if (credential.publicKey !== assertion.publicKey) throw reject('registered anew since')
  const { counter, userHandle } = assertion
  const isCounting = counter > 0 || credential.counter > 0
  if (isCounting && counter <= credential.counter) throw reject('the counter has not gone up')
  if (userHandle !== undefined && userHandle !== toUserHandle(user)) {
    throw reject('the user handle of another user')
  }
  // As MFA a passkey is two factors only when its authenticator has verified its user.
  const isMfa = findActiveMfaFactors(user, context).length > 0
  if (isMfa && !assertion.userVerified) throw reject('without user verification')
  store.updateWebAuthnCredential(assertion)
}

/** @param detail the cause, for the log */
export function incorrectPasskeyError(detail: string, cause?: unknown): CognitoError {
  return new CognitoError('NotAuthorizedException', 'Incorrect username or password.', {
    detail,
    cause,
  })
}

function isSame(one: string, other: string): boolean {
  return timingSafeEquals(Buffer.from(one), Buffer.from(other))
}
