/** Long incomplete sign-in test: ten thousand unanswered challenges of a separate process. */

import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectSuccess } from '../support/cognito-api.ts'
import { type PoolProcess, prepareStore, startPool } from '../support/pool-process.ts'
import { dumpStore } from '../support/reliability/partial-changes.ts'
import { readResidentMb } from '../support/resident-memory.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { ClientId, rider } from '../support/users.ts'

async function begin(pool: PoolProcess, times: number): Promise<void> {
  const AuthParameters = { USERNAME: rider.username, SRP_A: 'a5'.repeat(384) }
  const body = { ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters }
  for (let index = 0; index < times; index += 1) {
    expectSuccess(await pool.call('InitiateAuth', body))
  }
}

test.skipIf(process.platform === 'win32')(
  'incomplete sign-ins: ten thousand leave the store unchanged and memory within bounds',
  async () => {
    const folder = createTempFolder()
    prepareStore(folder)
    const pool = await startPool(folder)
    await begin(pool, 2000)
    const path = join(folder, 'user-pool.sqlite')
    const before = dumpStore(path)
    const residentMb = readResidentMb(pool)
    await begin(pool, 10_000)
    const growthMb = readResidentMb(pool) - residentMb
    console.log(`10000 half-done sign-ins: RSS ${growthMb.toFixed(1)} MB more`)

    expect(dumpStore(path)).toBe(before)
    expect(growthMb).toBeLessThan(32)
  },
)
