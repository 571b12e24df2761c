/** What the site promises for a crowd, held against the simulation that `npm run simulate` prints: one set of constants for all. */

import { describe, expect, test } from 'vitest'
import { fixedWaits, thisSite, withoutJitter } from '../../simulate/clients.ts'
import { type Crowd, simulate } from '../../simulate/crowd.ts'
import {
  launchDay,
  nineOClock,
  outage,
  refreshTokenLifeMs,
  scenarios,
  slowSender,
  tokenLifeMs,
} from '../../simulate/scenarios.ts'
import { createSeededRandom } from '../../support/reliability/seeded-random.ts'
import { templateSettings } from '../../support/template-settings.ts'

const seeds = [1, 2, 3]
const randomOf = (seed: number) => createSeededRandom(seed).fraction
const requestsForASuccess = ({ asked, served }: ReturnType<typeof simulate>) => asked / served

test("simulation: its tokens live as long as the template's", () => {
  expect(templateSettings.accessTokenSeconds * 1000).toBe(tokenLifeMs)
  expect(templateSettings.refreshTokenSeconds * 1000).toBe(refreshTokenLifeMs)
})

test('simulation: the same seed gives the same figures, and another one gives others', () => {
  const run = (seed: number) =>
    simulate(nineOClock.crowd(1_000), thisSite, { random: randomOf(seed) })
  expect(run(1)).toEqual(run(1))
  expect(run(2)).not.toEqual(run(1))
})

describe.each(seeds)("nine o'clock, seed %i", (seed) => {
  test('100,000 tabs that wake together are renewed within 1.3 times the least possible time, at 12 requests each or fewer, and nobody is signed out', () => {
    const outcome = simulate(nineOClock.crowd(100_000), thisSite, { random: randomOf(seed) })
    expect(outcome).toMatchObject({ isIn: 100_000, signedOut: 0 })
    expect(outcome.allInSeconds).toBeLessThanOrEqual(1.3 * 833)
    expect(requestsForASuccess(outcome)).toBeLessThanOrEqual(12)
  })

  test('1,000 tabs that wake together are renewed within 3 times the least possible time, at 4 requests each or fewer, and nobody is signed out', () => {
    const outcome = simulate(nineOClock.crowd(1_000), thisSite, { random: randomOf(seed) })
    expect(outcome).toMatchObject({ isIn: 1_000, signedOut: 0 })
    expect(outcome.allInSeconds).toBeLessThanOrEqual(3 * 8.3)
    expect(requestsForASuccess(outcome)).toBeLessThanOrEqual(4)
  })
})

test.each([withoutJitter, fixedWaits])(
  "nine o'clock: with $name 5,000 tabs take more than twice as long, and more requests",
  (client) => {
    const crowd = nineOClock.crowd(5_000)
    const site = simulate(crowd, thisSite, { random: randomOf(1) })
    const other = simulate(crowd, client, { random: randomOf(1) })
    expect(other.allInSeconds).toBeGreaterThan(2 * (site.allInSeconds ?? Number.NaN))
    expect(requestsForASuccess(other)).toBeGreaterThan(1.5 * requestsForASuccess(site))
  },
)

test('outage: after ten minutes of it 100,000 open tabs are renewed within ten more, before tokens that were renewed early end', () => {
  const outcome = simulate(outage.crowd(100_000), thisSite, { random: randomOf(1) })
  expect(outcome).toMatchObject({ isIn: outcome.counted, signedOut: 0 })
  expect(outcome.allInSeconds).toBeLessThan(600)
})

test('launch day: 100,000 riders within an hour are in a tenth later than the quotas allow, at 3 requests for a success or fewer', () => {
  const outcome = simulate(launchDay.crowd(100_000), thisSite, { random: randomOf(1) })
  expect(outcome.isIn).toBe(100_000)
  expect(outcome.allInSeconds).toBeLessThan(1.1 * launchDay.leastSeconds(100_000))
  expect(requestsForASuccess(outcome)).toBeLessThanOrEqual(3)
})

test('email sender: riders beyond what it sends in a day do not get in, and cost no rider their place', () => {
  const riders = 100_000
  const outcome = simulate(slowSender.crowd(riders), thisSite, {
    random: randomOf(1),
    weight: 500,
  })
  expect(outcome.isIn).toBe(50_000)
  expect(outcome.halfInSeconds).toBeLessThan(2 * 3600)
})

test('ten million riders: what cannot be done within a day is named, with the quota that it takes', () => {
  const riders = 10_000_000
  const advice = scenarios.map((scenario) => [
    scenario.name,
    scenario.leastSeconds(riders) > 0.9 * 86_400,
    scenario.advise(riders),
  ])
  expect(advice).toEqual([
    ['Launch day', true, expect.stringContaining('UserCreation: 231 a second for a day')],
    ["Nine o'clock", true, expect.stringContaining('UserAuthentication: 2,778 a second')],
    ['Ten minutes of outage, and back', true, expect.stringContaining('2,778 times a second')],
    ['Everybody signs in', true, expect.stringContaining('UserAuthentication: 2,778 a second')],
    ['A throttled email sender', true, expect.stringContaining('10,000,000 emails a day')],
  ])
})

test("quota: riders who keep to the rate are never refused, and of those who come at once a second's worth is served", () => {
  const crowd = (startMs: Crowd['startMs']): Crowd => ({
    riders: 600,
    steps: [{ quota: 'calls', by: 'background' }],
    quotas: { calls: { perSecond: 10 } },
    startMs,
  })
  let next = 0
  const even = simulate(
    crowd(() => {
      next += 120
      return next
    }),
    thisSite,
    { random: () => 0.5 },
  )
  expect(requestsForASuccess(even)).toBe(1)
  const never = { ...fixedWaits, backgroundWaitMs: () => 86_400_000 }
  expect(
    simulate(
      crowd(() => 0),
      never,
      { random: () => 0.5 },
    ).served,
  ).toBe(10)
})
