/** A process that is ended under load forgets nothing it has acknowledged and invents nothing. */

import { expect, test, vi } from 'vitest'
import { poolCommand } from '../../support/pool-process.ts'
import { runCrashRounds } from '../../support/reliability/crash-rounds.ts'
import { chooseSeeds } from '../../support/reliability/seeded-random.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 300_000 })

const [seed = 1] = chooseSeeds(1)
const warmUp = 10

test('kill -9, twenty times over', async () => {
  const report = await runCrashRounds({ seed, rounds: 20, signal: 'SIGKILL', warmUp })
  const { acknowledged, unknown, lost, invented } = report

  expect({ lost, invented }, `seed ${seed}`).toEqual({ lost: [], invented: [] })
  expect(acknowledged).toBeGreaterThanOrEqual(20 * warmUp)
  expect(unknown).toBeGreaterThan(0)
})

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s under load, obeyed within two seconds',
  async (signal) => {
    const report = await runCrashRounds({ seed, rounds: 1, signal, warmUp })
    const { acknowledged, lost, invented, slowestEndMs, exits } = report

    expect({ lost, invented }, `seed ${seed}`).toEqual({ lost: [], invented: [] })
    expect(acknowledged).toBeGreaterThanOrEqual(warmUp)
    expect(exits).toEqual([0])
    expect(slowestEndMs).toBeLessThan(2000)
  },
)

test('the log of the clients tells of a process that answers before it commits', async () => {
  const command = poolCommand.with(-1, 'tests/support/reliability/late-committing-pool.ts')
  const report = await runCrashRounds({ seed, rounds: 2, signal: 'SIGKILL', warmUp, command })

  expect(report.lost, `seed ${seed}`).not.toEqual([])
})
