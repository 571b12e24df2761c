/** Long crash recovery test: two hundred kills over one data folder. */

import { expect, test } from 'vitest'
import { runCrashRounds } from '../support/reliability/crash-rounds.ts'
import { chooseSeeds } from '../support/reliability/seeded-random.ts'

test.each(chooseSeeds(1))(
  'crash recovery: nothing is lost or invented over two hundred SIGKILLs under load (seed %i)',
  async (seed) => {
    const startedMs = performance.now()
    const report = await runCrashRounds({ seed, rounds: 200, signal: 'SIGKILL', warmUp: 100 })
    const { acknowledged, refused, unknown, lost, invented } = report
    const seconds = Math.round((performance.now() - startedMs) / 1000)
    console.log(
      `200 kills in ${seconds} s: ${acknowledged} acknowledged, ${refused} refused, ` +
        `${unknown} unknown, ${lost.length} lost, ${invented.length} invented`,
    )

    expect({ lost, invented }).toEqual({ lost: [], invented: [] })
    expect(acknowledged).toBeGreaterThanOrEqual(20_000)
  },
)
