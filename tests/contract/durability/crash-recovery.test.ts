/** Crash recovery: a process killed under load keeps every acknowledged change and no other. */

import { expect, test, vi } from 'vitest'
import { bundledCommand } from '../../support/pool-process.ts'
import { runCrashRounds } from '../../support/reliability/crash-rounds.ts'
import { chooseSeeds } from '../../support/reliability/seeded-random.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 300_000 })

const [seed = 1] = chooseSeeds(1)
const warmUp = 10

test('crash recovery: nothing is lost or invented over twenty SIGKILLs under load', async () => {
  const report = await runCrashRounds({ seed, rounds: 20, signal: 'SIGKILL', warmUp })
  const { acknowledged, unknown, lost, invented } = report

  expect({ lost, invented }, `seed ${seed}`).toEqual({ lost: [], invented: [] })
  expect(acknowledged).toBeGreaterThanOrEqual(20 * warmUp)
  expect(unknown).toBeGreaterThan(0)
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  'graceful shutdown: %s under load ends the process within two seconds and loses nothing',
  async (signal) => {
    const report = await runCrashRounds({ seed, rounds: 1, signal, warmUp })
    const { acknowledged, lost, invented, slowestEndMs, exits } = report

    expect({ lost, invented }, `seed ${seed}`).toEqual({ lost: [], invented: [] })
    expect(acknowledged).toBeGreaterThanOrEqual(warmUp)
    expect(exits).toEqual([0])
    expect(slowestEndMs).toBeLessThan(2000)
  },
)

test('self-test: a pool that answers before it commits is detected', async () => {
  const command = await bundledCommand('tests/support/reliability/late-committing-pool.ts')
  const report = await runCrashRounds({ seed, rounds: 2, signal: 'SIGKILL', warmUp, command })

  expect(report.lost, `seed ${seed}`).not.toEqual([])
})
