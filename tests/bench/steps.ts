/**
 * The steps of the journey, and the second visit, on a slow line: from the press of a link to the next page painted and its
 * form usable, when the page before has been read for ten seconds. Beside the tutorial's pages as published, where
 * `BENCH_TUTORIAL` names their folder.
 */

import { setTimeout as wait } from 'node:timers/promises'
import type { Builds } from './builds.ts'
import { servePoolAndPages } from './page-server.ts'
import { isOf, type Sighting } from './page-watch.ts'
import { type SlowBrowser, slowness, startSlowBrowser } from './slow-browser.ts'
import { quantile } from './statistics.ts'

const visits = 7
/** milliseconds in which a browser comes to rest after its start, which is not what is measured */
const startMs = 500
/** milliseconds for which a page is read */
const readMs = 10_000

/** The tutorial has the first one alone: its sign-in page links to no other, and it has none for a forgotten password. */
const steps = [
  { from: '/', to: '/register.html', isOfTutorial: true },
  { from: '/register.html', to: '/signin.html', isOfTutorial: false },
  { from: '/signin.html', to: '/register.html', isOfTutorial: false },
  { from: '/signin.html', to: '/forgot.html', isOfTutorial: false },
  { from: '/forgot.html', to: '/signin.html', isOfTutorial: false },
  { from: '/verify.html', to: '/signin.html', isOfTutorial: false },
] as const

interface Step {
  readonly painted: number
  readonly usable: number
  readonly isPrerendered: boolean
}

export async function measureSteps({ site, untouched }: Builds): Promise<void> {
  const tutorial = process.env.BENCH_TUTORIAL
  const stage = await servePoolAndPages([site, untouched], tutorial)
  try {
    const [ours = '', bare = '', original] = stage.pages
    process.stdout.write(
      `Steps, the page before read for ${readMs / 1000} s, medians of ${visits}, ms (${slowness}):\n`,
    )
    for (const { from, to, isOfTutorial } of steps) {
      const rows = await repeat(() => takeStep(ours, from, to))
      const others =
        original && isOfTutorial ? await repeat(() => takeStep(original, from, to)) : []
      printStep(`${from} → ${to}`, rows, others)
    }
    await measureSecondVisits({ ours, bare, original })
  } finally {
    stage.close()
  }
}

async function repeat<Result>(visit: () => Promise<Result>): Promise<readonly Result[]> {
  const results: Result[] = []
  while (results.length < visits) results.push(await visit())
  return results
}

async function takeStep(origin: string, from: string, to: string): Promise<Step> {
  return withSlowBrowser(async ({ open, waitFor, evaluate, press }) => {
    await open(`${origin}${from}`)
    await waitFor('the page before', isOf(from, 'loaded'))
    await wait(readMs)
    // By keyboard: no pointer says before the press where it goes.
    await evaluate(`[...document.links].find((link) =>
      link.pathname === ${JSON.stringify(to)} && link.checkVisibility()).focus()`)
    await press({ key: 'Enter' })
    const enter = await waitFor('the press', isOf(from, 'enter'))
    const paint = await waitFor('the next page', isOf(to, 'first-contentful-paint'))
    const usable = await waitFor('its form', isOf(to, 'usable'))
    return {
      painted: paint.atMs - enter.atMs,
      // A prerendered form was usable before it was seen.
      usable: Math.max(usable.atMs, paint.atMs) - enter.atMs,
      isPrerendered: paint.isPrerendered,
    }
  })
}

/** The sign-in page, opened again in the same browser. */
async function measureSecondVisits(origins: {
  readonly ours: string
  readonly bare: string
  readonly original: string | undefined
}): Promise<void> {
  const median = async (origin: string) =>
    quantile(await repeat(() => visitTwice(`${origin}/signin.html`)), 0.5)
  const ours = await median(origins.ours)
  const compare = async (name: string, origin: string) => {
    const other = await median(origin)
    return `  ${name} / ours: ${other.toFixed(0)} / ${ours.toFixed(0)} = ${(other / ours).toFixed(2)}\n`
  }
  process.stdout.write(`Second visit to the sign-in page, form usable, medians of ${visits}, ms:\n`)
  process.stdout.write(await compare('a bare page with the library as published', origins.bare))
  if (origins.original) process.stdout.write(await compare('tutorial', origins.original))
}

/** @returns milliseconds until the form is painted and usable */
async function visitTwice(url: string): Promise<number> {
  return withSlowBrowser(async ({ open, waitFor, sightings }) => {
    const { pathname } = new URL(url)
    await open(url)
    await waitFor('the form', isOf(pathname, 'usable'))
    await waitFor('the page', isOf(pathname, 'loaded'))
    await wait(startMs)
    await open('about:blank')
    await wait(startMs)
    const first = new Set(sightings)
    const isAgain = (what: Sighting['what']) => (one: Sighting) =>
      !first.has(one) && isOf(pathname, what)(one)
    await open(url)
    const usable = await waitFor('the form again', isAgain('usable'))
    const paint = await waitFor('the paint again', isAgain('first-contentful-paint'))
    return Math.max(usable.sinceStartMs, paint.sinceStartMs)
  })
}

async function withSlowBrowser<Result>(
  visit: (browser: SlowBrowser) => Promise<Result>,
): Promise<Result> {
  const browser = await startSlowBrowser()
  try {
    await wait(startMs)
    return await visit(browser)
  } finally {
    await browser.close()
  }
}

function printStep(name: string, rows: readonly Step[], others: readonly Step[]): void {
  const compare = (measure: (step: Step) => number) => {
    const ours = quantile(rows.map(measure), 0.5)
    if (others.length === 0) return ours.toFixed(0)
    const other = quantile(others.map(measure), 0.5)
    return `tutorial / ours ${other.toFixed(0)} / ${ours.toFixed(0)} = ${(other / ours).toFixed(2)}`
  }
  const prerendered = rows.filter(({ isPrerendered }) => isPrerendered).length
  process.stdout.write(
    `  ${name}: painted ${compare(({ painted }) => painted)}; usable ${compare(({ usable }) => usable)}; ` +
      `prerendered ${prerendered} of ${rows.length}\n`,
  )
}
