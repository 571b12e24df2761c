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
  /** with the styles in it, and all the script that a form needs to be used */
  readonly document: number
  /** before the page answers a press, or shows what it is for */
  readonly script: number
  /** with pictures, settings and what the page fetches by itself when it stands */
  readonly all: number
}

const budgets: Record<(typeof htmlPages)[number], Budget> = {
  index: { document: 4300, script: 6150, all: 14_900 },
  register: { document: 3290, script: 7950, all: 15_750 },
  verify: { document: 3220, script: 7450, all: 15_050 },
  signin: { document: 3910, script: 6570, all: 19_150 },
  forgot: { document: 3600, script: 8750, all: 16_700 },
  ride: { document: 4130, script: 18_000, all: 22_650 },
  account: { document: 4600, script: 17_950, all: 23_050 },
  404: { document: 2210, script: 6150, all: 9800 },
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
