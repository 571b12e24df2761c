/** Catalogs: what does not fit the texts of the source fails, by name. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  findCatalogProblems,
  isolateValues,
  listLanguages,
  readCatalog,
} from '../../../src/build/catalogs.ts'
import { collectTexts } from '../../../src/build/source-texts.ts'
import { pseudoLocale, toPseudo } from '../../../src/site/i18n/pseudo-locale.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

const german = {
  lang: 'de',
  dir: 'ltr',
  name: 'Deutsch',
  offer: 'Auf Deutsch',
  close: 'Schließen',
} as const

function createRoot(files: Readonly<Record<string, string>>): string {
  const root = createTempFolder()
  for (const [path, text] of Object.entries({ 'src/site/partials/x.html': '', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

describe('a catalog', () => {
  const texts = {
    pages: new Set(['New here? <a>Register</a>']),
    scripts: new Set(['Wait {seconds} s', 'menu|Light']),
    emails: new Set(['Your code']),
  }
  const whole = {
    'New here? <a>Register</a>': 'Neu? <a>Registrieren</a>',
    'Wait {seconds} s': '{seconds} s warten',
    'Your code': 'Dein Code',
    'menu|Light': 'Hell',
  }

  test('that has every text with its slots fits', () => {
    expect(findCatalogProblems(whole, texts)).toEqual([])
  })

  test.each([
    [
      'lacks a text',
      { 'Wait {seconds} s': 'in {seconds} s', 'Your code': 'Dein Code', 'menu|Light': 'Hell' },
      'missing: New here? <a>Register</a>',
    ],
    ['has a text of none', { ...whole, 'menu|Light ': 'Hell' }, 'orphaned: menu|Light '],
    [
      'lost a placeholder',
      { ...whole, 'Wait {seconds} s': 'warten' },
      'slots differ: Wait {seconds} s: expected {seconds}, got none',
    ],
    [
      'renamed a placeholder',
      { ...whole, 'Wait {seconds} s': '{sekunden} s warten' },
      'slots differ: Wait {seconds} s: expected {seconds}, got {sekunden}',
    ],
    [
      'lost a tag',
      { ...whole, 'New here? <a>Register</a>': 'Neu? Registrieren' },
      'slots differ: New here? <a>Register</a>: expected </a> <a>, got none',
    ],
    [
      'is as in English',
      { ...whole, 'menu|Light': 'Light' },
      'as in English, and not in src/site/i18n/unchanged.json: menu|Light',
    ],
    ['is empty', { ...whole, 'menu|Light': ' ' }, 'empty: menu|Light'],
    [
      'is not sorted',
      Object.fromEntries(Object.entries(whole).reverse()),
      'expected keys in sorted order',
    ],
  ])('that %s is refused with that text', (_, catalog, problem) => {
    expect(findCatalogProblems(catalog, texts)).toEqual([problem])
  })

  test('fails with its file and all problems', () => {
    const root = createRoot({ 'src/site/i18n/catalogs/de.json': '{ "Old": "Alt" }' })
    const read = () =>
      readCatalog(german, root, {
        pages: new Set(['A']),
        scripts: new Set(['B']),
        emails: new Set(),
      })
    expect(read).toThrow('src/site/i18n/catalogs/de.json:\nmissing: A\nmissing: B\norphaned: Old')
  })

  test('may have a text as it is in English only where src/site/i18n/unchanged.json says so', () => {
    const root = createRoot({
      'src/site/i18n/catalogs/de.json':
        '{ "Account": "Account", "Name": "Name", "{n} km": "{n} km" }',
      'src/site/i18n/unchanged.json': '{ "Account": ["nl"], "Name": "all", "{n} km": ["de"] }',
    })
    const texts = {
      pages: new Set(['Account', 'Name', '{n} km']),
      scripts: new Set<string>(),
      emails: new Set<string>(),
    }
    expect(() => readCatalog(german, root, texts)).toThrow(
      /^src\/site\/i18n\/catalogs\/de\.json:\nas in English, and not in \S+: Account$/,
    )
  })

  test('may have a text of slots alone as it is in English', () => {
    const texts = {
      pages: new Set(['{name} ({kind})']),
      scripts: new Set<string>(),
      emails: new Set<string>(),
    }
    expect(findCatalogProblems({ '{name} ({kind})': '{name} ({kind})' }, texts)).toEqual([])
  })
})

describe('collecting texts', () => {
  const collect = (script: string, page = '') =>
    collectTexts(
      [{ name: 'page.html', source: page }],
      createRoot({ 'src/site/pages/page.ts': `import { t } from '../i18n/t.ts'\n${script}` }),
    )

  test('finds those of pages and scripts, with their contexts', () => {
    const { pages, scripts } = collect(
      "const a: string = t('Light', {}, 'menu') + t('Wait {n} s', { n: 1 } as const)",
      "{{ 'Dark' | t: 'menu' }}{{ 'To {email}' | t: email: '<b></b>' }}",
    )
    expect([...pages]).toEqual(['menu|Dark', 'To {email}'])
    expect([...scripts]).toEqual(['menu|Light', 'Wait {n} s'])
  })

  test('finds those of emails', () => {
    const emails = "export const write = (t: Translate) => [t('Your code'), t('Sign in')]"
    const root = createRoot({
      'src/site/pages/page.ts': '',
      'src/aws/custom-message/emails.ts': emails,
    })
    expect([...collectTexts([], root).emails]).toEqual(['Your code', 'Sign in'])
  })

  test('takes t(expectations[…]), whose texts are collected from the table itself', () => {
    const { scripts } = collect('t(expectations[problem.expected])')
    expect([...scripts]).toContain('an object in braces')
  })

  test.each([
    ['a variable', '\nt(text)'],
    ['a template', '\nt(`Light`)'],
    ['two texts', "\nt(isDark ? 'Dark' : 'Light')"],
    ['a context that is a variable', "\nt('Light', {}, context)"],
  ])('fails for %s in place of a literal, with file and line', (_, script) => {
    expect(() => collect(script)).toThrow('src/site/pages/page.ts:3: expected literals')
  })

  test('fails for the dynamic import of a module with texts that does not wait for them, with file and line', () => {
    const root = createRoot({
      'src/site/pages/page.ts':
        "import { withTexts } from '../i18n/t.ts'\nconst later = () => import('./later.ts')\nconst plain = () => import('./plain.ts')",
      'src/site/pages/later.ts': "import './deeper.ts'",
      'src/site/pages/deeper.ts': "import { t } from '../i18n/t.ts'\nt('Hello')",
      'src/site/pages/plain.ts': 'export {}',
    })
    expect(() => collectTexts([], root)).toThrow(
      'src/site/pages/page.ts:2: expected withTexts(() => import(…)): src/site/pages/later.ts shows texts',
    )
    writeFileSync(
      join(root, 'src/site/pages/page.ts'),
      "import { withTexts } from '../i18n/t.ts'\nconst later = withTexts(() => import('./later.ts'))",
    )
    expect([...collectTexts([], root).scripts]).toEqual(['Hello'])
  })

  test('leaves calls of other functions named t alone', () => {
    const root = createRoot({ 'src/site/pages/page.ts': 'const t = (x: number) => x\nt(7)' })
    expect(() => collectTexts([], root)).not.toThrow()
  })
})

describe('the pseudo-locale', () => {
  test('takes part in a build only when PSEUDO_LOCALE=1 asks for it', () => {
    expect(listLanguages({})).not.toContain(pseudoLocale)
    expect(listLanguages({ PSEUDO_LOCALE: '1' })).toContain(pseudoLocale)
  })

  test('accents and lengthens texts, keeps tags and isolates placeholders', () => {
    expect(toPseudo('Wait {seconds} s, or <a>go</a>')).toBe(
      'Ŵåîţ \u2068{seconds}\u2069 š, öŕ <a>ĝö</a> öööö öööö',
    )
  })

  test('has a translation without context for every text', () => {
    const texts = {
      pages: new Set(['menu|Light']),
      scripts: new Set(['Wait {seconds} s']),
      emails: new Set(['Your code']),
    }
    const catalog = readCatalog(pseudoLocale, '', texts)
    expect(findCatalogProblems(catalog, texts)).toEqual([])
    expect(catalog['menu|Light']).toBe('Ļîĝĥţ ööö')
  })
})

test('values in right-to-left text are isolated, but for what is part of a URL', () => {
  expect(
    isolateValues({
      a: '{setting}: متوقع {expected}',
      b: 'https://a.example/{z}/{x}/{y}.png',
      c: '\u2068{name}\u2069',
    }),
  ).toEqual({
    a: '\u2068{setting}\u2069: متوقع \u2068{expected}\u2069',
    b: 'https://a.example/{z}/{x}/{y}.png',
    c: '\u2068{name}\u2069',
  })
})
