/** Replay: a PASSWORD_VERIFIER challenge can be answered once and only for a short time. */

import { describe, expect, test } from 'vitest'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { incorrectCredentials, userDisabled } from '../../support/cognito-errors.ts'
import { preparePasswordVerifier, withResponses } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { changeUser, createConfirmedUser, rider } from '../../support/users.ts'

async function createPoolWithRider(setting = {}): Promise<TestPool> {
  const pool = await createTestPool(setting)
  await createConfirmedUser(pool)
  return pool
}

describe('replay of a PASSWORD_VERIFIER challenge', () => {
  test('replay: a second correct response is rejected', async () => {
    const pool = await createPoolWithRider()
    const proof = await preparePasswordVerifier(pool)

    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
    expectError(await pool.call('RespondToAuthChallenge', proof), incorrectCredentials)
  })

  test('replay: a correct response after a wrong one is rejected', async () => {
    const pool = await createPoolWithRider()
    const proof = await preparePasswordVerifier(pool)
    const wrong = withResponses(proof, { PASSWORD_CLAIM_SIGNATURE: 'A'.repeat(43) })

    expectError(await pool.call('RespondToAuthChallenge', wrong), incorrectCredentials)
    expectError(await pool.call('RespondToAuthChallenge', proof), incorrectCredentials)
  })

  test('replay: a challenge is consumed even when the account status rejects the user', async () => {
    const pool = await createPoolWithRider()
    const proof = await preparePasswordVerifier(pool)

    changeUser(pool, rider.username, { enabled: false })
    expectError(await pool.call('RespondToAuthChallenge', proof), userDisabled)
    changeUser(pool, rider.username, { enabled: true })
    expectError(await pool.call('RespondToAuthChallenge', proof), incorrectCredentials)
  })

  test('replay: the same SECRET_BLOCK in another base64 spelling is rejected', async () => {
    const pool = await createPoolWithRider()
    const proof = await preparePasswordVerifier(pool)
    const block = proof.ChallengeResponses.PASSWORD_CLAIM_SECRET_BLOCK
    const spellings = [`${block}=`, `\n${block}`, block.replaceAll('+', '-').replaceAll('/', '_')]

    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
    for (const PASSWORD_CLAIM_SECRET_BLOCK of spellings) {
      expectError(
        await pool.call(
          'RespondToAuthChallenge',
          withResponses(proof, { PASSWORD_CLAIM_SECRET_BLOCK }),
        ),
        incorrectCredentials,
      )
    }
  })

  test('replay: ten parallel responses succeed once', async () => {
    const pool = await createPoolWithRider()
    const proof = await preparePasswordVerifier(pool)
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => pool.call('RespondToAuthChallenge', proof)),
    )

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(
      responses.filter(({ body }) => body.message === incorrectCredentials.message),
    ).toHaveLength(9)
  })

  test('a challenge stays valid beside other challenges of the same user', async () => {
    const pool = await createPoolWithRider()
    const [first, second] = [
      await preparePasswordVerifier(pool),
      await preparePasswordVerifier(pool),
    ]

    expectSuccess(await pool.call('RespondToAuthChallenge', second))
    expectSuccess(await pool.call('RespondToAuthChallenge', first))
  })
})

describe('lifetime of a challenge', () => {
  test('a challenge can be answered one second before three minutes', async () => {
    const pool = await createPoolWithRider()
    const proof = await preparePasswordVerifier(pool)
    pool.clock.advance(179)

    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
  })

  test('a challenge expires after three minutes', async () => {
    const pool = await createPoolWithRider({ authSessionSeconds: 180 })
    const proof = await preparePasswordVerifier(pool)
    pool.clock.advance(180)

    expectError(await pool.call('RespondToAuthChallenge', proof), incorrectCredentials)
  })

  test('the lifetime follows AuthSessionValidity of the client', async () => {
    const pool = await createPoolWithRider({ authSessionSeconds: 900 })
    const proof = await preparePasswordVerifier(pool)
    pool.clock.advance(899)

    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
  })

  test('a challenge that has expired stays expired after the pool deleted old challenges', async () => {
    const pool = await createPoolWithRider()
    const proof = await preparePasswordVerifier(pool)
    expectSuccess(await pool.call('RespondToAuthChallenge', proof))

    pool.clock.advance(181)
    expectSuccess(await pool.call('RespondToAuthChallenge', await preparePasswordVerifier(pool)))
    expectError(await pool.call('RespondToAuthChallenge', proof), incorrectCredentials)
  })
})
