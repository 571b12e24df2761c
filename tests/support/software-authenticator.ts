/**
 * An authenticator and the browser around it, in software: makes passkeys and signs in with them, and can be told to
 * do it wrong.
 *
 * @see https://www.w3.org/TR/webauthn-3/#sctn-authenticator-data
 */

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import * as v from 'valibot'

const flags = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10 }
const attestedData = 0x40

export const origin = 'http://localhost:5173'

const creationOptions = v.object({
  rp: v.object({ id: v.string(), name: v.string() }),
  user: v.object({ id: v.string(), name: v.string(), displayName: v.string() }),
  challenge: v.string(),
  excludeCredentials: v.array(v.object({ type: v.literal('public-key'), id: v.string() })),
})
const requestOptions = v.object({
  rpId: v.string(),
  challenge: v.string(),
  allowCredentials: v.array(v.object({ type: v.literal('public-key'), id: v.string() })),
})

/** What a passkey is made or used with; the right things unless they are named. */
export interface Ceremony {
  readonly origin?: string
  /** domain that the authenticator works for */
  readonly relyingPartyId?: string
  readonly challenge?: string
  readonly type?: string
  readonly userVerified?: boolean
  readonly backedUp?: boolean
  /** signature counter */
  readonly counter?: number
  readonly attachment?: string
  readonly transports?: readonly string[]
}

export interface Passkey {
  /** base64url */
  readonly id: string
  readonly privateKey: KeyObject
  readonly relyingPartyId: string
  /** `user.id` as the pool made it */
  readonly userHandle: string
}

export type RegistrationJson = {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly authenticatorAttachment: string
  readonly clientExtensionResults: Record<string, never>
  readonly response: {
    readonly clientDataJSON: string
    readonly attestationObject: string
    readonly transports: string[]
  }
}

export type AuthenticationJson = {
  readonly id: string
  readonly rawId: string
  readonly type: string
  readonly authenticatorAttachment: string
  readonly clientExtensionResults: Record<string, never>
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle: string
  }
}

/** Makes a passkey as `navigator.credentials.create()` does, with no attestation. */
export function createPasskey(
  options: unknown,
  ceremony: Ceremony & { algorithm?: 'ES256' | 'RS256' | 'EdDSA'; id?: string } = {},
): { passkey: Passkey; response: RegistrationJson } {
  const { rp, user, challenge } = v.parse(creationOptions, options)
  const { algorithm = 'ES256', relyingPartyId = rp.id } = ceremony
  const { publicKey, privateKey } = createKeyPair(algorithm)
  const id = ceremony.id ? Buffer.from(ceremony.id, 'base64url') : randomBytes(32)
  const authData = Buffer.concat([
    toAuthenticatorData(relyingPartyId, { counter: 0, ...ceremony }, attestedData),
    Buffer.alloc(16),
    toUint16(id.length),
    id,
    toCoseKey(publicKey, algorithm),
  ])
  const passkey = {
    id: id.toString('base64url'),
    privateKey,
    relyingPartyId,
    userHandle: user.id,
  }
  return {
    passkey,
    response: {
      ...toCredential(passkey, ceremony),
      response: {
        clientDataJSON: toClientData('webauthn.create', challenge, ceremony).toString('base64url'),
        attestationObject: encodeCbor(
          new Map<unknown, unknown>([
            ['fmt', 'none'],
            ['attStmt', new Map()],
            ['authData', authData],
          ]),
        ).toString('base64url'),
        transports: [...(ceremony.transports ?? ['internal'])],
      },
    },
  }
}

/**
 * Signs in with a passkey as `navigator.credentials.get()` does.
 *
 * @param options CREDENTIAL_REQUEST_OPTIONS, JSON
 */
