/** A challenge is answered once, soon, or never. */

import { describe, expect, test } from 'vitest'
import { prepareProof, withResponses } from '../../support/password-proof.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { changeUser, confirmUser, rider } from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

const incorrect = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
} as const

async function createPoolWithRider(setting = {}): Promise<TestPool> {
  const pool = await createTestPool(setting)
  await confirmUser(pool)
  return pool
}

describe('a challenge', () => {
  test('is used up by a right proof: a replay is refused', async () => {
    const pool = await createPoolWithRider()
    const proof = await prepareProof(pool, rider)

    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
    expectRefusal(await pool.call('RespondToAuthChallenge', proof), incorrect)
  })

  test('is used up by a wrong proof: the right one comes too late', async () => {
    const pool = await createPoolWithRider()
    const proof = await prepareProof(pool, rider)
    const wrong = withResponses(proof, { PASSWORD_CLAIM_SIGNATURE: 'A'.repeat(43) })

    expectRefusal(await pool.call('RespondToAuthChallenge', wrong), incorrect)
    expectRefusal(await pool.call('RespondToAuthChallenge', proof), incorrect)
  })

  test('is used up by a right proof that the state of the user refuses', async () => {
    const pool = await createPoolWithRider()
    const proof = await prepareProof(pool, rider)

    changeUser(pool, rider.username, { enabled: false })
    expectRefusal(await pool.call('RespondToAuthChallenge', proof), {
      type: 'NotAuthorizedException',
      message: 'User is disabled.',
    })
    changeUser(pool, rider.username, { enabled: true })
    expectRefusal(await pool.call('RespondToAuthChallenge', proof), incorrect)
  })

  test('is the same challenge however its block is spelled', async () => {
    const pool = await createPoolWithRider()
    const proof = await prepareProof(pool, rider)
    const block = proof.ChallengeResponses.PASSWORD_CLAIM_SECRET_BLOCK
    const spellings = [`${block}=`, `\n${block}`, block.replaceAll('+', '-').replaceAll('/', '_')]

    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
    for (const PASSWORD_CLAIM_SECRET_BLOCK of spellings) {
      expectRefusal(
        await pool.call(
          'RespondToAuthChallenge',
          withResponses(proof, { PASSWORD_CLAIM_SECRET_BLOCK }),
        ),
        incorrect,
      )
    }
  })

  test('gives one success to ten answers at once', async () => {
    const pool = await createPoolWithRider()
    const proof = await prepareProof(pool, rider)
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => pool.call('RespondToAuthChallenge', proof)),
    )

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.message === incorrect.message)).toHaveLength(9)
  })

  test('stays good beside others of the same user', async () => {
    const pool = await createPoolWithRider()
    const [first, second] = [await prepareProof(pool, rider), await prepareProof(pool, rider)]

    expectSuccess(await pool.call('RespondToAuthChallenge', second))
    expectSuccess(await pool.call('RespondToAuthChallenge', first))
  })
})

describe('the time to answer', () => {
  test('is three minutes, less a second', async () => {
    const pool = await createPoolWithRider()
    const proof = await prepareProof(pool, rider)
    pool.clock.advance(179)

    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
  })

  test('is over after three minutes', async () => {
    const pool = await createPoolWithRider({ authSessionSeconds: 180 })
    const proof = await prepareProof(pool, rider)
    pool.clock.advance(180)

    expectRefusal(await pool.call('RespondToAuthChallenge', proof), incorrect)
  })

  test('is what the client setting says', async () => {
    const pool = await createPoolWithRider({ authSessionSeconds: 900 })
    const proof = await prepareProof(pool, rider)
    pool.clock.advance(899)

    expectSuccess(await pool.call('RespondToAuthChallenge', proof))
  })

  test('does not begin anew when the pool has forgotten old challenges', async () => {
    const pool = await createPoolWithRider()
    const proof = await prepareProof(pool, rider)
    expectSuccess(await pool.call('RespondToAuthChallenge', proof))

    pool.clock.advance(181)
    expectSuccess(await pool.call('RespondToAuthChallenge', await prepareProof(pool, rider)))
    expectRefusal(await pool.call('RespondToAuthChallenge', proof), incorrect)
  })
})
