/** docs/growth.md: its arithmetic is done again, from the quotas that the local pool refuses by and the weights of the pages. */

import { describe, expect, test } from 'vitest'
import { isQuotaCategory, quotaCategories } from '../../src/shared/cognito-quotas.ts'
import { readSource } from './source-files.ts'

const growth = readSource('docs/growth.md')
const riders = [1000, 100_000, 1_000_000, 10_000_000]

const visitsPerMonth = 8
const busySeconds = 8 * 3600
const peakToAverage = 3
const visitsASecond = (count: number) =>
  ((count * visitsPerMonth) / 30 / busySeconds) * peakToAverage

/** The cells of each row of the table that has this header. */
function findTable(header: string): readonly (readonly string[])[] {
  const lines = growth.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${header} |`))
  if (start === -1) throw new Error(`expected a table with the header "${header}"`)
  const rows = lines.slice(start + 2)
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith('|')),
    )
    .map((line) => line.slice(2, -2).split(' | '))
}

const toNumber = (cell: string | undefined) => Number(cell?.replace(/[$,]/g, ''))

/** Numbers as the document writes them: three digits. */
const toShort = (value: number) => Number(value.toPrecision(3))

test('growth: the quotas are those that the local pool refuses by', () => {
  const rows = findTable('Category | A second | Can be raised | What riders do')

  expect(rows.length).toBeGreaterThan(5)
  for (const [category = '', rate, canBeRaised] of rows) {
    if (!isQuotaCategory(category)) throw new Error(`expected a category, not ${category}`)
    const { requestsPerSecond, isAdjustable } = quotaCategories[category]
    expect([category, rate, canBeRaised]).toEqual([
      category,
      String(requestsPerSecond),
      isAdjustable ? 'yes' : 'no',
    ])
  }
})

test('growth: the requests of the busiest second follow from the assumptions', () => {
  const rows = findTable('Riders a month | Visits a second | UserAuthentication: 2 for each')

  expect(rows.map((row) => row.map(toNumber))).toEqual(
    riders.map((count) => {
      const registrations = count / 10
      const registrationsASecond = (registrations / busySeconds) * peakToAverage
      return [
        count,
        toShort(visitsASecond(count)),
        toShort(2 * visitsASecond(count)),
        registrations,
        toShort(2 * registrationsASecond),
        toShort(registrationsASecond),
      ]
    }),
  )
})

describe('what a rider costs', () => {
  const rows = findTable('Riders a month | Lite | Essentials | Plus').map((row) =>
    row.map(toNumber),
  )
  const withoutFree = (count: number) => Math.max(0, count - 10_000)

  function toLitePrice(count: number): number {
    const steps = [
      [90_000, 0.0055],
      [900_000, 0.0046],
      [9_000_000, 0.00325],
      [Number.POSITIVE_INFINITY, 0.0025],
    ] as const
    let left = withoutFree(count)
    let price = 0
    for (const [size, each] of steps) {
      const inStep = Math.min(left, size)
      price += inStep * each
      left -= inStep
    }
    return Math.round(price)
  }

  test('growth: the price of each feature plan is the sum of its steps', () => {
    expect(rows).toEqual(
      riders.map((count) => [
        count,
        toLitePrice(count),
        Math.round(withoutFree(count) * 0.015),
        Math.round(count * 0.02),
      ]),
    )
  })

  test('growth: the bytes are the weights of the pages as the benchmarks have them', () => {
    const benchmarks = readSource('docs/benchmarks.md')
    const [, weights = ''] = /404 \| ([\d. /]+) kB \|/.exec(benchmarks) ?? []
    const [, , , signIn, , ride] = weights.split(' / ').map(Number)
    const [, map] = /the map on the ride page.* \| ([\d.]+) kB \|/.exec(benchmarks) ?? []
    const visitKb = (signIn ?? 0) + (ride ?? 0) + Number(map)

    expect(growth).toContain(`${signIn} + ${ride} + ${map} = ${visitKb.toFixed(1)} kB`)
    const bytes = findTable('Riders a month | 8 visits each | A month')
    expect(bytes.map((row) => row.map((cell) => toNumber(cell.replace(' GB', ''))))).toEqual(
      riders.map((count) => {
        const gigabytes = (count * visitsPerMonth * visitKb) / 1e6
        return [count, toShort(gigabytes), Number((toShort(gigabytes) * 0.15).toFixed(2))]
      }),
    )
  })
})

test('growth: the least time of a wake-up is the tabs by the quota', () => {
  const quotas = [120, 300, 556]
  const toText = (seconds: number) => {
    if (seconds < 100) return `${Math.round(seconds)} s`
    return `${Math.round(seconds / 60)} min`
  }

  expect(findTable('Open tabs | Quota 120 | Quota 300 | Quota 556')).toEqual(
    [5000, 50_000, 200_000, 2_000_000].map((tabs) => [
      tabs.toLocaleString('en-US'),
      ...quotas.map((quota) => toText(tabs / quota)),
    ]),
  )
})

test("growth: the ride API's own limit is the template's", () => {
  const template = readSource('src/aws/ride-api.yaml')
  const [, rate = ''] = /ThrottlingRateLimit: (\d+)/.exec(template) ?? []
  const [, burst = ''] = /ThrottlingBurstLimit: (\d+)/.exec(template) ?? []

  expect(growth).toContain(`| ${rate} requests a second, ${burst} at once, for all riders |`)
  const enough = Number(rate) / visitsASecond(1)
  expect(growth).toContain(`= ${(enough / 1e6).toFixed(1)} million riders |`)
})

test('growth: every source that is referred to is listed, and no other', () => {
  const [text = '', sources = ''] = growth.split('\n## Sources\n')
  const find = (part: string, pattern: RegExp) =>
    [...new Set([...part.matchAll(pattern)].map(([, number]) => Number(number)))].sort(
      (a, b) => a - b,
    )
  const listed = find(sources, /^\| \[(\d+)\] \|/gm)

  expect(find(text, /\[(\d+)\](?!\()/g)).toEqual(listed)
  expect(listed).toEqual(listed.map((_, index) => index + 1))
})
