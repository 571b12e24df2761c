/** Sign-in by passkey: the challenge WEB_AUTHN, and every way in which a signature can be wrong. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { expectError, expectSuccess, type JsonObject } from '../../support/cognito-api.ts'
import {
  expiredSession,
  incorrectCredentials,
  invalidSession,
  spentSession,
  userDisabled,
} from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { addPasskey, withPasskeys } from '../../support/passkeys.ts'
import { createSeededRandom } from '../../support/reliability/seeded-random.ts'
import { answerChallenge } from '../../support/sign-in.ts'
import {
  type AuthenticationJson,
  type Ceremony,
  origin,
  type Passkey,
  usePasskey,
} from '../../support/software-authenticator.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { enableTotpMfa } from '../../support/totp.ts'
import {
  initiateUserAuth,
  requireUserAuthChallenge,
  type UserAuthChallenge,
} from '../../support/user-auth.ts'
import { ENABLED, LEGACY } from '../../support/user-existence-errors.ts'
import {
  createConfirmedUser,
  createSignedInUser,
  requireStoredUser,
  requireTokens,
  rider,
  signUpUser,
  UserPoolId,
} from '../../support/users.ts'

const passwords = ['PASSWORD_SRP', 'PASSWORD']
const multiFactor = {
  mfaConfiguration: 'OPTIONAL',
  webAuthn: {
    ...withPasskeys.webAuthn,
    factorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
  },
} as const satisfies Partial<UserPoolSettings>

interface Stage {
  readonly pool: TestPool
  readonly passkey: Passkey
  readonly AccessToken: string
}

/** A rider with a passkey, whose counter is 0. */
async function createStage(
  overrides: Partial<UserPoolSettings> = {},
  ceremony: Ceremony = {},
): Promise<Stage> {
  const pool = await createTestPool({ ...withPasskeys, ...overrides })
  const { AccessToken } = await createSignedInUser(pool)
  return { pool, AccessToken, passkey: await addPasskey(pool, AccessToken, ceremony) }
}

/** Asks for the challenge WEB_AUTHN. */
async function ask(pool: TestPool, username = rider.username) {
  const response = await initiateUserAuth(pool, {
    USERNAME: username,
    PREFERRED_CHALLENGE: 'WEB_AUTHN',
  })
  expectSuccess(response)
  return requireUserAuthChallenge(response)
}

function toOptions({ ChallengeParameters }: UserAuthChallenge): string {
  return v.parse(v.string(), ChallengeParameters.CREDENTIAL_REQUEST_OPTIONS)
}

function respond(
  pool: TestPool,
  challenge: Pick<UserAuthChallenge, 'ChallengeName' | 'Session'>,
  credential: AuthenticationJson | JsonObject | string,
  responses: Readonly<Record<string, string>> = {},
) {
  const CREDENTIAL = typeof credential === 'string' ? credential : JSON.stringify(credential)
  return answerChallenge(pool, challenge, { CREDENTIAL, ...responses })
}

async function signIn({ pool, passkey }: Stage, ceremony: Ceremony = {}) {
  const challenge = await ask(pool)
  return respond(pool, challenge, usePasskey(passkey, toOptions(challenge), ceremony))
}

