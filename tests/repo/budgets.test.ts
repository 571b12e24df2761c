/** What each page may weigh: bytes on the wire, brotli. A page that grows says which files it is made of. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FileWeight, type PageWeight, sumBytes, weighPage } from '../support/page-weight.ts'
import { htmlPages, root } from './source-files.ts'

const outDir = mkdtempSync(join(tmpdir(), 'wild-rydes-dist-'))

beforeAll(() =>
  build({ root, logLevel: 'silent', build: { outDir, emptyOutDir: true, manifest: true } }),
)

afterAll(() => rmSync(outDir, { recursive: true }))

interface Budget {
  readonly document: number
  readonly styles: number
  /** before the form, or what the page is for, can be used */
  readonly script: number
  /** with pictures, settings and what the page fetches by itself when it stands */
  readonly all: number
}

const budgets: Record<(typeof htmlPages)[number], Budget> = {
  index: { document: 1800, styles: 2600, script: 4300, all: 13_200 },
  register: { document: 1400, styles: 1950, script: 9700, all: 21_700 },
  verify: { document: 1300, styles: 1950, script: 8600, all: 21_200 },
  signin: { document: 2000, styles: 1950, script: 7700, all: 22_500 },
  forgot: { document: 1650, styles: 1950, script: 9600, all: 21_800 },
  ride: { document: 1950, styles: 2700, script: 20_200, all: 25_400 },
  account: { document: 2750, styles: 2200, script: 7700, all: 26_000 },
  404: { document: 850, styles: 1450, script: 4300, all: 8000 },
}

test.each(htmlPages)('%s.html weighs no more than it may', (page) => {
  const weight: PageWeight = weighPage(outDir, page)
  const parts = { ...weight, all: Object.values(weight).flat() }
  for (const [part, limit] of Object.entries(budgets[page])) {
    const files: readonly FileWeight[] = parts[part as keyof Budget]
    const list = files.map(({ path, bytes }) => `${bytes} ${path}`).join('\n  ')
    expect(sumBytes(files), `${part} of ${page}.html:\n  ${list}\n`).toBeLessThanOrEqual(limit)
  }
})

test('what stands in a page comes with its first packets', () => {
  for (const page of htmlPages) {
    expect(sumBytes(weighPage(outDir, page).document), page).toBeLessThanOrEqual(14_000)
  }
})
