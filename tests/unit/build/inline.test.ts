/** The scripts and style sheets that stand in the pages, as the build makes them. */

import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { inlineHashes, inlineScripts, styleSheets } from '../../../src/build/inline.ts'
import { themeKey } from '../../../src/site/layout/theme.ts'

const themeInit = inlineScripts.get('theme-init.ts') ?? ''

/** @returns the theme that a page has after `theme-init` has read this storage */
function runThemeInit(localStorage: object): string | undefined {
  const dataset: { theme?: string } = {}
  runInNewContext(themeInit, { localStorage, document: { documentElement: { dataset } } })
  return dataset.theme
}

describe('theme-init', () => {
  test.each(['light', 'dark'])('sets the chosen theme %s', (theme) => {
    expect(runThemeInit({ [themeKey]: theme })).toBe(theme)
  })

  test.each([undefined, '', 'Dark', 'darkest', 'dark ', 'light dark', '"><script>'])(
    'leaves the device’s own theme when %j is stored',
    (stored) => {
      expect(runThemeInit({ [themeKey]: stored })).toBeUndefined()
    },
  )

  test('leaves the device’s own theme when storage is blocked', () => {
    const blocked = new Proxy(
      {},
      {
        get() {
          throw new Error('blocked')
        },
      },
    )
    expect(runThemeInit(blocked)).toBeUndefined()
  })
})

test('inline scripts are minified and cannot end their element early', () => {
  expect([...inlineScripts.keys()]).toEqual([
    'early-submit.ts',
    'script-error.ts',
    'sign-in-methods.ts',
    'speculation-rules.json',
    'theme-init.ts',
  ])
  for (const [name, script] of inlineScripts) {
    expect(script, name).not.toMatch(/\n|\/\*|<\/script|<!--/)
  }
})

test('inline scripts have nothing that a browser without modules cannot parse, so that it is told too', () => {
  const newer =
    /=>|\?\.|\?\?|\b(?:const|let|class|async|await)\b|\.\.\.|\bfor\s*\([^;)]*\bof\b|catch\s*\{|\$\{/
  for (const [name, script] of inlineScripts) expect(script, name).not.toMatch(newer)
})

test('every inline script and style sheet has a hash of its own for the policy', () => {
  expect(inlineHashes.scripts).toHaveLength(inlineScripts.size)
  expect(inlineHashes.styles).toHaveLength(styleSheets.size)
  const hashes = [...inlineHashes.scripts, ...inlineHashes.styles]
  expect(new Set(hashes).size).toBe(hashes.length)
  for (const hash of hashes) expect(hash).toMatch(/^sha256-[\w+/]{43}=$/)
})