describe('WEB_AUTHN', () => {
  test('the options have the members of Cognito, and the signature signs in', async () => {
    const { pool, passkey } = await createStage()
    const challenge = await ask(pool)

    expect(challenge).toEqual({
      ChallengeName: 'WEB_AUTHN',
      Session: expect.stringMatching(/^[\w-]{20,2048}$/),
      ChallengeParameters: { CREDENTIAL_REQUEST_OPTIONS: expect.any(String) },
      AvailableChallenges: ['WEB_AUTHN'],
    })
    expect(JSON.parse(toOptions(challenge))).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      timeout: pool.settings.authSessionSeconds * 1000,
      rpId: 'localhost',
      allowCredentials: [{ type: 'public-key', id: passkey.id, transports: ['internal'] }],
      userVerification: 'preferred',
    })
    const response = await respond(pool, challenge, usePasskey(passkey, toOptions(challenge)))
    const { AccessToken } = requireTokens(response)
    expect(response.body.ChallengeParameters).toEqual({})
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test('SELECT_CHALLENGE offers it: by its answer alone, or with the signature at once', async () => {
    const { pool, passkey } = await createStage()
    const selection = requireUserAuthChallenge(await initiateUserAuth(pool))
    expect(selection.AvailableChallenges).toEqual([...passwords, 'WEB_AUTHN'])

    const chosen = await answerChallenge(pool, selection, { ANSWER: 'WEB_AUTHN' })
    const challenge = requireUserAuthChallenge(chosen)
    expect(challenge.ChallengeName).toBe('WEB_AUTHN')
    requireTokens(await respond(pool, challenge, usePasskey(passkey, toOptions(challenge))))

    const other = requireUserAuthChallenge(await initiateUserAuth(pool))
    const credential = usePasskey(passkey, toOptions(other))
    requireTokens(await respond(pool, other, credential, { ANSWER: 'WEB_AUTHN' }))
    expectError(await respond(pool, other, credential, { ANSWER: 'WEB_AUTHN' }), spentSession)
  })

  test('AdminRespondToAuthChallenge takes the signature too', async () => {
    const { pool, passkey } = await createStage()
    const { ChallengeName, Session, ...challenge } = await ask(pool)
    const CREDENTIAL = JSON.stringify(
      usePasskey(passkey, toOptions({ ChallengeName, Session, ...challenge })),
    )
    const body = {
      ClientId: pool.settings.userPoolClientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME: rider.username, CREDENTIAL },
    }

    expectError(
      await callWithIam(pool, 'AdminRespondToAuthChallenge', {
        ...body,
        UserPoolId: 'us-east-1_Other',
      }),
      {
        type: 'ResourceNotFoundException',
        message: 'User pool us-east-1_Other does not exist.',
      },
    )
    requireTokens(await callWithIam(pool, 'AdminRespondToAuthChallenge', { ...body, UserPoolId }))
  })

  test('a user without a passkey chooses between the others', async () => {
    const pool = await createTestPool(withPasskeys)
    await createConfirmedUser(pool)

    expect(await ask(pool)).toMatchObject({
      ChallengeName: 'SELECT_CHALLENGE',
      ChallengeParameters: {},
      AvailableChallenges: passwords,
    })
  })

  test('a deleted passkey, and one for another domain, are not asked for', async () => {
    const { pool, passkey, AccessToken } = await createStage()
    const challenge = await ask(pool)
    await addPasskey(pool, AccessToken)
    const CredentialId = passkey.id
    expectSuccess(await pool.call('DeleteWebAuthnCredential', { AccessToken, CredentialId }))

    expect(toOptions(await ask(pool))).not.toContain(CredentialId)
    expectError(
      await respond(pool, challenge, usePasskey(passkey, toOptions(challenge))),
      incorrectCredentials,
    )
    const { sub } = requireStoredUser(pool, rider.username)
    for (const { credentialId } of pool.store.listWebAuthnCredentialsOf(sub)) {
      pool.store.deleteWebAuthnCredential({ sub, credentialId })
    }
    pool.store.insertWebAuthnCredential({
      credentialId: 'AAAA',
      sub,
      publicKey: 'AAAA',
      counter: 0,
      transports: [],
      attachment: undefined,
      backedUp: false,
      relyingPartyId: 'example.com',
      name: 'Passkey',
      createdAtMs: 1,
    })
    expect((await ask(pool)).ChallengeName).toBe('SELECT_CHALLENGE')
  })

  test('the counter goes up with every sign-in, and a passkey that a provider has copied is known as such', async () => {
    const stage = await createStage()
    const { pool, passkey } = stage
    requireTokens(await signIn(stage, { counter: 7, backedUp: true }))

    expect(pool.store.findWebAuthnCredential(passkey.id)).toMatchObject({
      counter: 7,
      backedUp: true,
    })
    requireTokens(await signIn(stage, { counter: 8 }))
    expect(pool.store.findWebAuthnCredential(passkey.id)?.backedUp).toBe(false)
  })

  test('authenticators that do not count sign in again and again', async () => {
    const stage = await createStage()

    for (let round = 0; round < 3; round += 1) requireTokens(await signIn(stage))
  })
})

