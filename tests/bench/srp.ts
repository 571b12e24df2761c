/** SRP in the browser, cold: the client library as published beside the same with the site's stand-ins. */

import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import * as v from 'valibot'
import { clientLibraryShims } from '../../src/build/client-library.ts'
import {
  createServerPublicKey,
  createVerifier,
  deriveSigningKey,
} from '../../src/local-cloud/user-pool/srp/srp.ts'
import { buildAsPublished } from './builds.ts'
import { servePoolAndPages } from './page-server.ts'
import { namespace, password } from './pool-server.ts'
import { startSlowBrowser } from './slow-browser.ts'
import { quantile } from './statistics.ts'

const samples = 7
const userId = '6f1d2c3e-0000-7000-a000-000000000001'
/** milliseconds for a new browser to come to rest */
const restMs = 2000

const step = v.object({ ms: v.number(), hex: v.string() })

interface Sample {
  /** milliseconds until SRP_A is there */
  readonly A: number
  /** milliseconds from SRP_B to the key */
  readonly key: number
}

export async function measureSrp(): Promise<void> {
  const folders = [
    await buildAsPublished('srp-page', ['index.html']),
    await buildAsPublished('srp-page', ['index.html'], clientLibraryShims),
  ]
  const stage = await servePoolAndPages(folders)
  try {
    const [published = '', ours = ''] = stage.pages
    const rows: { published: Sample; ours: Sample }[] = []
    while (rows.length < samples) {
      rows.push({ published: await exchange(published), ours: await exchange(ours) })
    }
    print(rows)
  } finally {
    stage.close()
    for (const folder of folders) rmSync(folder, { recursive: true })
  }
}

/** @throws {Error} when the page comes to another key than the server's half */
async function exchange(origin: string): Promise<Sample> {
  const browser = await startSlowBrowser()
  const call = async (expression: string) => v.parse(step, await browser.evaluate(expression))
  try {
    await browser.open(`${origin}/index.html`)
    await browser.waitFor('the page', ({ what }) => what === 'loaded')
    await wait(restMs)
    const A = await call(`srp.makeA('${namespace}')`)
    const saltHex = randomBytes(16).toString('hex')
    const verifier = createVerifier({ namespace, userId }, { password, saltHex })
    const b = BigInt(`0x${randomBytes(32).toString('hex')}`)
    const B = createServerPublicKey({ v: verifier, b })
    const sides = { username: userId, password, B: B.toString(16), salt: saltHex }
    const key = await call(`srp.makeKey(${JSON.stringify(sides)})`)
    const expected = deriveSigningKey({ A: BigInt(`0x${A.hex}`), B, b, v: verifier })
    if (key.hex !== expected?.toString('hex')) throw new Error('the two sides have different keys')
    return { A: A.ms, key: key.ms }
  } finally {
    await browser.close()
  }
}

function print(rows: readonly { readonly published: Sample; readonly ours: Sample }[]): void {
  const median = (of: 'published' | 'ours', measure: (sample: Sample) => number) =>
    quantile(
      rows.map((row) => measure(row[of])),
      0.5,
    )
  const sum = ({ A, key }: Sample) => A + key
  const [published, ours] = (['published', 'ours'] as const).map((of) => ({
    A: median(of, ({ A }) => A),
    key: median(of, ({ key }) => key),
    sum: median(of, sum),
  }))
  if (!published || !ours) return
  const write = (of: typeof ours) => [of.A, of.key, of.sum].map((ms) => ms.toFixed(0)).join(' | ')
  process.stdout.write(
    [
      `SRP in the browser, cold, CPU slowed 4 times, medians of ${samples}, every key the server’s, ms: A | key | sum`,
      `  the library as published: ${write(published)}`,
      `  with the site’s parts in it: ${write(ours)}`,
      `  ratio in all: ${(published.sum / ours.sum).toFixed(1)}`,
      `  ratio of what is left after "Sign in" is pressed: ${(published.sum / ours.key).toFixed(1)}`,
      '',
    ].join('\n'),
  )
}
