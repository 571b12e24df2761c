import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { N } from '../../../src/local-cloud/user-pool/srp/group.ts'
import type { User } from '../../../src/local-cloud/user-pool/store/store.ts'
import { ENABLED, existenceErrors, LEGACY } from '../../support/existence-errors.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  changeUser,
  confirmUser,
  registerUser,
  requireStoredUser,
  rider,
} from '../../support/users.ts'
import { type Answer, expectRefusal } from '../../support/wire.ts'

/** Any number that could be a client's public key. */
const SRP_A = 'a5'.repeat(384)

function initiate(
  pool: TestPool,
  AuthParameters: Readonly<Record<string, string | null>> = { USERNAME: rider.username, SRP_A },
): Promise<Answer> {
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

/** Reads an answer that must be a challenge of the right members and no other. */
function requireChallenge({ body }: Answer): v.InferOutput<typeof challengeParameters> {
  return v.parse(challenge, body).ChallengeParameters
}

describe('the challenge of USER_SRP_AUTH', () => {
  test('has the stored salt, the true user name, and no Session', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const answer = await initiate(pool, { USERNAME: 'RIDER@example.com', SRP_A })
    const parameters = requireChallenge(answer)

    expect(answer.status).toBe(200)
    expect(parameters).toMatchObject({
      SALT: requireStoredUser(pool, rider.username).saltHex,
      USERNAME: rider.username,
      USER_ID_FOR_SRP: rider.username,
    })
  })

  test('has a new B and a new SECRET_BLOCK each time', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const first = requireChallenge(await initiate(pool))
    const second = requireChallenge(await initiate(pool))

    expect(first.SRP_B).not.toBe(second.SRP_B)
    expect(first.SECRET_BLOCK).not.toBe(second.SECRET_BLOCK)
  })

  test('shows nothing of what the pool keeps of the password', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const { text } = await initiate(pool)

    expect(text).not.toContain(requireStoredUser(pool, rider.username).verifierHex)
  })

  test('takes parameters that are null for absent, and ignores the rest', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)

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

describe('an SRP_A that no client may send', () => {
  test.each([
    ['0', '0'],
    ['N', N.toString(16)],
    ['2N', (2n * N).toString(16)],
    ['no hex', 'not-hex'],
    ['negative', '-1'],
    ['10 kB', 'f'.repeat(10_240)],
  ])('%s is refused, for a user and for nobody alike', async (_, value) => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const refusal = {
      type: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    } as const

    expectRefusal(await initiate(pool, { USERNAME: rider.username, SRP_A: value }), refusal)
    expectRefusal(await initiate(pool, { USERNAME: 'ghost', SRP_A: value }), refusal)
  })
})

const disabled = { type: 'NotAuthorizedException', message: 'User is disabled.' } as const
const unconfirmed = {
  type: 'UserNotConfirmedException',
  message: 'User is not confirmed.',
} as const
const resetRequired = {
  type: 'PasswordResetRequiredException',
  message: 'Password reset required for the user',
} as const

describe.each(existenceErrors)('under %s', (_, setting) => {
  test('an unconfirmed user is told so, whatever the password', async () => {
    const pool = await createTestPool(setting)
    await registerUser(pool)

    expectRefusal(await initiate(pool), unconfirmed)
  })

  const states: readonly [string, Partial<User>, typeof disabled | typeof resetRequired][] = [
    ['disabled', { enabled: false }, disabled],
    ['disabled and unconfirmed', { enabled: false, status: 'UNCONFIRMED' }, disabled],
    ['in need of a reset', { status: 'RESET_REQUIRED' }, resetRequired],
  ]
  test.each(states)('a user who is %s is told so', async (_state, change, refusal) => {
    const pool = await createTestPool(setting)
    await confirmUser(pool)
    changeUser(pool, rider.username, change)

    expectRefusal(await initiate(pool), refusal)
  })
})

describe('an unknown user', () => {
  test('is named as such under LEGACY', async () => {
    expectRefusal(await initiate(await createTestPool(LEGACY)), {
      type: 'UserNotFoundException',
      message: 'User does not exist.',
    })
  })

  test('gets a challenge under ENABLED, with the same salt and id each time', async () => {
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

describe('a request that cannot be served', () => {
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
  ] as const)('for %j is answered %s', async (change, type, message) => {
    const pool = await createTestPool()
    const body = {
      ClientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: rider.username, SRP_A },
      ...change,
    }

    expectRefusal(await pool.call('InitiateAuth', body), { type, message })
  })

  test('for SRP, where the client may not use it, says so', async () => {
    const pool = await createTestPool({ explicitAuthFlows: new Set(['ALLOW_REFRESH_TOKEN_AUTH']) })

    expectRefusal(await initiate(pool), {
      type: 'InvalidParameterException',
      message: 'USER_SRP_AUTH is not enabled for the client.',
    })
  })

  test('for a refresh, where the client may not use it, says so', async () => {
    const pool = await createTestPool({ explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH']) })
    const answer = await pool.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN: 'any' },
    })

    expectRefusal(answer, {
      type: 'InvalidParameterException',
      message: 'REFRESH_TOKEN_AUTH flow not enabled for this client',
    })
  })
})
