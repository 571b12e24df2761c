/**
 * 500 clients whose tokens are over wake together and meet a real pool with a quota, on its movable clock: what
 * `tests/simulate/crowd.ts` says of them is what happens.
 */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { parseQuotas } from '../../../src/local-cloud/user-pool/quotas.ts'
import type { Random } from '../../../src/site/lib/backoff.ts'
import { type Client, thisSite, withoutJitter } from '../../simulate/clients.ts'
import { simulate } from '../../simulate/crowd.ts'
import { nineOClock } from '../../simulate/scenarios.ts'
import { createSeededRandom } from '../../support/reliability/seeded-random.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, createConfirmedUser } from '../../support/users.ts'

const riders = 500
/** refreshes a second that the pool lets in */
const perSecond = 12
/** milliseconds of a request there and back, as in the simulation: without it those who go together never part */
const roundTripMs = (random: Random) => 40 + 120 * random()

const signedIn = v.object({
  AuthenticationResult: v.object({ RefreshToken: v.string() }),
})

interface Figures {
  readonly halfInSeconds: number
  readonly almostAllInSeconds: number
  readonly requestsForASuccess: number
  readonly signedOut: number
}

/** Lets each client call until it has tokens. Time passes on the pool's clock alone. */
async function refreshTogether(pool: TestPool, client: Client, seed: number): Promise<Figures> {
  await createConfirmedUser(pool)
  const { body } = await signInBySrp(pool)
  const { RefreshToken } = v.parse(signedIn, body).AuthenticationResult
  pool.clock.advance(2 * 3600)
  const random = createSeededRandom(seed).fraction
  const startMs = pool.clock.nowMs()
  const calls = Array.from({ length: riders }, (_, rider) => ({
    atMs: roundTripMs(random) / 2,
    rider,
    failures: 0,
  }))
  const inAtMs: number[] = []
  let asked = 0
  let signedOut = 0
  while (calls.length > 0) {
    calls.sort((one, other) => other.atMs - one.atMs)
    const call = calls.pop()
    if (!call) break
    pool.clock.advance((startMs + call.atMs - pool.clock.nowMs()) / 1000)
    asked += 1
    const answer = await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken })
    if (answer.status === 200) {
      inAtMs.push(call.atMs)
    } else if (answer.body.__type === 'TooManyRequestsException') {
      const failures = call.failures + 1
      const waitMs = client.backgroundWaitMs(failures, random)
      calls.push({ ...call, atMs: call.atMs + roundTripMs(random) + waitMs, failures })
    } else {
      signedOut += 1
    }
  }
  const inAfter = (share: number) => (inAtMs[Math.ceil(riders * share) - 1] ?? Number.NaN) / 1000
  return {
    halfInSeconds: inAfter(0.5),
    almostAllInSeconds: inAfter(0.99),
    requestsForASuccess: asked / riders,
    signedOut,
  }
}

function simulateFigures(client: Client, seed: number): Figures {
  const crowd = { ...nineOClock.crowd(riders), quotas: { UserAuthentication: { perSecond } } }
  const outcome = simulate(crowd, client, { random: createSeededRandom(seed).fraction })
  return {
    halfInSeconds: outcome.halfInSeconds ?? Number.NaN,
    almostAllInSeconds: outcome.almostAllInSeconds ?? Number.NaN,
    requestsForASuccess: outcome.asked / outcome.served,
    signedOut: outcome.signedOut,
  }
}

describe.each([thisSite, withoutJitter])('$name', (client) => {
  test(`crowd: ${riders} clients and a pool that lets ${perSecond} in a second come within a fifth of the simulated figures, and none is signed out`, async () => {
    const pool = await createTestPool(
      {},
      { limits: noLimits, quotas: parseQuotas([`UserAuthentication=${perSecond}`]) },
    )
    const real = await refreshTogether(pool, client, 1)
    const simulated = simulateFigures(client, 2)
    expect(real.signedOut).toBe(0)
    for (const figure of ['halfInSeconds', 'almostAllInSeconds', 'requestsForASuccess'] as const) {
      expect(real[figure], figure).toBeGreaterThan(simulated[figure] * 0.8)
      expect(real[figure], figure).toBeLessThan(simulated[figure] * 1.2)
    }
  })
})
