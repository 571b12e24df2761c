/** RespondToAuthChallenge with PASSWORD_VERIFIER: a correct response is computed, then altered. */

import { describe, expect, test } from 'vitest'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { incorrectCredentials, userDisabled } from '../../support/cognito-errors.ts'
import { preparePasswordVerifier, withResponses } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { userExistenceErrors } from '../../support/user-existence-errors.ts'
import { ClientId, changeUser, createConfirmedUser, rider } from '../../support/users.ts'

/** A pool with one confirmed user. */
async function createPoolWithRider(setting = {}): Promise<TestPool> {
  const pool = await createTestPool(setting)
  await createConfirmedUser(pool)
  return pool
}

describe.each(userExistenceErrors)('PreventUserExistenceErrors %s', (_, setting) => {
  test('the correct password gives three tokens', async () => {
    const pool = await createPoolWithRider(setting)
    const response = await pool.call('RespondToAuthChallenge', await preparePasswordVerifier(pool))

    expect({ status: response.status, body: response.body }).toEqual({
      status: 200,
      body: {
        ChallengeParameters: {},
        AuthenticationResult: {
          AccessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
          IdToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
          RefreshToken: expect.stringMatching(/^[\w-]+(\.[\w-]+){4}$/),
          ExpiresIn: 3600,
          TokenType: 'Bearer',
        },
      },
    })
  })

  test('a wrong password is rejected', async () => {
    const pool = await createPoolWithRider(setting)
    const proof = await preparePasswordVerifier(pool, { ...rider, password: 'Passw0rd?' })

    expectError(await pool.call('RespondToAuthChallenge', proof), incorrectCredentials)
  })

  test('a user who was disabled after the challenge is told so', async () => {
    const pool = await createPoolWithRider(setting)
    const proof = await preparePasswordVerifier(pool)
    changeUser(pool, rider.username, { enabled: false })

    expectError(await pool.call('RespondToAuthChallenge', proof), userDisabled)
  })
})

test('user enumeration: with ENABLED an unknown user gets the error of a wrong password', async () => {
  const pool = await createTestPool()
  const proof = await preparePasswordVerifier(pool, { ...rider, username: 'ghost@example.com' })

  expectError(await pool.call('RespondToAuthChallenge', proof), incorrectCredentials)
})

