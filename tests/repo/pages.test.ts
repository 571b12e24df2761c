/** What all HTML pages share, and what their markup and the shared facts must agree on. */

import { describe, expect, test } from 'vitest'
import { fillPage } from '../../src/build/words.ts'
import {
  beforePaintScript,
  holdPressesScript,
  speculationRules,
} from '../../src/shared/inline-scripts.ts'
import { passwordPolicy, passwordRules } from '../../src/shared/password-policy.ts'
import { pageWords } from '../../src/site/words/en/pages.ts'
import { htmlPages, readSource } from './source-files.ts'

const pages = htmlPages.map((name) => ({ name, html: fillPage(readSource(`${name}.html`)) }))

/** The color at the top of the page, light and dark. */
const [, lightSky, darkSky] =
  /--color-bg-start: light-dark\((#\w+), (#\w+)\)/.exec(readSource('src/shared/tokens.css')) ?? []
function part(html: string, from: string, to: string): string {
  const start = html.indexOf(from)
  return html.slice(start, html.indexOf(to, start) + to.length)
}

/** The scripts that stand in a page, and where. */
function scriptsIn(html: string): readonly { readonly text: string; readonly index: number }[] {
  return [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(({ 1: text = '', index }) => ({
    text,
    index,
  }))
}

describe('words', () => {
  const sources = htmlPages.map((name) => ({ name, html: readSource(`${name}.html`) }))

  test('stand in no page, but by key', () => {
    for (const { name, html } of sources) {
      const texts = html.replace(/<script[^>]*>.*?<\/script>|<[^>]*>/gs, '')
      const attributes = html.matchAll(
        /\s(?:alt|aria-label|data-busy|data-hide|data-step)="([^"]*)"|"description" content="([^"]*)"/g,
      )
      const seen = [texts, ...[...attributes].map(([, own, about]) => own ?? about)]
        .join(' ')
        .replace(/\{\{[\w.]+\}\}/g, '')
      expect(seen.match(/[A-Za-z]+/g) ?? [], `${name}.html`).toEqual([])
    }
  })

  test('are all in use', () => {
    const used = new Set(
      sources.flatMap(({ html }) =>
        [...html.matchAll(/\{\{(\w+\.\w+)\}\}/g)].map(([, key]) => key),
      ),
    )
    const keys = Object.entries(pageWords).flatMap(([page, words]) =>
      Object.keys(words).map((key) => `${page}.${key}`),
    )
    expect(keys.filter((key) => !used.has(key))).toEqual([])
  })
})

test('only the sign-in page has the next one made, by the rules that the policy lets in', () => {
  const having = pages.filter(({ html }) => html.includes('speculationrules'))
  expect(having.map(({ name }) => name)).toEqual(['signin'])
  expect(having[0]?.html).toContain(`<script type="speculationrules">${speculationRules}</script>`)
})

test('header and footer are the same on every page, the header as it most likely will be', () => {
  const statesOf = (html: string) => html.match(/data-auth="signed-\w+"( hidden)?/g)
  for (const { name, html } of pages) {
    const isRiders = ['ride', 'account'].includes(name)
    const [out, into] = isRiders ? [' hidden', ''] : ['', ' hidden']
    expect(statesOf(part(html, '<header', '</header>')), name).toEqual([
      `data-auth="signed-out"${out}`,
      ...Array(2).fill(`data-auth="signed-in"${into}`),
    ])
  }

  for (const [from, to] of [
    ['<a class="skip"', '</header>'],
    ['<footer', '</footer>'],
  ] as const) {
    const copies = new Set(pages.map(({ html }) => part(html, from, to).replaceAll(' hidden', '')))
    expect(copies.size, `${from} differs between pages`).toBe(1)
    expect([...copies][0]?.length).toBeGreaterThan(50)
  }
})

describe.each(pages)('$name.html', ({ name, html }) => {
  test('names its language, direction and task, and has one main heading', () => {
    expect(html).toMatch(/<html lang="en" dir="ltr">/)
    expect(html).toMatch(/<title>.+ – Wild Rydes<\/title>/)
    expect(html).toMatch(/<meta name="description" content=".{10,}"/)
    expect(html.match(/<h1/g)).toHaveLength(1)
    expect(html.match(/<main/g)).toHaveLength(1)
    expect(html.match(/role="status"/g)).toHaveLength(1)
  })

  test('loads its settings before its own module', () => {
    const settings = html.indexOf('<script src="/js/config.js" defer>')
    expect(settings).toBeGreaterThan(0)
    expect(html.indexOf(`src="/src/site/pages/${name}.ts"`)).toBeGreaterThan(settings)
  })

  test('carries no style or handler of its own', () => {
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/)
  })

  test('takes on the chosen colours before its styles come', () => {
    const [first] = scriptsIn(html)
    expect(first?.text).toBe(beforePaintScript)
    expect(first?.index).toBeLessThan(html.indexOf('rel="stylesheet"'))
  })

  test('holds presses from behind its forms on, if it has any before signing in', () => {
    const [, ...others] = scriptsIn(html)
    const isBeforeSignIn = ['register', 'verify', 'signin', 'forgot'].includes(name)
    expect(others.map(({ text }) => text)).toEqual(isBeforeSignIn ? [holdPressesScript] : [])
    for (const { index } of others) expect(index).toBeGreaterThan(html.lastIndexOf('</form>'))
    expect(html.includes('id="script-error"')).toBe(isBeforeSignIn)
  })

  test('tells browsers the colour it begins with, dark and otherwise', () => {
    expect(html.match(/<meta name="theme-color".*>/g)).toEqual([
      `<meta name="theme-color" content="${darkSky}" media="(prefers-color-scheme:dark)" />`,
      `<meta name="theme-color" content="${lightSky}" />`,
    ])
  })

  test('keeps passwords out of a submit that no script handles', () => {
    for (const form of html.match(/<form[^>]*>/g) ?? []) {
      expect(form).toMatch(/method="post" novalidate/)
    }
    for (const field of html.match(/<input[^>]*type="password"[^>]*>/g) ?? []) {
      expect(field).not.toMatch(/\sname=|maxlength|autocomplete="off"/)
    }
    for (const button of html.match(/<button type="submit"[^>]*>/g) ?? []) {
      expect(button).toMatch(/ disabled>/)
    }
  })

  test('labels every field and has a place for its error', () => {
    for (const [, id] of html.matchAll(/<input id="([\w-]+)"/g)) {
      expect(html).toContain(`<label for="${id}"`)
      if (id !== 'keep-signed-in') expect(html).toContain(`id="${id}-error" class="error" hidden`)
    }
  })
})

test('an authenticator app is set up by the same form wherever that is', () => {
  const forms = pages
    .filter(({ html }) => html.includes('<form id="app"'))
    .map(({ html }) => part(html, '<form id="app"', '</form>').replace(/\s+/g, ' '))
  expect(forms).toHaveLength(2)
  expect(new Set(forms).size).toBe(1)
})

test('password rules are the same wherever a password is made, and those of the policy', () => {
  const lists = pages
    .filter(({ html }) => html.includes('id="password-rules"'))
    .map(({ html }) => part(html, '<ul id="password-rules"', '</ul>').replace(/\s+/g, ' '))
  expect(lists).toHaveLength(4)
  expect(new Set(lists).size).toBe(1)
  const [list = ''] = lists
  expect([...list.matchAll(/data-rule="(\w+)"/g)].map(([, rule]) => rule)).toEqual([
    ...passwordRules,
  ])
  expect(list).toContain(`At least ${passwordPolicy.MinimumLength} characters`)
})
