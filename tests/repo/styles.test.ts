/** Style sheets: colors come from tokens, every token is defined and in use, each component stands once. */

import { describe, expect, test } from 'vitest'
import { listFiles, readSource } from './source-files.ts'

interface Sheet {
  readonly path: string
  /** without comments */
  readonly css: string
}

const sheets: readonly Sheet[] = listFiles('src', ['.css']).map((path) => ({
  path,
  css: readSource(path).replace(/\/\*.*?\*\//gs, ''),
}))

const tokens = 'src/shared/tokens.css'
/** The same names for the console where it stands alone. */
const neutralTokens = 'src/local-cloud/console/neutral/tokens.css'

/** Drawings name their own colors: the map, the hero and the rainbow of the home page, the footer's scene. */
const drawingColor = /^--(map|hero|scene)-|^--rainbow$/

interface Declaration {
  readonly property: string
  readonly value: string
}

function listDeclarations(css: string): readonly Declaration[] {
  return [...css.matchAll(/(?<=[{;]\s*)([-\w]+)\s*:([^;{}]+)(?=[;}])/g)].map(
    ([, property = '', value = '']) => ({ property, value: value.trim() }),
  )
}

function findStrayColors({ path, css }: Sheet): readonly string[] {
  if (path === tokens || path === neutralTokens) return []
  return listDeclarations(css)
    .filter(({ property, value }) => isColorValue(value) && !drawingColor.test(property))
    .map(({ property, value }) => `${path}: ${property}: ${value}`)
}

function isColorValue(value: string): boolean {
  return /#[\da-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch)a?\(/i.test(value)
}

function findDefined(css: string): readonly string[] {
  return listDeclarations(css)
    .map(({ property }) => property)
    .filter((property) => property.startsWith('--'))
}

function findUsed(css: string): readonly string[] {
  return [...css.matchAll(/var\((--[-\w]+)/g)].map(([, name = '']) => name)
}

function findImports({ path, css }: Sheet): readonly string[] {
  return [...css.matchAll(/@import "([^"]+)"/g)].map(([, target = '']) =>
    new URL(target, `file:///${path}`).pathname.slice(1),
  )
}

const defined = new Set(sheets.flatMap(({ css }) => findDefined(css)))
const used = new Set(sheets.flatMap(({ css }) => findUsed(css)))

describe('tokens', () => {
  test('the style sheets are found, and what they declare', () => {
    expect(sheets.map(({ path }) => path)).toContain(tokens)
    expect(sheets.length).toBeGreaterThan(20)
    expect(defined.size).toBeGreaterThan(30)
  })

  test('a color value stands in tokens.css or names a color of a drawing, and nowhere else', () => {
    expect(sheets.flatMap(findStrayColors)).toEqual([])
  })

  test('the console has the same tokens where it stands alone', () => {
    const definedIn = (wanted: string) =>
      sheets.filter(({ path }) => path === wanted).flatMap(({ css }) => findDefined(css))
    expect(definedIn(neutralTokens)).toEqual(definedIn(tokens))
  })

  test('every custom property that is used is defined', () => {
    expect([...used].filter((name) => !defined.has(name))).toEqual([])
  })

  test('every custom property that is defined is used', () => {
    expect([...defined].filter((name) => !used.has(name))).toEqual([])
  })

  test('a color value anywhere else is found', () => {
    const css = '.a { color: #fff; --map-land: #fff } .b:hover { background: RGB(0 0 0) }'
    expect(findStrayColors({ path: 'x.css', css })).toEqual([
      'x.css: color: #fff',
      'x.css: background: RGB(0 0 0)',
    ])
  })
})

describe('components', () => {
  const components = sheets
    .map(({ path }) => path)
    .filter((path) => path.startsWith('src/site/styles/components/'))

  /** Sheets that one page alone links, after site.css and maybe forms.css. */
  const pages = listFiles('src/site/styles', ['.css'])
    .filter((path) => !path.startsWith('src/site/styles/components/'))
    .filter((path) => !/\/(site|forms|base|print|map|language-offer|line-breaks)\.css$/.test(path))

  const importsOf = (path: string) =>
    sheets.filter((sheet) => sheet.path === path).flatMap(findImports)

  test('every imported sheet exists, and every component is imported', () => {
    const imported = sheets.flatMap(findImports)
    expect(pages.length).toBe(5)
    expect(imported.filter((path) => !sheets.some((sheet) => sheet.path === path))).toEqual([])
    expect(components.filter((path) => !imported.includes(path))).toEqual([])
  })

  test('a page gets each component once', () => {
    const shared = importsOf('src/site/styles/site.css')
    const forms = importsOf('src/site/styles/forms.css')
    expect(shared.filter((path) => forms.includes(path))).toEqual([])
    for (const page of pages) {
      const linkedBefore = /index|ride|404/.test(page) ? shared : [...shared, ...forms]
      const twice = importsOf(page).filter((path) => linkedBefore.includes(path))
      expect(twice, page).toEqual([])
    }
  })

  test.each([
    ['card', '--shadow-card'],
    ['button', '--radius-button'],
  ])('only %s.css draws one', (name, token) => {
    const users = sheets
      .filter(({ path, css }) => path.startsWith('src/site/') && findUsed(css).includes(token))
      .map(({ path }) => path)
    expect(users).toEqual([`src/site/styles/components/${name}.css`])
  })

  test('the sheet of a page styles no part of a field', () => {
    const parts = /\b(?:input|select|label)\b|\.(?:field|hint|error|rules|[a-z]+-field)\b/
    const styled = sheets
      .filter(({ path }) => pages.includes(path))
      .filter(({ css }) => parts.test(css.replace(/@import[^;]*;|\{[^{}]*\}/g, '')))
    expect(styled.map(({ path }) => path)).toEqual([])
  })
})