describe('altered PASSWORD_VERIFIER response', () => {
  test.each([
    ['another signature', { PASSWORD_CLAIM_SIGNATURE: 'A'.repeat(43) }],
    ['a truncated signature', { PASSWORD_CLAIM_SIGNATURE: 'AAAA' }],
    ['a signature that is not base64', { PASSWORD_CLAIM_SIGNATURE: '§§§' }],
    ['a SECRET_BLOCK that is too short', { PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' }],
    ['a random SECRET_BLOCK', { PASSWORD_CLAIM_SECRET_BLOCK: 'A'.repeat(2000) }],
    ['a TIMESTAMP one second later', { TIMESTAMP: 'Thu Nov 5 23:59:08 UTC 2026' }],
    ['an invalid TIMESTAMP', { TIMESTAMP: 'now' }],
    ['another USERNAME', { USERNAME: 'mallory@example.com' }],
    ['the USERNAME in another case', { USERNAME: 'RIDER@example.com' }],
  ])('a response is rejected when one part is altered: %s', async (_, responses) => {
    const pool = await createPoolWithRider()
    const proof = withResponses(await preparePasswordVerifier(pool), responses)

    expectError(await pool.call('RespondToAuthChallenge', proof), incorrectCredentials)
  })

  test('a response is rejected with any bit of SECRET_BLOCK flipped', async () => {
    const pool = await createPoolWithRider()
    const proof = await preparePasswordVerifier(pool)
    const block = Buffer.from(proof.ChallengeResponses.PASSWORD_CLAIM_SECRET_BLOCK, 'base64')

    for (let index = 0; index < block.length; index += 97) {
      const tampered = Buffer.from(block)
      tampered[index] = (tampered[index] ?? 0) ^ 1
      const response = await pool.call(
        'RespondToAuthChallenge',
        withResponses(proof, { PASSWORD_CLAIM_SECRET_BLOCK: tampered.toString('base64') }),
      )
      expectError(response, incorrectCredentials)
    }
    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
  })

  test('a response is rejected with the SECRET_BLOCK of another user', async () => {
    const pool = await createPoolWithRider()
    const mallory = { username: 'mallory@example.com', password: 'M4llory!pw' }
    await createConfirmedUser(pool, mallory)
    const theirs = await preparePasswordVerifier(pool, mallory)
    const { PASSWORD_CLAIM_SECRET_BLOCK } = (await preparePasswordVerifier(pool)).ChallengeResponses

    expectError(
      await pool.call(
        'RespondToAuthChallenge',
        withResponses(theirs, { PASSWORD_CLAIM_SECRET_BLOCK }),
      ),
      incorrectCredentials,
    )
    expectError(
      await pool.call(
        'RespondToAuthChallenge',
        withResponses(await preparePasswordVerifier(pool, mallory), { USERNAME: rider.username }),
      ),
      incorrectCredentials,
    )
  })

  test('a response is rejected with the SECRET_BLOCK of another pool', async () => {
    const [here, there] = [await createPoolWithRider(), await createPoolWithRider()]

    expectError(
      await here.call('RespondToAuthChallenge', await preparePasswordVerifier(there, rider)),
      incorrectCredentials,
    )
  })
})

describe('TIMESTAMP and clock skew', () => {
  test.each([-270, 270])(
    'clock skew: a client that is %i seconds off is accepted',
    async (seconds) => {
      const pool = await createPoolWithRider()
      pool.clock.shiftWallClock(seconds)

      expectSuccess(await pool.call('RespondToAuthChallenge', await preparePasswordVerifier(pool)))
    },
  )

  test.each([-330, 330])(
    'clock skew: a client that is %i seconds off is rejected',
    async (seconds) => {
      const pool = await createPoolWithRider()
      pool.clock.shiftWallClock(seconds)

      expectError(
        await pool.call('RespondToAuthChallenge', await preparePasswordVerifier(pool)),
        incorrectCredentials,
      )
    },
  )

  test('clock skew: the movable test clock does not count', async () => {
    const pool = await createPoolWithRider()
    pool.clock.advance(30 * 86_400)

    expectSuccess(await pool.call('RespondToAuthChallenge', await preparePasswordVerifier(pool)))
  })
})

const responses = {
  USERNAME: rider.username,
  PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA',
  PASSWORD_CLAIM_SIGNATURE: 'AAAA',
  TIMESTAMP: 'Thu Nov 5 23:59:08 UTC 2026',
}

describe('invalid RespondToAuthChallenge request', () => {
  test.each(['USERNAME', 'PASSWORD_CLAIM_SECRET_BLOCK', 'PASSWORD_CLAIM_SIGNATURE', 'TIMESTAMP'])(
    'a response without %s is rejected',
    async (name) => {
      const pool = await createTestPool()

      expectError(
        await pool.call('RespondToAuthChallenge', {
          ClientId,
          ChallengeName: 'PASSWORD_VERIFIER',
          ChallengeResponses: { ...responses, [name]: null },
        }),
        { type: 'InvalidParameterException', message: `Missing required parameter ${name}` },
      )
    },
  )

  test('a request without ChallengeResponses is rejected', async () => {
    const pool = await createTestPool()

    expectError(
      await pool.call('RespondToAuthChallenge', { ClientId, ChallengeName: 'PASSWORD_VERIFIER' }),
      { type: 'InvalidParameterException', message: 'Missing required parameter USERNAME' },
    )
  })

  test('an unknown challenge name is a validation error that lists the valid ones', async () => {
    const pool = await createTestPool()

    expectError(
      await pool.call('RespondToAuthChallenge', {
        ClientId,
        ChallengeName: 'RIDDLE',
        ChallengeResponses: responses,
      }),
      {
        type: 'InvalidParameterException',
        message:
          "1 validation error detected: Value 'RIDDLE' at 'challengeName' failed to satisfy constraint: Member must satisfy enum value set: [SMS_MFA, EMAIL_OTP, SOFTWARE_TOKEN_MFA, SELECT_MFA_TYPE, MFA_SETUP, PASSWORD_VERIFIER, CUSTOM_CHALLENGE, SELECT_CHALLENGE, DEVICE_SRP_AUTH, DEVICE_PASSWORD_VERIFIER, ADMIN_NO_SRP_AUTH, NEW_PASSWORD_REQUIRED, SMS_OTP, PASSWORD, WEB_AUTHN, PASSWORD_SRP]",
      },
    )
  })

  test.each(['SMS_MFA', 'EMAIL_OTP', 'SELECT_CHALLENGE', 'WEB_AUTHN', 'CUSTOM_CHALLENGE'])(
    'the challenge %s, which this pool never issues, is rejected for its Session',
    async (ChallengeName) => {
      const pool = await createTestPool()
      const Session = 'x'.repeat(200)
      const response = { ClientId, ChallengeName, ChallengeResponses: responses, Session }

      expectError(await pool.call('RespondToAuthChallenge', response), {
        type: 'NotAuthorizedException',
        message: 'Invalid session for the user.',
      })
    },
  )

  test('an unknown client is a ResourceNotFoundException', async () => {
    const pool = await createTestPool()

    expectError(
      await pool.call('RespondToAuthChallenge', {
        ClientId: 'nosuchclient',
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: responses,
      }),
      {
        type: 'ResourceNotFoundException',
        message: 'User pool client nosuchclient does not exist.',
      },
    )
  })
})
