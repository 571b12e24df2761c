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
  index: { document: 4050, script: 6450, all: 14_950 },
  register: { document: 2960, script: 8050, all: 19_300 },
  verify: { document: 2900, script: 7650, all: 18_650 },
  signin: { document: 3600, script: 6870, all: 19_600 },
  forgot: { document: 3270, script: 8750, all: 20_100 },
  ride: { document: 3980, script: 18350, all: 22_850 },
  account: { document: 4470, script: 17950, all: 22_900 },
  404: { document: 2090, script: 6450, all: 9950 },
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
