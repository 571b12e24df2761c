/** Pages from partials and texts: what the filter `t` makes of a text, and what it refuses. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { english, renderPage } from '../../../src/build/render-page.ts'
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
    translationsScript: '/assets/de.js',
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
    expect(renderGerman(source)).toBe('de ltr /assets/de.js')
    expect(render('{{ lang }} {{ dir }}')).toBe(`${english.lang} ltr`)
  })
})