describe('a wrong signature', () => {
  const flip = (text: string) => {
    const bytes = Buffer.from(text, 'base64url')
    const last = bytes.length - 1
    bytes[last] = (bytes[last] ?? 0) ^ 1
    return bytes.toString('base64url')
  }
  const withResponse =
    (change: (response: AuthenticationJson['response']) => object) =>
    (credential: AuthenticationJson) => ({
      ...credential,
      response: { ...credential.response, ...change(credential.response) },
    })

  test.each<[string, Ceremony]>([
    ['from another origin', { origin: 'https://evil.example' }],
    ['from an IP address', { origin: origin.replace('localhost', '127.0.0.1') }],
    ['for another relying party', { relyingPartyId: 'evil.example' }],
    ['for another challenge', { challenge: 'A'.repeat(43) }],
    ['for no challenge', { challenge: '' }],
    ['of a registration', { type: 'webauthn.create' }],
  ])('%s is refused, and nothing is written', async (_, ceremony) => {
    const stage = await createStage()
    const { pool, passkey } = stage
    const before = pool.store.findWebAuthnCredential(passkey.id)

    expectError(await signIn(stage, { counter: 9, ...ceremony }), incorrectCredentials)
    expect(pool.store.findWebAuthnCredential(passkey.id)).toEqual(before)
    requireTokens(await signIn(stage))
  })

  test.each<[string, (credential: AuthenticationJson) => unknown]>([
    ['flipped', withResponse(({ signature }) => ({ signature: flip(signature) }))],
    ['of other data', withResponse((own) => ({ authenticatorData: flip(own.authenticatorData) }))],
    ['with no signature', withResponse(() => ({ signature: 'AA' }))],
    ['with short data', withResponse(() => ({ authenticatorData: 'AAAA' }))],
    ['with the handle of another user', withResponse(() => ({ userHandle: 'AAAA' }))],
    ['with a number for a handle', withResponse(() => ({ userHandle: 1 }))],
    ['with no response', ({ response: _, ...rest }) => rest],
    ['with another id', (credential) => ({ ...credential, id: 'AAAA', rawId: 'AAAA' })],
    ['with two ids', (credential) => ({ ...credential, rawId: 'AAAA' })],
    ['that is a list', (credential) => [credential]],
    ['that is null', () => null],
    ['that is a text', () => 'passkey'],
  ])('%s is refused, and the Session does for the right one', async (_, change) => {
    const { pool, passkey } = await createStage()
    const challenge = await ask(pool)
    const credential = usePasskey(passkey, toOptions(challenge))

    expectError(
      await respond(pool, challenge, JSON.stringify(change(credential))),
      incorrectCredentials,
    )
    requireTokens(await respond(pool, challenge, credential))
  })

  test.each(['{', '', ' ', 'null', '"'.repeat(5), '{"id":'.repeat(50)])(
    'a CREDENTIAL of %j is refused',
    async (text) => {
      const { pool } = await createStage()
      const challenge = await ask(pool)
      const missing = {
        type: 'InvalidParameterException',
        message: 'Missing required parameter CREDENTIAL',
      } as const

      expectError(
        await respond(pool, challenge, text),
        text === '' ? missing : incorrectCredentials,
      )
    },
  )

  test('a handle is not asked for', async () => {
    const { pool, passkey } = await createStage()
    const challenge = await ask(pool)
    const { response, ...rest } = usePasskey(passkey, toOptions(challenge))
    const { userHandle: _, ...others } = response

    requireTokens(await respond(pool, challenge, { ...rest, response: others }))
  })

  test('sent again it is refused, with its own Session and with a new one', async () => {
    const { pool, passkey } = await createStage()
    const challenge = await ask(pool)
    const credential = usePasskey(passkey, toOptions(challenge))
    requireTokens(await respond(pool, challenge, credential))

    expectError(await respond(pool, challenge, credential), spentSession)
    expectError(await respond(pool, await ask(pool), credential), incorrectCredentials)
  })

  test('sent twice at the same time it signs in once', async () => {
    const { pool, passkey } = await createStage()
    const challenge = await ask(pool)
    const credential = usePasskey(passkey, toOptions(challenge))
    const responses = await Promise.all([
      respond(pool, challenge, credential),
      respond(pool, challenge, credential),
    ])

    expect(responses.map(({ status }) => status).sort()).toEqual([200, 400])
  })

  test('with a counter that has not gone up it is refused, also by two sign-ins at the same time', async () => {
    const stage = await createStage({}, { counter: 5 })
    const { pool, passkey } = stage

    for (const counter of [5, 4, 0]) {
      expectError(await signIn(stage, { counter }), incorrectCredentials)
    }
    const challenges = [await ask(pool), await ask(pool)]
    const responses = await Promise.all(
      challenges.map((challenge) =>
        respond(pool, challenge, usePasskey(passkey, toOptions(challenge), { counter: 6 })),
      ),
    )
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 400])
    expect(pool.store.findWebAuthnCredential(passkey.id)?.counter).toBe(6)
  })

  test("of another user's passkey is refused", async () => {
    const { pool, passkey } = await createStage()
    const other = { ...rider, username: 'other@example.com' }
    const { AccessToken } = await createSignedInUser(pool, other)
    const others = await addPasskey(pool, AccessToken)
    const challenge = await ask(pool)

    for (const userHandle of [others.userHandle, passkey.userHandle]) {
      expectError(
        await respond(pool, challenge, usePasskey({ ...others, userHandle }, toOptions(challenge))),
        incorrectCredentials,
      )
    }
    expectError(
      await respond(pool, challenge, usePasskey(others, toOptions(challenge)), {
        USERNAME: other.username,
      }),
      invalidSession,
    )
  })

  test('by another key under the id of a passkey is refused', async () => {
    const { pool, passkey, AccessToken } = await createStage()
    const { privateKey } = await addPasskey(pool, AccessToken)
    const challenge = await ask(pool)

    expectError(
      await respond(pool, challenge, usePasskey({ ...passkey, privateKey }, toOptions(challenge))),
      incorrectCredentials,
    )
  })

  test('is refused without user verification where the pool requires it', async () => {
    const webAuthn = { ...withPasskeys.webAuthn, userVerification: 'required' } as const
    const strict = await createStage({ webAuthn })

    expectError(await signIn(strict, { userVerified: false }), incorrectCredentials)
    requireTokens(await signIn(strict))
    requireTokens(await signIn(await createStage(), { userVerified: false }))
  })

  test('is refused once the Session has expired', async () => {
    const { pool, passkey } = await createStage()
    const challenge = await ask(pool)
    pool.clock.advance(pool.settings.authSessionSeconds + 1)

    expectError(
      await respond(pool, challenge, usePasskey(passkey, toOptions(challenge))),
      expiredSession,
    )
  })

  test('is refused with the Session of another challenge', async () => {
    const { pool, passkey } = await createStage()
    const challenge = await ask(pool)
    const credential = usePasskey(passkey, toOptions(challenge))
    const password = requireUserAuthChallenge(
      await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'PASSWORD' }),
    )

    expectError(
      await respond(pool, { ...challenge, Session: password.Session }, credential),
      invalidSession,
    )
    expectError(
      await respond(pool, { ...challenge, Session: 'A'.repeat(100) }, credential),
      invalidSession,
    )
  })

  test('three hundred damaged ones sign nobody in', async () => {
    const { pool, passkey } = await createStage()
    const random = createSeededRandom(20_261_129)
    for (let round = 0; round < 300; round += 1) {
      const challenge = await ask(pool)
      const credential = usePasskey(passkey, toOptions(challenge))
      const member = random.pick(['clientDataJSON', 'authenticatorData', 'signature'] as const)
      const bytes = Buffer.from(credential.response[member], 'base64url')
      // The end of a signature is its number s; how its beginning is encoded can be told in several ways.
      const length = member === 'signature' ? 20 : bytes.length
      const at = bytes.length - 1 - random.below(length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 + random.below(255))
      const cut = bytes.subarray(0, random.chance(0.25) ? at : bytes.length)
      const response = { ...credential.response, [member]: cut.toString('base64url') }
      const { status, body } = await respond(pool, challenge, { ...credential, response })

      expect({ round, status, type: body.__type }).toEqual({
        round,
        status: 400,
        type: 'NotAuthorizedException',
      })
    }
  })
})

