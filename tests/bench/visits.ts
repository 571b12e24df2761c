/**
 * Signing in on a slow line, beside a bare page of the client library as published: from asking for the page
 * to a form that can be used, and from Enter to the ride page. Each visit is a new browser's first.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { createPoolClient } from '../browser/support/pool-client.ts'
import type { Builds } from './builds.ts'
import { servePoolAndPages } from './page-server.ts'
import type { Sighting } from './page-watch.ts'
import { slowness, startSlowBrowser } from './slow-browser.ts'
import { quantile } from './statistics.ts'

const visits = 7
const rider = { email: 'rider@example.com', password: 'Unicorn-1234' }
/** milliseconds in which a browser comes to rest after its start, which is not what is measured */
const startMs = 500
/** milliseconds before the rider begins to type, and from key to key: 3 seconds for name and password */
const lookMs = 1500
const keyMs = 100

interface Visit {
  /** a press of the button is taken */
  readonly usable: number
  /** and acted on, by the last script that listens */
  readonly answering: number
  readonly firstPaint: number
  readonly largestPaint: number
  readonly shift: number
  readonly longestTask: number
  readonly enterToPaint: number
  /** a bare page shows none */
  readonly enterToRider: number | undefined
  readonly longestTaskAfterEnter: number
  readonly isPrerendered: boolean
}

export async function measureVisits({ site, untouched }: Builds): Promise<void> {
  const stage = await servePoolAndPages([untouched, site])
  try {
    await createPoolClient(stage.pool).createConfirmedUser(rider)
    const [bare = '', ours = ''] = stage.pages
    const rows: { bare: Visit; ours: Visit }[] = []
    while (rows.length < visits) {
      rows.push({
        bare: await visit(bare, 'first-contentful-paint'),
        ours: await visit(ours, 'rider-shown'),
      })
    }
    print(rows)
  } finally {
    stage.close()
  }
}

/** @param last what the ride page tells last */
async function visit(origin: string, last: Sighting['what']): Promise<Visit> {
  const browser = await startSlowBrowser()
  const { sightings, press } = browser
  const isOf = (page: string, what: Sighting['what']) => (one: Sighting) =>
    one.page === page && one.what === what
  try {
    await wait(startMs)
    await browser.open(`${origin}/signin.html`)
    const usable = await browser.waitFor('the form', isOf('/signin.html', 'usable'))
    const first = await browser.waitFor(
      'the first paint',
      isOf('/signin.html', 'first-contentful-paint'),
    )
    await wait(lookMs)
    const onLoad = sightings.filter(({ page }) => page === '/signin.html')
    await browser.evaluate(`document.querySelector('#username').focus()`)
    await press(rider.email, keyMs)
    await press({ key: 'Tab' })
    await press(rider.password, keyMs)
    await press({ key: 'Enter' })
    const enter = await browser.waitFor('Enter', isOf('/signin.html', 'enter'))
    const paint = await browser.waitFor(
      'the ride page',
      isOf('/ride.html', 'first-contentful-paint'),
    )
    const shown = await browser.waitFor('the rider', isOf('/ride.html', last))
    const after = sightings.filter(
      ({ page, atMs }) => page === '/signin.html' && atMs >= enter.atMs,
    )
    return {
      usable: Math.max(usable.sinceStartMs, first.sinceStartMs),
      answering: longest(onLoad, 'listened', ({ sinceStartMs }) => sinceStartMs),
      firstPaint: first.sinceStartMs,
      largestPaint: longest(onLoad, 'largest-contentful-paint', ({ sinceStartMs }) => sinceStartMs),
      shift: onLoad
        .filter(({ what }) => what === 'layout-shift')
        .reduce((sum, { value }) => sum + value, 0),
      longestTask: longest(onLoad, 'longtask', ({ value }) => value),
      enterToPaint: paint.atMs - enter.atMs,
      enterToRider:
        last === 'rider-shown' ? Math.max(shown.atMs, paint.atMs) - enter.atMs : undefined,
      longestTaskAfterEnter: longest(after, 'longtask', ({ value }) => value),
      isPrerendered: paint.isPrerendered,
    }
  } finally {
    await browser.close()
  }
}

function longest(
  seen: readonly Sighting[],
  kind: Sighting['what'],
  measure: (one: Sighting) => number,
): number {
  return Math.max(0, ...seen.filter(({ what }) => what === kind).map(measure))
}

function print(rows: readonly { readonly bare: Visit; readonly ours: Visit }[]): void {
  const median = (visits: readonly Visit[], measure: (visit: Visit) => number | undefined) =>
    quantile(
      visits.map((one) => measure(one) ?? Number.NaN),
      0.5,
    )
  const bare = rows.map((row) => row.bare)
  const ours = rows.map((row) => row.ours)
  const compare = (
    name: string,
    measure: (visit: Visit) => number | undefined,
    measureBare = measure,
  ) => {
    const [one, other] = [median(bare, measureBare), median(ours, measure)]
    return `  ${name}: ${one.toFixed(0)} / ${other.toFixed(0)} = ${(one / other).toFixed(2)}`
  }
  const task = (visits: readonly Visit[], measure: (visit: Visit) => number) =>
    median(visits, measure) < 50 ? 'none over 50' : median(visits, measure).toFixed(0)
  const prerendered = ours.filter(({ isPrerendered }) => isPrerendered).length
  process.stdout.write(
    [
      `Signing in, a bare page with the library as published / the site, medians of ${rows.length}, ms`,
      `(${slowness}):`,
      compare('form usable', ({ usable }) => usable),
      compare('its own script there', ({ answering }) => answering),
      compare('first contentful paint', ({ firstPaint }) => firstPaint),
      compare('largest contentful paint', ({ largestPaint }) => largestPaint),
      `  longest task on load: ${task(bare, (one) => one.longestTask)} / ${task(ours, (one) => one.longestTask)}`,
      `  layout shift: ${median(bare, ({ shift }) => shift).toFixed(3)} / ${median(ours, ({ shift }) => shift).toFixed(3)}`,
      compare('Enter to the ride page painted', ({ enterToPaint }) => enterToPaint),
      compare(
        'Enter to the ride page painted, here with the rider’s name',
        ({ enterToRider }) => enterToRider,
        ({ enterToPaint }) => enterToPaint,
      ),
      `  longest task after Enter: ${task(bare, (one) => one.longestTaskAfterEnter)} / ${task(ours, (one) => one.longestTaskAfterEnter)}`,
      `  ride page prerendered: ${prerendered} of ${rows.length}`,
      '',
    ].join('\n'),
  )
}
