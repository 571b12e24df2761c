/** Passkeys: registering, listing and deleting them, and what a pool refuses without writing anything. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { CognitoErrorType } from '../../../src/local-cloud/user-pool/cognito-error.ts'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import {
  addPasskey,
  completeRegistration,
  startRegistration,
  withPasskeys,
} from '../../support/passkeys.ts'
import { createSeededRandom } from '../../support/reliability/seeded-random.ts'
import {
  createPasskey,
  encodeCbor,
  type RegistrationJson,
} from '../../support/software-authenticator.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { createSignedInUser, requireStoredUser, rider } from '../../support/users.ts'

const errors = {
  notEnabled: {
    type: 'WebAuthnNotEnabledException',
    message: 'WebAuthn is not enabled for this user pool.',
  },
  configurationMissing: {
    type: 'WebAuthnConfigurationMissingException',
    message: 'The user pool has no relying party id.',
  },
  challengeNotFound: {
    type: 'WebAuthnChallengeNotFoundException',
    message: 'The challenge from StartWebAuthnRegistration has expired.',
  },
  clientMismatch: {
    type: 'WebAuthnClientMismatchException',
    message: 'The access token is of another client than the one that started the registration.',
  },
  originNotAllowed: {
    type: 'WebAuthnOriginNotAllowedException',
    message: `The passkey's origin does not align with the relying party id of the user pool.`,
  },
  relyingPartyMismatch: {
    type: 'WebAuthnRelyingPartyMismatchException',
    message:
      'The passkey is associated with another relying party id than the one of the user pool.',
  },
  notSupported: {
    type: 'WebAuthnCredentialNotSupportedException',
    message: 'The passkey is from an unsupported device or provider.',
  },
  invalid: { type: 'InvalidParameterException', message: 'Invalid passkey credential.' },
  tooMany: {
    type: 'LimitExceededException',
    message: 'The user has the maximum number of passkeys.',
  },
  notFound: { type: 'ResourceNotFoundException', message: 'Passkey not found.' },
} as const satisfies Record<string, { type: CognitoErrorType; message: string }>

interface Signed {
  readonly pool: TestPool
  readonly AccessToken: string
  readonly sub: string
}

async function createSignedIn(overrides: Partial<UserPoolSettings> = {}): Promise<Signed> {
  const pool = await createTestPool({ ...withPasskeys, ...overrides })
  const { AccessToken } = await createSignedInUser(pool)
  return { pool, AccessToken, sub: requireStoredUser(pool, rider.username).sub }
}

const listed = v.object({
  Credentials: v.array(v.record(v.string(), v.unknown())),
  NextToken: v.optional(v.string()),
})

async function list({ pool, AccessToken }: Signed, page: object = {}) {
  const response = await pool.call('ListWebAuthnCredentials', { AccessToken, ...page })
  expectSuccess(response)
  return v.parse(listed, response.body)
}

describe('StartWebAuthnRegistration', () => {
  test('the options have the members of Cognito, and user.id is the sub as text', async () => {
    const { pool, AccessToken, sub } = await createSignedIn()
    const { challenge, ...options } = await startRegistration(pool, AccessToken)

    expect(options).toEqual({
      rp: { id: 'localhost', name: 'localhost' },
      user: {
        id: Buffer.from(sub).toString('base64url'),
        name: rider.username,
        displayName: rider.username,
      },
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      timeout: 60_000,
      excludeCredentials: [],
      authenticatorSelection: {
        requireResidentKey: true,
        residentKey: 'required',
        userVerification: 'preferred',
      },
    })
    expect(challenge).toMatch(/^[\w-]{43,}$/)
  })

  test('the options exclude the passkeys that the user has', async () => {
    const { pool, AccessToken } = await createSignedIn()
    const { id } = await addPasskey(pool, AccessToken)

    expect(await startRegistration(pool, AccessToken)).toMatchObject({
      excludeCredentials: [{ type: 'public-key', id }],
    })
  })

  test('a passkey manager shows the address where usernames are uuids', async () => {
    const { pool, AccessToken } = await createSignedIn({ usernameModel: 'email' })

    expect(await startRegistration(pool, AccessToken)).toMatchObject({
      user: { name: rider.username, displayName: rider.username },
    })
  })

  test.each([
    [
      'without passkeys as a factor',
      { firstAuthFactors: new Set(['PASSWORD'] as const) },
      errors.notEnabled,
    ],
    [
      'without a relying party id',
      { webAuthn: { ...withPasskeys.webAuthn, relyingPartyId: undefined } },
      errors.configurationMissing,
    ],
  ])('a pool %s makes no passkey', async (_, overrides, error) => {
    const { pool, AccessToken } = await createSignedIn(overrides)

    expectError(await pool.call('StartWebAuthnRegistration', { AccessToken }), error)
    expectError(await completeRegistration(pool, AccessToken, {}), error)
  })
})

describe('CompleteWebAuthnRegistration', () => {
  test.each(['ES256', 'RS256'] as const)(
    'a passkey with a key for %s is added',
    async (algorithm) => {
      const signedIn = await createSignedIn()
      const { pool, AccessToken } = signedIn
      const passkey = await addPasskey(pool, AccessToken, {
        algorithm,
        transports: ['hybrid', 'internal'],
      })

      expect(await list(signedIn)).toEqual({
        Credentials: [
          {
            CredentialId: passkey.id,
            FriendlyCredentialName: 'Platform passkey',
            RelyingPartyId: 'localhost',
            AuthenticatorAttachment: 'platform',
            AuthenticatorTransports: ['hybrid', 'internal'],
            CreatedAt: pool.clock.nowMs() / 1000,
          },
        ],
      })
      expect((await pool.call('GetUserAuthFactors', { AccessToken })).body).toMatchObject({
        ConfiguredUserAuthFactors: ['PASSWORD', 'WEB_AUTHN'],
      })
    },
  )

  test('a passkey on a security key is called as Cognito calls it, and unknown transports are left out', async () => {
    const signedIn = await createSignedIn()
    await addPasskey(signedIn.pool, signedIn.AccessToken, {
      attachment: 'cross-platform',
      transports: ['usb', 'telepathy'],
    })

    expect((await list(signedIn)).Credentials).toMatchObject([
      { FriendlyCredentialName: 'Roaming passkey', AuthenticatorTransports: ['usb'] },
    ])
  })

  test.each([
    'http://localhost:5173',
    'http://localhost',
    'https://localhost',
    'http://app.localhost:3000',
  ])('passkeys are made at %s for localhost', async (origin) => {
    const { pool, AccessToken } = await createSignedIn()

    await addPasskey(pool, AccessToken, { origin })
  })

  test.each(['https://example.com', 'https://www.example.com', 'https://example.com:8443'])(
    'passkeys are made at %s for example.com',
    async (origin) => {
      const webAuthn = { ...withPasskeys.webAuthn, relyingPartyId: 'example.com' }
      const { pool, AccessToken } = await createSignedIn({ webAuthn })

      await addPasskey(pool, AccessToken, { origin })
    },
  )

  test.each([
    ['http', 'http://example.com'],
    ['another host', 'https://evil.example'],
    ['a host that ends alike', 'https://evilexample.com'],
    ['a host that begins alike', 'https://example.com.evil.example'],
    ['a path', 'https://example.com/'],
    ['a name in the address', 'https://example.com@evil.example'],
    ['an app', 'android:apk-key-hash:abc'],
    ['this machine', 'http://localhost:5173'],
    ['nothing', ''],
    ['null', 'null'],
  ])('a passkey from %s is refused for example.com, and nothing is written', async (_, origin) => {
    const webAuthn = { ...withPasskeys.webAuthn, relyingPartyId: 'example.com' }
    const signedIn = await createSignedIn({ webAuthn })
    const { pool, AccessToken } = signedIn
    const { response } = createPasskey(await startRegistration(pool, AccessToken), { origin })

    expectError(await completeRegistration(pool, AccessToken, response), errors.originNotAllowed)
    expect((await list(signedIn)).Credentials).toEqual([])
  })

  test.each([
    ['for another relying party', { relyingPartyId: 'evil.example' }, errors.relyingPartyMismatch],
    ['for a challenge of nobody', { challenge: 'AAAA' }, errors.challengeNotFound],
    ['at 127.0.0.1', { origin: 'http://127.0.0.1:5173' }, errors.originNotAllowed],
    ['as a sign-in', { type: 'webauthn.get' }, errors.notSupported],
    ['with a key that was not asked for', { algorithm: 'EdDSA' }, errors.notSupported],
  ] as const)(
    'a passkey made %s is refused, and nothing is written',
    async (_, ceremony, error) => {
      const signedIn = await createSignedIn()
      const { pool, AccessToken } = signedIn
      const { response } = createPasskey(await startRegistration(pool, AccessToken), ceremony)

      expectError(await completeRegistration(pool, AccessToken, response), error)
      expect((await list(signedIn)).Credentials).toEqual([])
    },
  )

  test('without user verification a passkey is refused where the pool requires it, and taken where it does not', async () => {
    const webAuthn = { ...withPasskeys.webAuthn, userVerification: 'required' } as const
    const strict = await createSignedIn({ webAuthn })
    const options = await startRegistration(strict.pool, strict.AccessToken)
    const { response } = createPasskey(options, { userVerified: false })

    expect(options).toMatchObject({ authenticatorSelection: { userVerification: 'required' } })
    expectError(
      await completeRegistration(strict.pool, strict.AccessToken, response),
      errors.notSupported,
    )
    const lax = await createSignedIn()
    await addPasskey(lax.pool, lax.AccessToken, { userVerified: false })
  })

  test('a challenge is used once, and a refused passkey does not use it up', async () => {
    const signedIn = await createSignedIn()
    const { pool, AccessToken } = signedIn
    const options = await startRegistration(pool, AccessToken)
    const wrong = createPasskey(options, { relyingPartyId: 'evil.example' })
    const right = createPasskey(options)
    const second = createPasskey(options)

    expectError(
      await completeRegistration(pool, AccessToken, wrong.response),
      errors.relyingPartyMismatch,
    )
    expectSuccess(await completeRegistration(pool, AccessToken, right.response))
    for (const { response } of [right, second]) {
      expectError(await completeRegistration(pool, AccessToken, response), errors.challengeNotFound)
    }
    expect((await list(signedIn)).Credentials).toHaveLength(1)
  })

  test('a challenge is used once by two calls at the same time', async () => {
    const signedIn = await createSignedIn()
    const { pool, AccessToken } = signedIn
    const options = await startRegistration(pool, AccessToken)
    const responses = await Promise.all(
      [createPasskey(options), createPasskey(options)].map(({ response }) =>
        completeRegistration(pool, AccessToken, response),
      ),
    )

    expect(responses.map(({ status }) => status).sort()).toEqual([200, 400])
    expect((await list(signedIn)).Credentials).toHaveLength(1)
  })

  test('a challenge ends after five minutes', async () => {
    const { pool, AccessToken } = await createSignedIn()
    const { response } = createPasskey(await startRegistration(pool, AccessToken))
    pool.clock.advance(301)

    expectError(await completeRegistration(pool, AccessToken, response), errors.challengeNotFound)
  })

  test('a challenge is for the user who asked for it', async () => {
    const { pool, AccessToken } = await createSignedIn()
    const other = await createSignedInUser(pool, { ...rider, username: 'other@example.com' })
    const { response } = createPasskey(await startRegistration(pool, AccessToken))

    expectError(
      await completeRegistration(pool, other.AccessToken, response),
      errors.challengeNotFound,
    )
  })

  test('a challenge is for the client that asked for it', async () => {
    const { pool, AccessToken, sub } = await createSignedIn()
    const ofOtherClient = pool.stateCipher
      .encrypt('WebAuthn registration', {
        nonce: pool.random.uuid(),
        sub,
        clientId: 'another',
        expiresAtMs: pool.clock.nowMs() + 1000,
      })
      .toString('base64url')
    const options = await startRegistration(pool, AccessToken)
    const { response } = createPasskey(options, { challenge: ofOtherClient })

    expectError(await completeRegistration(pool, AccessToken, response), errors.clientMismatch)
  })

  test('a passkey that the pool has cannot be added again, by whomever', async () => {
    const signedIn = await createSignedIn()
    const { pool, AccessToken } = signedIn
    const { id } = await addPasskey(pool, AccessToken)
    const other = await createSignedInUser(pool, { ...rider, username: 'other@example.com' })

    for (const token of [AccessToken, other.AccessToken]) {
      const { response } = createPasskey(await startRegistration(pool, token), { id })
      expectError(await completeRegistration(pool, token, response), errors.invalid)
    }
    expect((await list(signedIn)).Credentials).toHaveLength(1)
    expect((await list({ ...signedIn, AccessToken: other.AccessToken })).Credentials).toEqual([])
  })

  test('twenty passkeys are the most, also when the twenty-first was begun before', async () => {
    const signedIn = await createSignedIn()
    const { pool, AccessToken } = signedIn
    const late = createPasskey(await startRegistration(pool, AccessToken))
    for (let count = 0; count < 20; count += 1) await addPasskey(pool, AccessToken)

    expectError(await pool.call('StartWebAuthnRegistration', { AccessToken }), errors.tooMany)
    expectError(await completeRegistration(pool, AccessToken, late.response), errors.tooMany)
    const { Credentials } = await list(signedIn)
    expect(Credentials).toHaveLength(20)

    const [{ CredentialId } = {}] = Credentials
    expectSuccess(await pool.call('DeleteWebAuthnCredential', { AccessToken, CredentialId }))
    expectSuccess(await completeRegistration(pool, AccessToken, late.response))
  })
})

describe('rubbish in place of a passkey', () => {
  type Change = (response: RegistrationJson) => unknown
  const withResponse =
    (members: Partial<Record<keyof RegistrationJson['response'], unknown>>): Change =>
    (response) => ({ ...response, response: { ...response.response, ...members } })
  const encode = (value: unknown) => encodeCbor(value).toString('base64url')

  test.each<[string, Change, { type: CognitoErrorType; message: string }]>([
    ['nothing', () => ({}), errors.invalid],
    ['no response', ({ response: _, ...rest }) => rest, errors.invalid],
    ['another type', (response) => ({ ...response, type: 'password' }), errors.invalid],
    ['a number as id', (response) => ({ ...response, id: 1, rawId: 1 }), errors.invalid],
    ['another id', (response) => ({ ...response, id: 'AAAA', rawId: 'AAAA' }), errors.invalid],
    ['two ids', (response) => ({ ...response, rawId: 'AAAA' }), errors.notSupported],
    ['client data that is not base64url', withResponse({ clientDataJSON: '{}' }), errors.invalid],
    ['client data that is not JSON', withResponse({ clientDataJSON: 'AAAA' }), errors.invalid],
    ['client data of null', withResponse({ clientDataJSON: 'bnVsbA' }), errors.invalid],
    ['an empty attestation', withResponse({ attestationObject: 'oA' }), errors.notSupported],
    ['no CBOR', withResponse({ attestationObject: '_____w' }), errors.notSupported],
    [
      'CBOR that is a text',
      withResponse({ attestationObject: encode('none') }),
      errors.notSupported,
    ],
    [
      'short authenticator data',
      withResponse({
        attestationObject: encode(
          new Map<unknown, unknown>([
            ['fmt', 'none'],
            ['attStmt', new Map()],
            ['authData', Buffer.alloc(36)],
          ]),
        ),
      }),
      errors.notSupported,
    ],
  ])('%s is refused, and nothing is written', async (_, change, error) => {
    const signedIn = await createSignedIn()
    const { pool, AccessToken } = signedIn
    const { response } = createPasskey(await startRegistration(pool, AccessToken))

    expectError(await completeRegistration(pool, AccessToken, change(response)), error)
    expect((await list(signedIn)).Credentials).toEqual([])
    expectSuccess(await completeRegistration(pool, AccessToken, response))
  })

  test.each(['text', 1, true, [[]]])('a Credential of %j is refused', async (credential) => {
    const { pool, AccessToken } = await createSignedIn()

    expectError(await completeRegistration(pool, AccessToken, credential), errors.invalid)
  })

  test('a missing Credential is named', async () => {
    const { pool, AccessToken } = await createSignedIn()

    expectError(await completeRegistration(pool, AccessToken, null), {
      type: 'InvalidParameterException',
      message:
        "1 validation error detected: Value null at 'credential' failed to satisfy constraint: Member must not be null",
    })
  })

  test('three hundred damaged passkeys: each is an error of Cognito or was damaged where nothing stands', async () => {
    const signedIn = await createSignedIn()
    const { pool, AccessToken, sub } = signedIn
    const random = createSeededRandom(20_261_129)
    for (let round = 0; round < 300; round += 1) {
      const { response } = createPasskey(await startRegistration(pool, AccessToken))
      const member = random.pick(['clientDataJSON', 'attestationObject'] as const)
      const bytes = Buffer.from(response.response[member], 'base64url')
      const at = random.below(bytes.length)
      bytes[at] = random.below(256)
      const cut = bytes.subarray(0, random.chance(0.25) ? at : bytes.length)
      const damaged = { ...response.response, [member]: cut.toString('base64url') }
      const { status, body } = await completeRegistration(pool, AccessToken, {
        ...response,
        response: damaged,
      })

      expect(status === 200 ? 'added' : body.__type, `round ${round}`).toMatch(
        /^(added|InvalidParameterException|WebAuthn\w+Exception)$/,
      )
      for (const { credentialId } of pool.store.listWebAuthnCredentialsOf(sub)) {
        pool.store.deleteWebAuthnCredential({ sub, credentialId })
      }
    }
  })
})

describe('ListWebAuthnCredentials', () => {
  test('pages are as long as asked for, oldest first, and the last has no NextToken', async () => {
    const signedIn = await createSignedIn()
    const { pool, AccessToken } = signedIn
    const ids: string[] = []
    for (let count = 0; count < 3; count += 1) {
      ids.push((await addPasskey(pool, AccessToken)).id)
      pool.clock.advance(1)
    }
    const first = await list(signedIn, { MaxResults: 2 })
    const second = await list(signedIn, { MaxResults: 2, NextToken: first.NextToken })

    const toIds = ({ Credentials }: typeof first) => Credentials.map((one) => one.CredentialId)
    expect([...toIds(first), ...toIds(second)]).toEqual(ids)
    expect(toIds(first)).toHaveLength(2)
    expect(second.NextToken).toBeUndefined()
    expect(toIds(await list(signedIn))).toEqual(ids)
    expect(toIds(await list(signedIn, { MaxResults: 3 }))).toEqual(ids)
  })

  test.each([
    [{ MaxResults: 21 }, /at 'maxResults' .*less than or equal to 20/],
    [{ MaxResults: -1 }, /at 'maxResults' .*greater than or equal to 0/],
    [{ NextToken: 'unknown' }, /^Invalid pagination token given\.$/],
  ])('%j is refused', async (page, message) => {
    const { pool, AccessToken } = await createSignedIn()
    const { status, body } = await pool.call('ListWebAuthnCredentials', { AccessToken, ...page })

    expect(status).toBe(400)
    expect(body.__type).toBe('InvalidParameterException')
    expect(body.message).toMatch(message)
  })

  test('a pool without passkeys as a factor has none to list or delete', async () => {
    const signedIn = await createSignedIn({ firstAuthFactors: new Set(['PASSWORD'] as const) })
    const { pool, AccessToken } = signedIn

    expect(await list(signedIn)).toEqual({ Credentials: [] })
    expectError(
      await pool.call('DeleteWebAuthnCredential', { AccessToken, CredentialId: 'AAAA' }),
      errors.notFound,
    )
  })
})

describe('DeleteWebAuthnCredential', () => {
  test('a deleted passkey is gone, once', async () => {
    const signedIn = await createSignedIn()
    const { pool, AccessToken } = signedIn
    const { id: CredentialId } = await addPasskey(pool, AccessToken)

    const deleted = await pool.call('DeleteWebAuthnCredential', { AccessToken, CredentialId })
    expect({ status: deleted.status, body: deleted.body }).toEqual({ status: 200, body: {} })
    expect((await list(signedIn)).Credentials).toEqual([])
    expectError(
      await pool.call('DeleteWebAuthnCredential', { AccessToken, CredentialId }),
      errors.notFound,
    )
  })

  test("another user's passkey is not found", async () => {
    const signedIn = await createSignedIn()
    const { pool, AccessToken } = signedIn
    const { id: CredentialId } = await addPasskey(pool, AccessToken)
    const other = await createSignedInUser(pool, { ...rider, username: 'other@example.com' })

    expectError(
      await pool.call('DeleteWebAuthnCredential', {
        AccessToken: other.AccessToken,
        CredentialId,
      }),
      errors.notFound,
    )
    expect((await list(signedIn)).Credentials).toHaveLength(1)
  })

  test('passkeys are deleted with their user', async () => {
    const { pool, AccessToken, sub } = await createSignedIn()
    const { id } = await addPasskey(pool, AccessToken)
    expectSuccess(await pool.call('DeleteUser', { AccessToken }))

    expect(pool.store.findWebAuthnCredential(id)).toBeUndefined()
    expect(pool.store.listWebAuthnCredentialsOf(sub)).toEqual([])
  })
})
