/**
 * Prints what docs/growth.md quotes: how crowds of riders get through AWS's quotas with this site, with a client that has no
 * jitter, and with fixed waits. `npm run simulate -- --seed 7` takes other chances, `-- --riders 200000` another crowd.
 */

import { parseArgs } from 'node:util'
import { createSeededRandom } from '../support/reliability/seeded-random.ts'
import { clients } from './clients.ts'
import { type Outcome, simulate } from './crowd.ts'
import { daySeconds, format, type Scenario, scenarios } from './scenarios.ts'

/** simulated riders where all of them would take a day: each stands for several then */
const mostForADay = 2_000
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    riders: { type: 'string', multiple: true, default: ['1000', '100000', '10000000'] },
  },
})
const seed = Number(values.seed)
const sizes = values.riders.map(Number)
if (![seed, ...sizes].every((size) => Number.isInteger(size) && size > 0)) {
  throw new Error('expected whole numbers: --seed 7, --riders 200000')
}

console.log(`Seed ${seed}. Seconds are those of the simulation, a day at most.`)
for (const scenario of scenarios) {
  console.log(`\n${scenario.name}: ${scenario.story}.`)
  for (const riders of sizes) show(scenario, riders)
}

function show(scenario: Scenario, riders: number): void {
  const leastSeconds = scenario.leastSeconds(riders)
  // Refused all day long, every one of them asks hundreds of times.
  const takesADay = leastSeconds > daySeconds * 0.9
  const weight = takesADay ? riders / mostForADay : 1
  const least = Number.isFinite(leastSeconds) ? `${format(leastSeconds)} s` : 'for ever'
  console.log(`\n  ${format(riders)} riders; the least possible is ${least}.`)
  if (takesADay) console.log(`  Not within a day. ${scenario.advise(riders)}`)
  const rows = clients.map((client) => {
    const random = createSeededRandom(seed).fraction
    return [client.name, toRow(simulate(scenario.crowd(riders), client, { random, weight }))]
  })
  console.table(Object.fromEntries(rows))
}

function toRow(outcome: Outcome): Readonly<Record<string, string>> {
  const { counted, isIn, signedOut, asked, served, lastSecond } = outcome
  return {
    'half in': formatSeconds(outcome.halfInSeconds),
    '99 %': formatSeconds(outcome.almostAllInSeconds),
    all: formatSeconds(outcome.allInSeconds),
    'asked/s': format(asked / lastSecond),
    'peak/s': format(outcome.peakPerSecond),
    'served/s': format(served / lastSecond),
    'requests a success': format(asked / served),
    'refresh token ended': format(signedOut),
    'not in': format(counted - isIn - signedOut),
  }
}

function formatSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `${format(seconds)} s`
}
