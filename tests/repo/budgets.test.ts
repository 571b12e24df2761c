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
  /** with the styles in it */
  readonly document: number
  /** before the form, or what the page is for, can be used */
  readonly script: number
  /** with pictures, settings and what the page fetches by itself when it stands */
  readonly all: number
}

const budgets: Record<(typeof htmlPages)[number], Budget> = {
  index: { document: 4150, script: 4300, all: 12_900 },
  register: { document: 3150, script: 9700, all: 21_400 },
  verify: { document: 3050, script: 8600, all: 20_900 },
  signin: { document: 3800, script: 7700, all: 22_200 },
  forgot: { document: 3450, script: 9600, all: 21_500 },
  ride: { document: 4150, script: 20200, all: 24_800 },
  account: { document: 4600, script: 7700, all: 25_500 },
  404: { document: 2200, script: 4300, all: 7900 },
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
