/** Pages from partials and texts: what the filter `t` makes of a text, and what it refuses. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { english, renderPage } from '../../../src/build/render-page.ts'
import { type Language, sourceLanguage } from '../../../src/shared/languages.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

const german: ReadonlyMap<string, string> = new Map([
  ['Register', 'Registrieren'],
  ['menu|Light', 'Hell'],
  ['Light', 'Leicht'],
  ['New here? <a>Register</a>', '<a>Registrieren Sie sich</a>, falls Sie neu sind.'],
])

function render(source: string, partials: Readonly<Record<string, string>> = {}): string {
  return renderPage({ name: 'test.html', source }, createRoot(partials))
}

function renderGerman(source: string): string {
  return renderPage({ name: 'de/test.html', source }, createRoot({}), {
    lang: 'de',
    dir: 'ltr',
    name: 'Deutsch',
    offer: 'Auf Deutsch',
    close: 'Schließen',
    translate: (_, key) => german.get(key) ?? `no ${key}`,
  })
}

function createRoot(partials: Readonly<Record<string, string>>): string {
  const root = createTempFolder()
  const folder = join(root, 'src/site/partials')
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(partials)) writeFileSync(join(folder, name), text)
  return root
}

describe('the filter t', () => {
  test('shows an English text as it stands', () => {
    expect(render("<h1>{{ 'Register' | t }}</h1>")).toBe('<h1>Register</h1>')
  })

  test('puts HTML into the place of a {slot}', () => {
    expect(render(`{{ 'Signed in as {user}.' | t: user: '<bdi id="user"></bdi>' }}`)).toBe(
      'Signed in as <bdi id="user"></bdi>.',
    )
  })

  test('gives a bare tag the attributes of its argument', () => {
    expect(render(`{{ 'New here? <a>Register</a>' | t: a: 'href="/register.html"' }}`)).toBe(
      'New here? <a href="/register.html">Register</a>',
    )
  })

  test('escapes what a text has of HTML’s own characters', () => {
    expect(render(`{{ 'Terms & "conditions"' | t }}`)).toBe('Terms &#38; &#34;conditions&#34;')
  })

  test.each([
    [
      'a {slot} without argument',
      "{{ 'To {email}' | t }}",
      '“To {email}” needs the argument email',
    ],
    ['a tag without argument', "{{ '<a>Go</a>' | t }}", '“<a>Go</a>” needs the argument a'],
    [
      'an argument that the text does not use',
      "{{ 'Go' | t: email: '<b></b>', a: 'href' }}",
      '“Go” does not use email, a',
    ],
    ['a tag with attributes', `{{ '<a href="/">Go</a>' | t }}`, 'a text has bare tags only'],
    ['an undefined text', '{{ titel | t }}', 'undefined variable: titel'],
    ['a text that is not a string', '{{ 7 | t }}', 't expected a text, got number'],
  ])('fails for %s, naming the page', (_, source, message) => {
    expect(() => render(source)).toThrow(`test.html: ${message}`)
  })

  test('takes translations by text, or by context and text', () => {
    expect(renderGerman("{{ 'Register' | t }}")).toBe('Registrieren')
    expect(renderGerman("{{ 'Light' | t }}, {{ 'Light' | t: 'menu' }}")).toBe('Leicht, Hell')
  })

  test('lets a translation put its slots elsewhere in the sentence', () => {
    expect(renderGerman(`{{ 'New here? <a>Register</a>' | t: a: 'href="/x"' }}`)).toBe(
      '<a href="/x">Registrieren Sie sich</a>, falls Sie neu sind.',
    )
  })

  test('does not show a context', () => {
    expect(render("{{ 'Light' | t: 'menu' }}")).toBe('Light')
  })
})

describe('partials', () => {
  test('get their arguments, translate them, and may go without optional ones', () => {
    const partials = {
      'field.html': '<label>{{ label | t }}</label>{% if hint %}<p>{{ hint | t }}</p>{% endif %}',
    }
    expect(render("{% render 'field.html', label: 'Email' %}", partials)).toBe(
      '<label>Email</label>',
    )
    expect(render("{% render 'field.html', label: 'Email', hint: 'Yours' %}", partials)).toBe(
      '<label>Email</label><p>Yours</p>',
    )
  })

  test('that do not exist fail, naming the page and the partial', () => {
    expect(() => render("{% render 'no-such.html' %}")).toThrow(/^test\.html: .*no-such\.html/)
  })

  test('know the language, its direction and its script', () => {
    const source = '{{ lang }} {{ dir }} {{ translations_script }}'
    expect(renderGerman(source)).toBe('de ltr /assets/de-test.js')
    expect(render(source)).toBe(`${english.lang} ltr false`)
  })
})

describe('links', () => {
  const german = {
    lang: 'de',
    dir: 'ltr',
    name: 'Deutsch',
    offer: 'Auf Deutsch',
    close: 'Schließen',
  } as const
  const french = {
    lang: 'fr',
    dir: 'ltr',
    name: 'Français',
    offer: 'En français',
    close: 'Fermer',
  } as const
  const languages = [sourceLanguage, german, french]

  function renderLinks(name: string, language: Language = sourceLanguage, base = '/') {
    const source =
      '{{ folder }}signin.html {{ home }}{% for language in languages %} {{ language.href }}{% endfor %}'
    const page = { name, source }
    const own = { ...language, translate: (text: string) => text }
    return renderPage(page, createRoot({}), own, { languages, base })
  }

  test.each([
    [
      'register.html',
      sourceLanguage,
      'signin.html ./ register.html de/register.html fr/register.html',
    ],
    [
      'de/register.html',
      german,
      'signin.html ./ ../register.html register.html ../fr/register.html',
    ],
    ['index.html', sourceLanguage, 'signin.html ./ ./ de/ fr/'],
    ['de/index.html', german, 'signin.html ./ ../ ./ ../fr/'],
  ])(
    'of %s are relative, so that they stay in its language under any path',
    (name, language, links) => {
      expect(renderLinks(name, language)).toBe(links)
      expect(renderLinks(name, language, '/sub/')).toBe(links)
    },
  )

  test('of the page for unknown addresses begin at the root: it is sent for any path', () => {
    expect(renderLinks('404.html')).toBe('/signin.html / / /de/ /fr/')
    expect(renderLinks('de/404.html', german)).toBe('/de/signin.html /de/ / /de/ /fr/')
    expect(renderLinks('de/404.html', german, '/sub/')).toBe(
      '/sub/de/signin.html /sub/de/ /sub/ /sub/de/ /sub/fr/',
    )
  })

  test('to the languages of a page are absolute, for search engines, where the site is known', () => {
    const source = '{{ url }}{% for language in languages %} {{ language.url }}{% endfor %}'
    const own = { ...german, translate: (text: string) => text }
    const render = (name: string, url?: string) =>
      renderPage({ name, source }, createRoot({}), own, { languages, base: '/', url })
    expect(render('de/signin.html', 'https://rides.example/')).toBe(
      'https://rides.example/de/signin.html https://rides.example/signin.html https://rides.example/de/signin.html https://rides.example/fr/signin.html',
    )
    expect(render('de/index.html', 'https://rides.example/a/')).toBe(
      'https://rides.example/a/de/ https://rides.example/a/ https://rides.example/a/de/ https://rides.example/a/fr/',
    )
    expect(render('de/404.html', 'https://rides.example/')).toBe('false false false false')
    expect(render('de/signin.html')).toBe('false false false false')
  })
})

test('indentation is left out, and line breaks stay: they separate words', () => {
  expect(render('<p>One\n    two</p>\n\n  <p></p>')).toBe('<p>One\ntwo</p>\n<p></p>')
})