describe('with a second factor', () => {
  test('in a pool whose passkeys are one factor they are not offered', async () => {
    const { pool, AccessToken } = await createStage({ mfaConfiguration: 'OPTIONAL' })
    const challenge = await ask(pool)
    await enableTotpMfa(pool, AccessToken)

    expect(challenge.ChallengeName).toBe('WEB_AUTHN')
    expect(await ask(pool)).toMatchObject({
      ChallengeName: 'SELECT_CHALLENGE',
      AvailableChallenges: passwords,
    })
  })

  test('a challenge from before the second factor is refused', async () => {
    const { pool, passkey, AccessToken } = await createStage({ mfaConfiguration: 'OPTIONAL' })
    const challenge = await ask(pool)
    await enableTotpMfa(pool, AccessToken)

    expectError(
      await respond(pool, challenge, usePasskey(passkey, toOptions(challenge))),
      incorrectCredentials,
    )
  })

  test('a passkey counts as MFA where pool and user let it, and its authenticator has verified the user', async () => {
    const stage = await createStage(multiFactor)
    const { pool, AccessToken } = stage
    await enableTotpMfa(pool, AccessToken)
    expect((await ask(pool)).ChallengeName).toBe('SELECT_CHALLENGE')
    const WebAuthnMfaSettings = { Enabled: true }
    expectSuccess(await pool.call('SetUserMFAPreference', { AccessToken, WebAuthnMfaSettings }))

    expectError(await signIn(stage, { userVerified: false }), incorrectCredentials)
    requireTokens(await signIn(stage))

    expectSuccess(
      await callWithIam(pool, 'AdminSetUserMFAPreference', {
        UserPoolId,
        Username: rider.username,
        WebAuthnMfaSettings: { Enabled: false },
      }),
    )
    expect((await ask(pool)).ChallengeName).toBe('SELECT_CHALLENGE')
  })

  test.each<[string, Partial<UserPoolSettings>, boolean]>([
    ['beside no second factor', multiFactor, false],
    ['in a pool whose passkeys are one factor', { mfaConfiguration: 'OPTIONAL' }, true],
  ])('WebAuthnMfaSettings are refused %s', async (_, overrides, hasApp) => {
    const { pool, AccessToken } = await createStage(overrides)
    if (hasApp) await enableTotpMfa(pool, AccessToken)

    expectError(
      await pool.call('SetUserMFAPreference', {
        AccessToken,
        WebAuthnMfaSettings: { Enabled: true },
      }),
      {
        type: 'InvalidParameterException',
        message: 'User does not have delivery config set to turn on WEB_AUTHN',
      },
    )
    expectSuccess(
      await pool.call('SetUserMFAPreference', {
        AccessToken,
        WebAuthnMfaSettings: { Enabled: false },
      }),
    )
  })
})

