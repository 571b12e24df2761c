/**
 * Lighthouse on every page, those for riders as one who is signed in sees them: prints the scores and every
 * audit short of perfect, and fails when a score is under 100. `npm run lighthouse -- --runs 1` takes one run
 * of each page in place of the median of three; `--language de`, which may be given several times, the pages of that
 * language in place of the English ones.
 */

import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs, promisify } from 'node:util'
import { chromium } from '@playwright/test'
import * as v from 'valibot'
import { build, createLogger, preview } from 'vite'
import { inlineHashes } from '../../src/build/inline.ts'
import { localCloud } from '../../src/local-cloud/vite-plugin.ts'
import { sourceLanguage } from '../../src/shared/languages.ts'
import { requireChromium } from '../browser/support/chromium.ts'
import { createPoolClient } from '../browser/support/pool-client.ts'
import { expectRidePage, fillSignIn } from '../browser/support/rider-actions.ts'
import { htmlPages } from '../repo/source-files.ts'

type PageName = (typeof htmlPages)[number]

/** Run by npx: as a dependency it would be 197 packages for one command. */
const lighthouse = 'lighthouse@12.8.2'
const rider = { email: 'rider@example.com', password: 'Unicorn-1234' }
const categories = ['performance', 'accessibility', 'best-practices', 'seo'] as const
const startLimitMs = 20_000
/** Lighthouse now and then records no navigation (NO_NAVSTART), and asks to be run again. */
const tries = 3

/** A row of an audit's table: what it names in words, and its figures. */
const row = v.looseObject({ node: v.optional(v.looseObject({ selector: v.string() })) })
const report = v.object({
  finalDisplayedUrl: v.string(),
  runtimeError: v.optional(v.object({ message: v.string() })),
  runWarnings: v.array(v.string()),
  categories: v.record(
    v.string(),
    v.object({
      score: v.nullable(v.number()),
      auditRefs: v.array(v.object({ id: v.string(), weight: v.number() })),
    }),
  ),
  audits: v.record(
    v.string(),
    v.object({
      title: v.string(),
      score: v.nullable(v.number()),
      displayValue: v.optional(v.string()),
      details: v.optional(v.looseObject({ items: v.fallback(v.array(row), []) })),
    }),
  ),
})
type Report = v.InferOutput<typeof report>

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    language: { type: 'string', multiple: true, default: [sourceLanguage.lang] },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-lighthouse-'))
const site = await startSite()
const browser = await startBrowser()
try {
  process.stdout.write(`Lighthouse, mobile, median of ${values.runs}: ${categories.join(' | ')}\n`)
  const scores = []
  const paths = (isWanted: (page: PageName) => boolean) =>
    values.language.flatMap((lang) =>
      htmlPages.filter(isWanted).map((page) => toPagePath(page, lang)),
    )
  for (const path of paths((page) => !isRiders(page))) scores.push(...(await judge(path)))
  await signInToStay()
  for (const path of paths(isRiders)) scores.push(...(await judge(path)))
  if (scores.some((score) => score < 100)) process.exitCode = 1
} finally {
  await browser.stop()
  await site.stop()
  rmSync(folder, { recursive: true, maxRetries: 5, retryDelay: 200 })
}

/** As `npm start` does, with a pool of its own. */
async function startSite() {
  const outDir = join(folder, 'dist')
  await build({ logLevel: 'warn', build: { outDir, emptyOutDir: true } })
  const logger = createLogger('silent')
  const server = await preview({
    configFile: false,
    appType: 'mpa',
    customLogger: logger,
    build: { outDir },
    plugins: [localCloud(inlineHashes, { LOCAL_CLOUD_DATA: join(folder, 'pool') }, [])],
    preview: { host: 'localhost', port: 0, cors: false },
  })
  const address = server.httpServer.address()
  if (typeof address !== 'object' || !address) throw new Error('the preview server has no port')
  return { origin: `http://localhost:${address.port}`, stop: () => server.close() }
}

