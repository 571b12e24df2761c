/** Proofs are the client library's own; what is wrong with them is changed by hand afterwards. */

import { describe, expect, test } from 'vitest'
import { existenceErrors } from '../../support/existence-errors.ts'
import { prepareProof, withResponses } from '../../support/password-proof.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, changeUser, confirmUser, rider } from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

const incorrect = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
} as const

/** A user name pool with one rider in it. */
async function createPoolWithRider(setting = {}): Promise<TestPool> {
  const pool = await createTestPool(setting)
  await confirmUser(pool)
  return pool
}

describe.each(existenceErrors)('under %s', (_, setting) => {
  test('a right proof is answered with three tokens', async () => {
    const pool = await createPoolWithRider(setting)
    const answer = await pool.call('RespondToAuthChallenge', await prepareProof(pool, rider))

    expect({ status: answer.status, body: answer.body }).toEqual({
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

  test('a wrong password is refused', async () => {
    const pool = await createPoolWithRider(setting)
    const proof = await prepareProof(pool, { ...rider, password: 'Passw0rd?' })

    expectRefusal(await pool.call('RespondToAuthChallenge', proof), incorrect)
  })

  test('a user disabled after the challenge is told so', async () => {
    const pool = await createPoolWithRider(setting)
    const proof = await prepareProof(pool, rider)
    changeUser(pool, rider.username, { enabled: false })

    expectRefusal(await pool.call('RespondToAuthChallenge', proof), {
      type: 'NotAuthorizedException',
      message: 'User is disabled.',
    })
  })
})

test('under ENABLED an unknown user is refused in the words of a wrong password', async () => {
  const pool = await createTestPool()
  const proof = await prepareProof(pool, { ...rider, username: 'ghost@example.com' })

  expectRefusal(await pool.call('RespondToAuthChallenge', proof), incorrect)
})

describe('a proof of which one part is changed', () => {
  test.each([
    ['the signature, by one bit', { PASSWORD_CLAIM_SIGNATURE: 'A'.repeat(43) }],
    ['the signature, cut short', { PASSWORD_CLAIM_SIGNATURE: 'AAAA' }],
    ['the signature, no base64', { PASSWORD_CLAIM_SIGNATURE: '§§§' }],
    ['the block, no block at all', { PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' }],
    ['the block, of random bytes', { PASSWORD_CLAIM_SECRET_BLOCK: 'A'.repeat(2000) }],
    ['the time, a second on', { TIMESTAMP: 'Thu Nov 5 23:59:08 UTC 2026' }],
    ['the time, not a time', { TIMESTAMP: 'now' }],
    ['the user', { USERNAME: 'mallory@example.com' }],
    ['the user, in other letters', { USERNAME: 'RIDER@example.com' }],
  ])('is refused: %s', async (_, responses) => {
    const pool = await createPoolWithRider()
    const proof = withResponses(await prepareProof(pool, rider), responses)

    expectRefusal(await pool.call('RespondToAuthChallenge', proof), incorrect)
  })

  test('is refused with any bit of the block flipped', async () => {
    const pool = await createPoolWithRider()
    const proof = await prepareProof(pool, rider)
    const block = Buffer.from(proof.ChallengeResponses.PASSWORD_CLAIM_SECRET_BLOCK, 'base64')

    for (let index = 0; index < block.length; index += 97) {
      const tampered = Buffer.from(block)
      tampered[index] = (tampered[index] ?? 0) ^ 1
      const answer = await pool.call(
        'RespondToAuthChallenge',
        withResponses(proof, { PASSWORD_CLAIM_SECRET_BLOCK: tampered.toString('base64') }),
      )
      expectRefusal(answer, incorrect)
    }
    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
  })

  test("is refused with the block of another user's challenge", async () => {
    const pool = await createPoolWithRider()
    const mallory = { username: 'mallory@example.com', password: 'M4llory!pw' }
    await confirmUser(pool, mallory)
    const theirs = await prepareProof(pool, mallory)
    const { PASSWORD_CLAIM_SECRET_BLOCK } = (await prepareProof(pool, rider)).ChallengeResponses

    expectRefusal(
      await pool.call(
        'RespondToAuthChallenge',
        withResponses(theirs, { PASSWORD_CLAIM_SECRET_BLOCK }),
      ),
      incorrect,
    )
    expectRefusal(
      await pool.call(
        'RespondToAuthChallenge',
        withResponses(await prepareProof(pool, mallory), { USERNAME: rider.username }),
      ),
      incorrect,
    )
  })

  test('is refused with the block of another pool', async () => {
    const [here, there] = [await createPoolWithRider(), await createPoolWithRider()]

    expectRefusal(
      await here.call('RespondToAuthChallenge', await prepareProof(there, rider)),
      incorrect,
    )
  })
})

describe("the client's watch", () => {
  test.each([-270, 270])('may be %i seconds off', async (seconds) => {
    const pool = await createPoolWithRider()
    pool.clock.shiftWallClock(seconds)

    expectSuccess(await pool.call('RespondToAuthChallenge', await prepareProof(pool, rider)))
  })

  test.each([-330, 330])('may not be %i seconds off', async (seconds) => {
    const pool = await createPoolWithRider()
    pool.clock.shiftWallClock(seconds)

    expectRefusal(
      await pool.call('RespondToAuthChallenge', await prepareProof(pool, rider)),
      incorrect,
    )
  })

  test('has nothing to do with the clock that tests move', async () => {
    const pool = await createPoolWithRider()
    pool.clock.advance(30 * 86_400)

    expectSuccess(await pool.call('RespondToAuthChallenge', await prepareProof(pool, rider)))
  })
})

const responses = {
  USERNAME: rider.username,
  PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA',
  PASSWORD_CLAIM_SIGNATURE: 'AAAA',
  TIMESTAMP: 'Thu Nov 5 23:59:08 UTC 2026',
}

describe('an answer that cannot be judged', () => {
  test.each(['USERNAME', 'PASSWORD_CLAIM_SECRET_BLOCK', 'PASSWORD_CLAIM_SIGNATURE', 'TIMESTAMP'])(
    'for want of %s says so',
    async (name) => {
      const pool = await createTestPool()

      expectRefusal(
        await pool.call('RespondToAuthChallenge', {
          ClientId,
          ChallengeName: 'PASSWORD_VERIFIER',
          ChallengeResponses: { ...responses, [name]: null },
        }),
        { type: 'InvalidParameterException', message: `Missing required parameter ${name}` },
      )
    },
  )

  test('for want of any response says so', async () => {
    const pool = await createTestPool()

    expectRefusal(
      await pool.call('RespondToAuthChallenge', { ClientId, ChallengeName: 'PASSWORD_VERIFIER' }),
      { type: 'InvalidParameterException', message: 'Missing required parameter USERNAME' },
    )
  })

  test('for what is no challenge says which there are', async () => {
    const pool = await createTestPool()

    expectRefusal(
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
    'to %s, which this pool never gives, has no Session that could be right',
    async (ChallengeName) => {
      const pool = await createTestPool()
      const Session = 'x'.repeat(200)
      const answer = { ClientId, ChallengeName, ChallengeResponses: responses, Session }

      expectRefusal(await pool.call('RespondToAuthChallenge', answer), {
        type: 'NotAuthorizedException',
        message: 'Invalid session for the user.',
      })
    },
  )

  test('of an unknown client names it', async () => {
    const pool = await createTestPool()

    expectRefusal(
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
