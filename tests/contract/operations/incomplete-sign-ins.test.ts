/** Incomplete sign-ins: a challenge that nobody answers is not stored, or not for long. */

import { statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { expectError } from '../../support/cognito-api.ts'
import { incorrectCredentials } from '../../support/cognito-errors.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { ClientId, createConfirmedUser, rider } from '../../support/users.ts'

const challenge = v.object({
  ChallengeParameters: v.object({ SECRET_BLOCK: v.string(), USERNAME: v.string() }),
})

async function begin(server: LocalCloudServer): Promise<v.InferOutput<typeof challenge>> {
  const { body } = await server.call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: rider.username, SRP_A: 'a5'.repeat(384) },
  })
  return v.parse(challenge, body)
}

async function answerWrongly(server: LocalCloudServer): Promise<void> {
  const { SECRET_BLOCK, USERNAME } = (await begin(server)).ChallengeParameters
  const response = await server.call('RespondToAuthChallenge', {
    ClientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeResponses: {
      USERNAME,
      PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: 'A'.repeat(43),
      TIMESTAMP: 'Thu Nov 5 23:59:08 UTC 2026',
    },
  })
  expectError(response, incorrectCredentials)
}

function countSpent({ dataFolder }: LocalCloudServer): number {
  const database = new Database(join(dataFolder, 'user-pool.sqlite'))
  const row = database.prepare('SELECT count(*) AS spent FROM spent_challenges').get()
  database.close()
  return v.parse(v.object({ spent: v.number() }), row).spent
}

test('incomplete sign-in: unanswered challenges are not written to the store', async () => {
  const server = await startLocalCloud()
  await createConfirmedUser(server)
  const log = join(server.dataFolder, 'user-pool.sqlite-wal')
  const before = statSync(log).size
  for (let index = 0; index < 100; index += 1) await begin(server)

  expect(before).toBeGreaterThan(0)
  expect(statSync(log).size).toBe(before)
})

test('incomplete sign-in: failed challenges are deleted from the store once they have expired', async () => {
  const server = await startLocalCloud({ limits: noLimits })
  await createConfirmedUser(server)
  for (let index = 0; index < 10; index += 1) await answerWrongly(server)
  expect(countSpent(server)).toBe(10)

  await fetch(`${server.origin}/console/clock`, {
    method: 'POST',
    body: JSON.stringify({ advanceSeconds: 901 }),
  })
  await answerWrongly(server)
  expect(countSpent(server)).toBe(1)
})