async function startBrowser() {
  const profile = join(folder, 'profile')
  const child = spawn(
    requireChromium(),
    [
      ...['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`],
      ...['--no-first-run', '--disable-quic', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
      // Chromium refuses to start as root with its sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      'about:blank',
    ],
    { stdio: 'ignore' },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const portFile = join(profile, 'DevToolsActivePort')
  const giveUpAtMs = Date.now() + startLimitMs
  while (!existsSync(portFile) || !readFileSync(portFile, 'utf8').includes('\n')) {
    if (Date.now() > giveUpAtMs) throw new Error('Chromium did not open its DevTools port')
    await wait(50)
  }
  const [port = ''] = readFileSync(portFile, 'utf8').split('\n')
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

function toPagePath(page: PageName, lang: string): string {
  const folder = lang === sourceLanguage.lang ? '/' : `/${lang}/`
  return page === 'index' ? folder : `${folder}${page}.html`
}

/** Whether a page is for riders who are signed in. */
function isRiders(page: PageName): boolean {
  return page === 'ride' || page === 'account'
}

/** Playwright lets go of the browser before Lighthouse takes it, for both set how a page is shown. */
async function signInToStay(): Promise<void> {
  await createPoolClient(site.origin).createConfirmedUser(rider)
  const connection = await chromium.connectOverCDP(`http://127.0.0.1:${browser.port}`)
  const [context] = connection.contexts()
  if (!context) throw new Error('Chromium has no window')
  const page = await context.newPage()
  await page.goto(`${site.origin}/signin.html`)
  await fillSignIn(page, rider)
  await page.getByLabel('Keep me signed in').check()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRidePage(page)
  await page.close()
  await connection.close()
}

/** @returns the scores, of 100 */
async function judge(path: string): Promise<readonly number[]> {
  const reports: Report[] = []
  while (reports.length < Number(values.runs)) reports.push(await run(path))
  const scores = categories.map((category) => median(reports.map((one) => scoreOf(one, category))))
  process.stdout.write(`  ${path}: ${scores.join(' | ')}\n`)
  const performances = reports.map((one) => scoreOf(one, 'performance'))
  const middle = reports[performances.indexOf(median(performances))]
  for (const line of middle ? describe(middle) : []) process.stdout.write(`    ${line}\n`)
  return scores
}

async function run(path: string): Promise<Report> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await runOnce(path)
    } catch (error) {
      if (left === 0 || !String(error).includes('Please run Lighthouse again')) throw error
      process.stdout.write(`  ${path}: once more, for Lighthouse itself failed\n`)
    }
  }
}

async function runOnce(path: string): Promise<Report> {
  const { stdout } = await promisify(execFile)(
    'npx',
    [
      ...['--yes', lighthouse, `${site.origin}${path}`, `--port=${browser.port}`],
      ...['--output=json', '--disable-storage-reset', '--quiet'],
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  )
  const judged = v.parse(report, JSON.parse(stdout))
  if (judged.runtimeError) throw new Error(`${path}: ${judged.runtimeError.message}`)
  const { pathname } = new URL(judged.finalDisplayedUrl)
  if (pathname !== path) {
    throw new Error(
      `${path} led to ${pathname}, which was judged in its place: nobody is signed in.`,
    )
  }
  return judged
}

function scoreOf({ categories: judged }: Report, category: string): number {
  return Math.round((judged[category]?.score ?? 0) * 100)
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0
}

/** Every audit short of perfect, those that do not count too, with the parts of the page it names. */
function describe({ audits, categories: judged, runWarnings }: Report): readonly string[] {
  const refs = categories.flatMap((category) => judged[category]?.auditRefs ?? [])
  const weights = new Map(refs.map(({ id, weight }) => [id, weight]))
  const short = Object.entries(audits).filter(
    ([id, { score }]) => weights.has(id) && score !== null && score < 1,
  )
  return [
    ...runWarnings.map((warning) => `warning: ${warning}`),
    ...short.flatMap(([id, { title, score, displayValue, details }]) => [
      [
        `${id} (weight ${weights.get(id)}): ${Math.round((score ?? 0) * 100)}, ${title}`,
        ...(displayValue ? [displayValue] : []),
      ].join(', '),
      ...(details?.items ?? [])
        .map(toText)
        .filter(Boolean)
        .slice(0, 10)
        .map((line) => `  ${line}`),
    ]),
  ]
}

function toText({ node, ...cells }: v.InferOutput<typeof row>): string {
  const words = [node?.selector, cells.selector, cells.url, cells.groupLabel, cells.description]
  const figures = Object.entries(cells).flatMap(([name, value]) =>
    typeof value === 'number' ? [`${name} ${Number(value.toPrecision(4))}`] : [],
  )
  return [...words.filter((word) => typeof word === 'string'), ...figures].join(', ')
}
