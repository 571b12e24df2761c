import { createHash } from 'node:crypto'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import {
  beforePaintHash,
  beforePaintScript,
  holdPressesHash,
  holdPressesScript,
  speculationRules,
  speculationRulesHash,
  themeKey,
} from '../../../src/shared/inline-scripts.ts'

/** @returns the theme that a page has after what its storage makes of a look into it */
function runWith(localStorage: object): string | undefined {
  const dataset: { theme?: string } = {}
  runInNewContext(beforePaintScript, { localStorage, document: { documentElement: { dataset } } })
  return dataset.theme
}

test.each([
  [beforePaintScript, beforePaintHash],
  [holdPressesScript, holdPressesHash],
  [speculationRules, speculationRulesHash],
])('the policy’s hash of %s is its own', (text, hash) => {
  expect(hash).toBe(`sha256-${createHash('sha256').update(text).digest('base64')}`)
})

test.each(['light', 'dark'])('a page takes on the chosen theme %s', (theme) => {
  expect(runWith({ [themeKey]: theme })).toBe(theme)
})

test.each([undefined, '', 'Dark', 'darkest', 'dark ', 'light dark', '"><script>'])(
  'what is no theme, such as %j, leaves the device its own',
  (kept) => {
    expect(runWith({ [themeKey]: kept })).toBeUndefined()
  },
)

test('so does a storage that is blocked', () => {
  const blocked = new Proxy(
    {},
    {
      get() {
        throw new Error('blocked')
      },
    },
  )
  expect(runWith(blocked)).toBeUndefined()
})
