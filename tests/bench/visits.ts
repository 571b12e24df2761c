/**
 * Signing in on a slow line, beside a bare page of the client library as published and the tutorial's pages: from asking
 * for the page to a form that can be used, and from Enter to the ride page. Each visit is a new browser's first.
 */

import { setTimeout as wait } from 'node:timers/promises'
import { createPoolClient } from '../browser/support/pool-client.ts'
import type { Builds } from './builds.ts'
import { servePoolAndPages } from './page-server.ts'
import { isOf, type Sighting } from './page-watch.ts'
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

/** What is visited, and how. */
interface Subject {
  readonly name: string
  readonly origin: string
  /** selector of the field for the name */
  readonly field: string
  /** what the ride page tells last */
  readonly last: Sighting['what']
}

export async function measureVisits({ site, untouched }: Builds): Promise<void> {
  const stage = await servePoolAndPages([site, untouched], process.env.BENCH_TUTORIAL)
  try {
    await createPoolClient(stage.pool).createConfirmedUser(rider)
    const [ours = '', bare = '', tutorial] = stage.pages
    const subjects: readonly Subject[] = [
      { name: 'ours', origin: ours, field: '#username', last: 'rider-shown' },
      { name: 'bare page', origin: bare, field: '#username', last: 'first-contentful-paint' },
      ...(tutorial
        ? [
            {
              name: 'tutorial',
              origin: tutorial,
              field: '#emailInputSignin',
              last: 'first-contentful-paint',
            } as const,
          ]
        : []),
    ]
    const results = new Map<string, Visit[]>(subjects.map(({ name }) => [name, []]))
    // In turn, so that what slows the machine slows all of them.
    for (let row = 0; row < visits; row += 1) {
      for (const subject of subjects) {
        results.get(subject.name)?.push(await visit(subject, stage.awsPool))
      }
    }
    print(results)
  } finally {
    stage.close()
  }
}

async function visit({ origin, field, last }: Subject, awsPool: string): Promise<Visit> {
  const browser = await startSlowBrowser(awsPool)
  const { sightings, press } = browser
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
    await browser.evaluate(`document.querySelector('${field}').focus()`)
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

function print(results: ReadonlyMap<string, readonly Visit[]>): void {
  const ours = results.get('ours') ?? []
  const others = [...results].filter(([name]) => name !== 'ours')
  const median = (of: readonly Visit[], measure: (visit: Visit) => number | undefined) =>
    quantile(
      of.map((one) => measure(one) ?? Number.NaN),
      0.5,
    )
  const compare = (
    text: string,
    measure: (visit: Visit) => number | undefined,
    measureOther = measure,
  ) => {
    const own = median(ours, measure)
    const ratios = others.map(([name, of]) => {
      const other = median(of, measureOther)
      return `${name} ${other.toFixed(0)} = ${(other / own).toFixed(2)}`
    })
    return `  ${text}: ours ${own.toFixed(0)}; ${ratios.join('; ')}`
  }
  const list = (text: string, tell: (of: readonly Visit[]) => string) =>
    `  ${text}: ${[...results].map(([name, of]) => `${name} ${tell(of)}`).join('; ')}`
  const task = (of: readonly Visit[], measure: (visit: Visit) => number) =>
    median(of, measure) < 50 ? 'none over 50' : median(of, measure).toFixed(0)
  const prerendered = ours.filter(({ isPrerendered }) => isPrerendered).length
  process.stdout.write(
    [
      'Signing in: the site, a bare page with the library as published, and where BENCH_TUTORIAL names a folder,',
      `the tutorial's pages. Medians of ${ours.length}, ms (${slowness}); theirs / ours:`,
      compare('form usable', ({ usable }) => usable),
      compare('its own script there', ({ answering }) => answering),
      compare('first contentful paint', ({ firstPaint }) => firstPaint),
      compare('largest contentful paint', ({ largestPaint }) => largestPaint),
      list('longest task on load', (of) => task(of, (one) => one.longestTask)),
      list('layout shift', (of) => median(of, ({ shift }) => shift).toFixed(3)),
      compare('Enter to the ride page painted', ({ enterToPaint }) => enterToPaint),
      compare(
        'Enter to the ride page painted, here with the rider’s name',
        ({ enterToRider }) => enterToRider,
        ({ enterToPaint }) => enterToPaint,
      ),
      list('longest task after Enter', (of) => task(of, (one) => one.longestTaskAfterEnter)),
      `  ride page prerendered: ${prerendered} of ${ours.length}`,
      '',
    ].join('\n'),
  )
}
