/** What a browser sends of a passkey: parsed, with its client data decoded and its origin checked. */

import * as v from 'valibot'
import { CognitoError } from '../cognito-error.ts'
import { authenticatorAttachments } from '../store/store.ts'

/** The library decodes whatever it gets; a body has at most 64 kB in all. */
const base64url = v.pipe(v.string(), v.regex(/^[\w-]+$/))

const credentialMembers = {
  id: base64url,
  rawId: base64url,
  type: v.literal('public-key'),
  // A browser may name a new kind.
  authenticatorAttachment: v.fallback(v.optional(v.picklist(authenticatorAttachments)), undefined),
}

/** @see https://www.w3.org/TR/webauthn-3/#dictdef-registrationresponsejson */
const registrationResponse = v.object({
  ...credentialMembers,
  response: v.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: v.optional(v.array(v.string()), []),
  }),
})
export type RegistrationResponse = v.InferOutput<typeof registrationResponse>

/** @see https://www.w3.org/TR/webauthn-3/#dictdef-authenticationresponsejson */
const authenticationResponse = v.object({
  ...credentialMembers,
  response: v.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: v.nullish(base64url),
  }),
})
export type AuthenticationResponse = v.InferOutput<typeof authenticationResponse>

/** @see https://www.w3.org/TR/webauthn-3/#dictionary-client-data */
const clientData = v.object({ type: v.string(), challenge: v.string(), origin: v.string() })
export type ClientData = v.InferOutput<typeof clientData>

/** @throws {CognitoError} InvalidParameterException for anything else */
export function parseRegistrationResponse(value: unknown): RegistrationResponse {
  const parsed = v.safeParse(registrationResponse, value)
  if (!parsed.success) throw invalidCredentialError('not a RegistrationResponseJSON')
  return parsed.output
}

/**
 * @param text CREDENTIAL, JSON
 * @returns `undefined` for anything else
 */
export function findAuthenticationResponse(text: string): AuthenticationResponse | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), authenticationResponse), text)
  return parsed.success ? parsed.output : undefined
}

/** @returns `undefined` for what is no client data */
export function findClientData(clientDataJSON: string): ClientData | undefined {
  const text = Buffer.from(clientDataJSON, 'base64url').toString('utf8')
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), clientData), text)
  return parsed.success ? parsed.output : undefined
}

export function invalidCredentialError(detail: string): CognitoError {
  return new CognitoError('InvalidParameterException', 'Invalid passkey credential.', { detail })
}

/**
 * Whether pages of this origin may use passkeys of the relying party: its own host or one below it, by https; by http
 * only on this machine, as browsers have it.
 *
 * @see https://www.w3.org/TR/webauthn-3/#sctn-validating-origin
 */
export function isAllowedOrigin(origin: string, relyingPartyId: string): boolean {
  if (!URL.canParse(origin)) return false
  const { origin: canonical, protocol, hostname } = new URL(origin)
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost')
  return (
    canonical === origin &&
    (hostname === relyingPartyId || hostname.endsWith(`.${relyingPartyId}`)) &&
    (protocol === 'https:' || (protocol === 'http:' && isLocal))
  )
}
