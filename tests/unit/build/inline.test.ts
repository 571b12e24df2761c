/** The scripts and style sheets that stand in the pages, as the build makes them. */

import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { inlineHashes, inlineScripts, styleSheets } from '../../../src/build/inline.ts'
import { themeKey } from '../../../src/site/layout/theme.ts'
import { languageKey } from '../../../src/site/lib/tab-state.ts'

const themeInit = inlineScripts.get('theme-init.ts') ?? ''

/** @returns the theme that a page has after `theme-init` has read this storage */
function runThemeInit(localStorage: object): string | undefined {
  const dataset: { theme?: string } = {}
  runInNewContext(themeInit, { localStorage, document: { documentElement: { dataset } } })
  return dataset.theme
}

const blocked = new Proxy(
  {},
  {
    get() {
      throw new Error('blocked')
    },
  },
)

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
    expect(runThemeInit(blocked)).toBeUndefined()
  })
})

/**
 * @param stored what local storage holds
 * @returns where a page at `url` leads to, and whether it is hidden meanwhile
 */
function runLanguageInit(
  localStorage: object,
  { url = 'https://rides.example/signin.html', referrer = '', languages = 'de zh-Hans' } = {},
) {
  const { origin, pathname, search, hash } = new URL(url)
  const result: { replacedBy?: string } = {}
  const documentElement = { dataset: { languages }, hidden: false }
  const replace = (path: string) => {
    result.replacedBy = new URL(path, url).href
  }
  runInNewContext(inlineScripts.get('language-init.ts') ?? '', {
    localStorage,
    document: { documentElement, referrer },
    location: { origin, pathname, search, hash, replace },
  })
  return { ...result, isHidden: documentElement.hidden }
}

describe('language-init', () => {
  const german = { [languageKey]: 'de' }

  test.each([
    ['/', '/de/'],
    ['/signin.html?next=.%2Fride.html%2F', '/de/signin.html?next=.%2Fride.html%2F'],
    ['/verify.html#code=123456&email=a/b@c', '/de/verify.html#code=123456&email=a/b@c'],
    ['/register', '/de/register'],
    ['/sub/path/account.html', '/sub/path/de/account.html'],
  ])('leads from %s to %s, hidden, where German was chosen', (path, target) => {
    expect(runLanguageInit(german, { url: `https://rides.example${path}` })).toEqual({
      replacedBy: `https://rides.example${target}`,
      isHidden: true,
    })
  })

  test('follows a choice also for those who come from another site', () => {
    expect(
      runLanguageInit(german, { referrer: 'https://search.example/' }).replacedBy,
    ).toBeDefined()
    const alike = 'https://rides.example.evil.example/'
    expect(runLanguageInit(german, { referrer: alike }).replacedBy).toBeDefined()
  })

  test('leaves who comes from a page of the site where they are', () => {
    const referrer = 'https://rides.example/de/signin.html'
    expect(runLanguageInit(german, { referrer })).toEqual({ isHidden: false })
  })

  test.each([
    undefined,
    '',
    'en',
    'xx',
    'de zh-Hans',
    'DE',
    '../evil',
    '//evil.example',
    'zh',
    7,
    'constructor',
  ])('stays in English when %j is stored', (stored) => {
    expect(runLanguageInit({ [languageKey]: stored })).toEqual({ isHidden: false })
  })

  test('stays in English when storage is blocked', () => {
    expect(runLanguageInit(blocked)).toEqual({ isHidden: false })
  })
})

test('inline scripts are minified and cannot end their element early', () => {
  expect([...inlineScripts.keys()]).toEqual([
    'early-submit.ts',
    'language-init.ts',
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
