/** InitiateAuth with USER_SRP_AUTH: the PASSWORD_VERIFIER challenge and every request that gets none. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { N } from '../../../src/local-cloud/user-pool/srp/group.ts'
import type { User } from '../../../src/local-cloud/user-pool/store/store.ts'
import { type ApiResponse, type ExpectedError, expectError } from '../../support/cognito-api.ts'
import {
  incorrectCredentials,
  passwordResetRequired,
  userDisabled,
  userNotConfirmed,
  userNotFound,
} from '../../support/cognito-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ENABLED, LEGACY, userExistenceErrors } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  requireStoredUser,
  rider,
  signUpUser,
} from '../../support/users.ts'

/** A valid public key. */
const SRP_A = 'a5'.repeat(384)

function initiate(
  pool: TestPool,
  AuthParameters: Readonly<Record<string, string | null>> = { USERNAME: rider.username, SRP_A },
): Promise<ApiResponse> {
  return pool.call('InitiateAuth', { ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters })
}

const challengeParameters = v.strictObject({
  SALT: v.pipe(v.string(), v.regex(/^[1-9a-f][0-9a-f]{0,31}$/)),
  SRP_B: v.pipe(v.string(), v.regex(/^[1-9a-f][0-9a-f]{0,767}$/)),
  SECRET_BLOCK: v.pipe(v.string(), v.base64()),
  USERNAME: v.string(),
  USER_ID_FOR_SRP: v.string(),
})
const challenge = v.strictObject({
  ChallengeName: v.literal('PASSWORD_VERIFIER'),
  ChallengeParameters: challengeParameters,
})

/** Parses a response that must be a challenge with exactly these members. */
function requireChallenge({ body }: ApiResponse): v.InferOutput<typeof challengeParameters> {
  return v.parse(challenge, body).ChallengeParameters
}

describe('USER_SRP_AUTH challenge', () => {
  test('the challenge has the stored salt, the canonical user name and no Session', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const response = await initiate(pool, { USERNAME: 'RIDER@example.com', SRP_A })
    const parameters = requireChallenge(response)

    expect(response.status).toBe(200)
    expect(parameters).toMatchObject({
      SALT: requireStoredUser(pool, rider.username).saltHex,
      USERNAME: rider.username,
      USER_ID_FOR_SRP: rider.username,
    })
  })

  test('the challenge has a new SRP_B and a new SECRET_BLOCK each time', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const first = requireChallenge(await initiate(pool))
    const second = requireChallenge(await initiate(pool))

    expect(first.SRP_B).not.toBe(second.SRP_B)
    expect(first.SECRET_BLOCK).not.toBe(second.SECRET_BLOCK)
  })

  test('the challenge reveals nothing of the stored verifier', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const { text } = await initiate(pool)

    expect(text).not.toContain(requireStoredUser(pool, rider.username).verifierHex)
  })

  test('null parameters count as missing and unknown parameters are ignored', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)

    requireChallenge(
      await initiate(pool, {
        USERNAME: rider.username,
        SRP_A,
        DEVICE_KEY: null,
        SECRET_HASH: null,
      }),
    )
  })
})

describe('invalid SRP_A', () => {
  test.each([
    ['0', '0'],
    ['N', N.toString(16)],
    ['2N', (2n * N).toString(16)],
    ['not hexadecimal', 'not-hex'],
    ['negative', '-1'],
    ['of 10 kB', 'f'.repeat(10_240)],
  ])('SRP_A %s is rejected alike for an existing and an unknown user', async (_, value) => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)

    expectError(
      await initiate(pool, { USERNAME: rider.username, SRP_A: value }),
      incorrectCredentials,
    )
    expectError(await initiate(pool, { USERNAME: 'ghost', SRP_A: value }), incorrectCredentials)
  })
})

describe.each(userExistenceErrors)('PreventUserExistenceErrors %s', (_, setting) => {
  test('an unconfirmed user is told UserNotConfirmedException before the password is checked', async () => {
    const pool = await createTestPool(setting)
    await signUpUser(pool)

    expectError(await initiate(pool), userNotConfirmed)
  })

  const states: readonly [string, Partial<User>, ExpectedError][] = [
    ['disabled', { enabled: false }, userDisabled],
    ['disabled and unconfirmed', { enabled: false, status: 'UNCONFIRMED' }, userDisabled],
    ['in RESET_REQUIRED', { status: 'RESET_REQUIRED' }, passwordResetRequired],
  ]
  test.each(states)(
    'a user who is %s is told so before the password is checked',
    async (_state, change, error) => {
      const pool = await createTestPool(setting)
      await createConfirmedUser(pool)
      changeUser(pool, rider.username, change)

      expectError(await initiate(pool), error)
    },
  )
})

