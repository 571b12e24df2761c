/** Fuzzing: thousands of malformed requests cause no internal error and reveal no secret. */

import { describe, expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import type { User } from '../../../src/local-cloud/user-pool/store/store.ts'
import { withPasskeys } from '../../support/passkeys.ts'
import { type FuzzResponse, fuzz } from '../../support/reliability/fuzz.ts'
import { chooseSeeds } from '../../support/reliability/seeded-random.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { latestCodeFor, requireStoredUser } from '../../support/users.ts'

const everyFlow = {
  explicitAuthFlows: new Set([
    'ALLOW_USER_AUTH',
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_USER_PASSWORD_AUTH',
    'ALLOW_ADMIN_USER_PASSWORD_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
  ] as const),
  mfaConfiguration: 'OPTIONAL',
  mfaFactors: new Set(['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const),
  firstAuthFactors: new Set(['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] as const),
  webAuthn: withPasskeys.webAuthn,
} as const

test.each(chooseSeeds(1))(
  'fuzzing: five thousand malformed requests cause no internal error and reveal no secret (seed %i)',
  async (seed) => {
    const pool = await createTestPool(everyFlow, { limits: noLimits })
    const { problems, statuses } = await fuzz({
      seed,
      requests: 5000,
      pool,
      async send({ headers, body }) {
        const request = new Request('http://localhost/', { method: 'POST', headers, body })
        const response = await pool.respond(request)
        return { status: response.status, text: await response.text() }
      },
    })

    expect(problems).toEqual([])
    // Some requests must succeed, and most must fail.
    expect(statuses['200']).toBeGreaterThan(250)
    expect(statuses['400']).toBeGreaterThan(2500)
    for (const { error = '', detail = '' } of pool.logEntries) {
      expect(error + detail).not.toContain('Fuzz-Passw0rd!')
    }
  },
  120_000,
)

describe("self-tests of the fuzzer's checks", () => {
  const doctored: readonly [string, (pool: TestPool) => FuzzResponse, RegExp][] = [
    [
      'an internal error',
      () => ({ status: 500, text: '{"__type":"x","message":""}' }),
      /answered 500/,
    ],
    ['HTML', () => ({ status: 400, text: '<h1>Bad Request</h1>' }), /cannot be read/],
    [
      'an error type that Cognito does not have',
      () => toError('DiskFullException', ''),
      /an unknown error/,
    ],
    ['a stack trace', () => toError('SerializationException', 'at x (/a/b.ts:1:2)'), /our insides/],
    ['a verifier', (pool) => toSuccess(findRider(pool).verifierHex), /the verifier of rider/],
    ['a salt', (pool) => toSuccess(findRider(pool).saltHex), /the salt of rider/],
    ['a mailed code', (pool) => toSuccess(latestCodeFor(pool, 'newcomer-0@example.com')), /a code/],
    ['a password', () => toSuccess('Fuzz-Passw0rd!'), /a password/],
    [
      'the encryption key',
      (pool) => toSuccess(pool.store.readSecret('sealing-key') ?? ''),
      /a key of the pool/,
    ],
    ['a private key', (pool) => toSuccess(pool.store.readSecret('signing-keys') ?? ''), /a key/],
  ]

  test.each(doctored)('self-test: %s in a response is detected', async (_, doctor, problem) => {
    const pool = await createTestPool(everyFlow, { limits: noLimits })
    const send = async () => doctor(pool)
    const { problems } = await fuzz({ seed: 1, requests: 1, pool, send })

    expect(problems).toContainEqual(expect.stringMatching(problem))
  })
})

function findRider(pool: TestPool): User {
  return requireStoredUser(pool, 'rider-0@example.com')
}

function toSuccess(leak: string): FuzzResponse {
  return { status: 200, text: JSON.stringify({ leak }) }
}

function toError(__type: string, message: string): FuzzResponse {
  return { status: 400, text: JSON.stringify({ __type, message }) }
}