export function usePasskey(
  passkey: Passkey,
  options: string,
  ceremony: Ceremony = {},
): AuthenticationJson {
  const { rpId, challenge } = v.parse(requestOptions, JSON.parse(options))
  const { relyingPartyId = rpId } = ceremony
  const clientData = toClientData('webauthn.get', challenge, ceremony)
  const authenticatorData = toAuthenticatorData(relyingPartyId, { counter: 0, ...ceremony })
  const signed = Buffer.concat([authenticatorData, sha256(clientData)])
  return {
    ...toCredential(passkey, ceremony),
    response: {
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, passkey.privateKey).toString('base64url'),
      userHandle: passkey.userHandle,
    },
  }
}

function toCredential({ id }: Passkey, { attachment = 'platform' }: Ceremony) {
  return {
    id,
    rawId: id,
    type: 'public-key',
    authenticatorAttachment: attachment,
    clientExtensionResults: {},
  }
}

function toClientData(type: string, challenge: string, ceremony: Ceremony): Buffer {
  const data = { type, challenge, origin, crossOrigin: false }
  const { type: otherType, challenge: otherChallenge, origin: otherOrigin } = ceremony
  return Buffer.from(
    JSON.stringify({
      ...data,
      ...(otherType !== undefined && { type: otherType }),
      ...(otherChallenge !== undefined && { challenge: otherChallenge }),
      ...(otherOrigin !== undefined && { origin: otherOrigin }),
    }),
  )
}

function toAuthenticatorData(
  relyingPartyId: string,
  { userVerified = true, backedUp = false, counter }: Ceremony & { counter: number },
  otherFlags = 0,
): Buffer {
  const bits =
    flags.userPresent |
    (userVerified ? flags.userVerified : 0) |
    (backedUp ? flags.backupEligible | flags.backedUp : 0) |
    otherFlags
  const count = Buffer.alloc(4)
  count.writeUInt32BE(counter)
  return Buffer.concat([sha256(Buffer.from(relyingPartyId)), Buffer.from([bits]), count])
}

function createKeyPair(algorithm: 'ES256' | 'RS256' | 'EdDSA') {
  switch (algorithm) {
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
    case 'EdDSA':
      return generateKeyPairSync('ed25519')
    default:
      return algorithm satisfies never
  }
}

/** @see RFC 9053 sections 2 and 7, RFC 8230 section 4 */
function toCoseKey(publicKey: KeyObject, algorithm: 'ES256' | 'RS256' | 'EdDSA'): Buffer {
  const jwk = publicKey.export({ format: 'jwk' })
  const bytes = (text = '') => Buffer.from(text, 'base64url')
  const members = {
    ES256: [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(jwk.x)],
      [-3, bytes(jwk.y)],
    ],
    RS256: [
      [1, 3],
      [3, -257],
      [-1, bytes(jwk.n)],
      [-2, bytes(jwk.e)],
    ],
    EdDSA: [
      [1, 1],
      [3, -8],
      [-1, 6],
      [-2, bytes(jwk.x)],
    ],
  } as const
  return encodeCbor(new Map<unknown, unknown>(members[algorithm]))
}

/** The part of CBOR that authenticators use: integers, byte strings, texts and maps. @see RFC 8949 section 3 */
export function encodeCbor(value: unknown): Buffer {
  if (typeof value === 'number') {
    return value >= 0 ? toHead(0, value) : toHead(1, -1 - value)
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([toHead(2, value.length), value])
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8')
    return Buffer.concat([toHead(3, text.length), text])
  }
  if (value instanceof Map) {
    const entries = [...value].flat().map(encodeCbor)
    return Buffer.concat([toHead(5, value.size), ...entries])
  }
  throw new Error(`expected what an authenticator encodes, got ${typeof value}`)
}

function toHead(majorType: number, argument: number): Buffer {
  const first = majorType << 5
  if (argument < 24) return Buffer.from([first | argument])
  if (argument < 0x100) return Buffer.from([first | 24, argument])
  return Buffer.concat([Buffer.from([first | 25]), toUint16(argument)])
}

function toUint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}