describe('user enumeration: InitiateAuth for an unknown user', () => {
  test('LEGACY: an unknown user is a UserNotFoundException', async () => {
    expectError(await initiate(await createTestPool(LEGACY)), userNotFound)
  })

  test('ENABLED: an unknown user gets a challenge with the same salt and id each time', async () => {
    const pool = await createTestPool(ENABLED)
    const first = requireChallenge(await initiate(pool))
    const second = requireChallenge(await initiate(pool))

    expect(first.SALT).toBe(second.SALT)
    expect(first.USER_ID_FOR_SRP).toMatch(/^[0-9a-f-]{36}$/)
    expect(first.USER_ID_FOR_SRP).toBe(first.USERNAME)
    expect(first.USER_ID_FOR_SRP).toBe(second.USER_ID_FOR_SRP)
    expect(first.SRP_B).not.toBe(second.SRP_B)
  })
})

const oneError = '1 validation error detected:'
const flows =
  'USER_SRP_AUTH, USER_PASSWORD_AUTH, REFRESH_TOKEN_AUTH, REFRESH_TOKEN, CUSTOM_AUTH, USER_AUTH, ADMIN_USER_PASSWORD_AUTH, ADMIN_NO_SRP_AUTH'

describe('invalid InitiateAuth request', () => {
  test.each([
    [
      { AuthParameters: { SRP_A } },
      'InvalidParameterException',
      'Missing required parameter USERNAME',
    ],
    [
      { AuthParameters: { USERNAME: '', SRP_A } },
      'InvalidParameterException',
      'Missing required parameter USERNAME',
    ],
    [
      { AuthParameters: { USERNAME: 'rider' } },
      'InvalidParameterException',
      'Missing required parameter SRP_A',
    ],
    [
      { AuthParameters: { USERNAME: 'rider', SRP_A: null } },
      'InvalidParameterException',
      'Missing required parameter SRP_A',
    ],
    [{ AuthParameters: null }, 'InvalidParameterException', 'Missing required parameter USERNAME'],
    [
      { AuthFlow: 'REFRESH_TOKEN_AUTH' },
      'InvalidParameterException',
      'Missing required parameter REFRESH_TOKEN',
    ],
    [
      { AuthFlow: 'USER_PASSWORD_AUTH' },
      'InvalidParameterException',
      'USER_PASSWORD_AUTH flow not enabled for this client',
    ],
    [
      { AuthFlow: 'USER_AUTH' },
      'InvalidParameterException',
      'USER_AUTH flow not enabled for this client',
    ],
    [
      { AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' },
      'InvalidParameterException',
      'Initiate Auth method not supported.',
    ],
    [
      { AuthFlow: 'ADMIN_NO_SRP_AUTH' },
      'InvalidParameterException',
      'Initiate Auth method not supported.',
    ],
    [
      { AuthFlow: 'CUSTOM_AUTH' },
      'InvalidParameterException',
      'Custom auth lambda trigger is not configured for the user pool.',
    ],
    [
      { AuthFlow: 'MAGIC' },
      'InvalidParameterException',
      `${oneError} Value 'MAGIC' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: [${flows}]`,
    ],
    [
      { ClientId: 'bad client id!' },
      'InvalidParameterException',
      `${oneError} Value 'bad client id!' at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+]+`,
    ],
    [
      { AuthFlow: null },
      'InvalidParameterException',
      `${oneError} Value null at 'authFlow' failed to satisfy constraint: Member must not be null`,
    ],
    [
      { AuthParameters: { USERNAME: 7, SRP_A } },
      'SerializationException',
      'NUMBER_VALUE can not be converted to a String',
    ],
    [
      { ClientId: 'nosuchclient' },
      'ResourceNotFoundException',
      'User pool client nosuchclient does not exist.',
    ],
  ] as const)('a request with %j is rejected with %s', async (change, type, message) => {
    const pool = await createTestPool()
    const body = {
      ClientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: rider.username, SRP_A },
      ...change,
    }

    expectError(await pool.call('InitiateAuth', body), { type, message })
  })

  test('USER_SRP_AUTH is rejected when the client does not allow it', async () => {
    const pool = await createTestPool({ explicitAuthFlows: new Set(['ALLOW_REFRESH_TOKEN_AUTH']) })

    expectError(await initiate(pool), {
      type: 'InvalidParameterException',
      message: 'USER_SRP_AUTH is not enabled for the client.',
    })
  })

  test('REFRESH_TOKEN_AUTH is rejected when the client does not allow it', async () => {
    const pool = await createTestPool({ explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH']) })
    const response = await pool.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: 'any' },
    })

    expectError(response, {
      type: 'InvalidParameterException',
      message: 'REFRESH_TOKEN_AUTH flow not enabled for this client',
    })
  })
})