describe('who exists, under ENABLED', () => {
  const names = Array.from({ length: 24 }, (_, index) => `nobody-${index}@example.com`)

  /** What a stranger sees, with what differs each time by its shape. */
  function toShape(challenge: UserAuthChallenge) {
    const { Session, ChallengeParameters, ...rest } = challenge
    const { CREDENTIAL_REQUEST_OPTIONS: options } = ChallengeParameters
    const shape = options?.replace(/"(challenge|id)":"[\w-]{43}"/g, '"$1":"43"')
    return { ...rest, session: Session.length, options: shape }
  }

  test('strangers, unconfirmed and disabled users look like those with a passkey or like those without', async () => {
    const { pool, passkey } = await createStage(ENABLED)
    await createConfirmedUser(pool, { ...rider, username: 'bare@example.com' })
    await signUpUser(pool, { ...rider, username: 'waiting@example.com' })
    await createConfirmedUser(pool, { ...rider, username: 'off@example.com' })
    await callWithIam(pool, 'AdminDisableUser', { UserPoolId, Username: 'off@example.com' })
    const withPasskey = toShape(await ask(pool))
    const without = toShape(await ask(pool, 'bare@example.com'))
    expect(withPasskey.ChallengeName).toBe('WEB_AUTHN')
    expect(without.ChallengeName).toBe('SELECT_CHALLENGE')

    const seen = new Set<string>()
    for (const username of ['waiting@example.com', 'off@example.com', ...names]) {
      const challenge = await ask(pool, username)
      expect([withPasskey, without]).toContainEqual(toShape(challenge))
      seen.add(challenge.ChallengeName)
      if (challenge.ChallengeName === 'SELECT_CHALLENGE') continue
      const first = toOptions(challenge)
      const second = toOptions(await ask(pool, username.toUpperCase()))
      const idsOf = (options: string) => JSON.parse(options).allowCredentials
      expect(idsOf(second)).toEqual(idsOf(first))
      const { allowCredentials } = v.parse(
        v.object({ allowCredentials: v.array(v.object({ id: v.string() })) }),
        JSON.parse(first),
      )
      const id = allowCredentials[0]?.id ?? ''
      expectError(
        await respond(pool, challenge, usePasskey({ ...passkey, id }, first), {
          USERNAME: username,
        }),
        incorrectCredentials,
      )
    }
    expect([...seen].sort()).toEqual(['SELECT_CHALLENGE', 'WEB_AUTHN'])
  })

  test('without a preference strangers are offered what users are', async () => {
    const { pool } = await createStage(ENABLED)
    await createConfirmedUser(pool, { ...rider, username: 'bare@example.com' })
    const offer = async (USERNAME: string) =>
      toShape(requireUserAuthChallenge(await initiateUserAuth(pool, { USERNAME })))
    const known = [await offer(rider.username), await offer('bare@example.com')]

    for (const username of names) expect(known).toContainEqual(await offer(username))
  })

  test('a user who was disabled since is told so only after the right signature', async () => {
    const { pool, passkey } = await createStage(ENABLED)
    const challenge = await ask(pool)
    await callWithIam(pool, 'AdminDisableUser', { UserPoolId, Username: rider.username })

    expectError(await respond(pool, challenge, '{}'), incorrectCredentials)
    expectError(
      await respond(pool, challenge, usePasskey(passkey, toOptions(challenge))),
      userDisabled,
    )
  })

  test('a LEGACY client is told that a user does not exist', async () => {
    const { pool } = await createStage(LEGACY)

    expectError(
      await initiateUserAuth(pool, { USERNAME: 'nobody', PREFERRED_CHALLENGE: 'WEB_AUTHN' }),
      { type: 'UserNotFoundException', message: 'User does not exist.' },
    )
  })
})
