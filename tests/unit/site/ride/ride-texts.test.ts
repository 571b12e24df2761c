import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.resetModules()
})

/** The module as it runs on a page in that language. */
async function loadFor(lang: string, translations: Readonly<Record<string, string>>) {
  vi.resetModules()
  vi.stubGlobal('document', { documentElement: { lang } })
  vi.stubGlobal('_translations', { find: (key: string) => translations[key] })
  return import('../../../../src/site/ride/ride-texts.ts')
}

test.each([
  ['en', {}, 'dapple grey'],
  ['fr', { 'Dapple grey': 'Gris pommelé' }, 'gris pommelé'],
  ['de', { 'Dapple grey': 'Apfelschimmel' }, 'Apfelschimmel'],
])(
  'inside of a sentence in %s, a color is written as that language does',
  async (lang, translations, expected) => {
    const { describeColor, translateColor } = await loadFor(lang, translations)
    expect(describeColor('Dapple grey')).toBe(expected)
    expect(translateColor('Dapple grey')).toMatch(/^[A-Z]/)
  },
)

test('a color that nobody has translated stays', async () => {
  const { translateColor } = await loadFor('fr', {})
  expect(translateColor('Ultraviolet')).toBe('Ultraviolet')
})
