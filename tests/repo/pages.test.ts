/** What holds for every page as it is rendered, and what pages and shared facts must agree on. */

import { describe, expect, test } from 'vitest'
import { inlineScripts } from '../../src/build/inline.ts'
import { renderPage } from '../../src/build/render-page.ts'
import { passwordPolicy, passwordRules } from '../../src/shared/password-policy.ts'
import { htmlPages, listFiles, readSource, root } from './source-files.ts'

const pages = htmlPages.map((name) => ({
  name,
  html: renderPage({ name: `${name}.html`, source: readSource(`${name}.html`) }, root),
}))

const [themeInit, languageInit, earlySubmit, scriptError, signInMethods, speculationRules] = [
  'theme-init.ts',
  'language-init.ts',
  'early-submit.ts',
  'script-error.ts',
  'sign-in-methods.ts',
  'speculation-rules.json',
].map((name) => inlineScripts.get(name) ?? '')

/** The color at the top of the pages, light and dark. */
const [, lightBackground, darkBackground] =
  /--color-bg-start: light-dark\((#\w+), (#\w+)\)/.exec(readSource('src/shared/tokens.css')) ?? []

/** The inline scripts of a page, and where each begins. */
function listScripts(html: string): readonly { readonly text: string; readonly index: number }[] {
  return [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(({ 1: text = '', index }) => ({
    text,
    index,
  }))
}

test('every visible text of pages and partials goes through t, so that it can be translated', () => {
  const sources = [
    ...htmlPages.map((name) => `${name}.html`),
    ...listFiles('src/site/partials', ['.html']),
  ]
  for (const path of sources) {
    const html = readSource(path).replace(
      /\{%-? comment .*?endcomment -?%\}|\{%.*?%\}|\{\{.*?\}\}/gs,
      '',
    )
    const texts = html.replace(/<[^>]*>/g, '')
    const attributes = html.matchAll(
      /\s(?:alt|aria-label|data-busy|data-hide|data-step|title|placeholder)="([^"]*)"/g,
    )
    const plain = [texts, ...[...attributes].map(([, value]) => value)].join(' ')
    expect(plain.match(/[A-Za-z]+/g) ?? [], path).toEqual([])
  }
})

test('every partial is used', () => {
  const sources = [...htmlPages.map((name) => `${name}.html`), ...listFiles('src/site', ['.html'])]
  const used = sources.flatMap((path) =>
    [...readSource(path).matchAll(/\{% (?:render|layout) '([^']+)'/g)].map(([, name]) => name),
  )
  const partials = listFiles('src/site/partials', ['.html'])
  expect(partials.map((path) => path.replace('src/site/partials/', ''))).toEqual(
    [...new Set(used)].sort(),
  )
})

test('every page has the speculation rules that the policy lets in', () => {
  for (const { name, html } of pages) {
    expect(html, name).toContain(`<script type="speculationrules">${speculationRules}</script>`)
  }
})

describe.each(pages.map(({ name, html }) => [`${name}.html`, name, html] as const))(
  '%s',
  (_, name, html) => {
    const isForRiders = ['ride', 'account'].includes(name)
    const isBeforeSignIn = ['register', 'verify', 'signin', 'forgot'].includes(name)

    test('names its language, direction, title and description, and has one main heading', () => {
      expect(html).toMatch(/<html lang="en" dir="ltr"[ >]/)
      expect(html).toMatch(/<title>.+ – Wild Rydes<\/title>/)
      expect(html).toMatch(/<meta name="description" content=".{10,}"/)
      expect(html.match(/<h1/g)).toHaveLength(1)
      expect(html.match(/<main/g)).toHaveLength(1)
      expect(html.match(/role="status"/g)).toHaveLength(1)
    })

    test('has the header of most of its visitors before its script runs', () => {
      const header = html.slice(html.indexOf('<header'), html.indexOf('</header>'))
      const hidden = header.match(/data-auth="signed-\w+"( hidden)?|class="user-menu"( hidden)?/g)
      expect(hidden).toEqual(
        isForRiders
          ? ['data-auth="signed-out" hidden', 'class="user-menu" hidden']
          : [
              'data-auth="signed-out"',
              'data-auth="signed-in" hidden',
              'data-auth="signed-in" hidden',
            ],
      )
    })

    test('loads its settings before its own module', () => {
      const [, whenParsed] = html.match(/<script src="\/js\/config\.js"( defer)?>/) ?? []
      const module = html.indexOf(`<script type="module" src="/src/site/pages/${name}.ts"`)
      expect(module).toBeGreaterThan(0)
      // A module waits until the page is parsed, and for scripts with `defer` that come before it.
      const settings = html.indexOf('src="/js/config.js"')
      if (whenParsed) expect(module).toBeGreaterThan(settings)
      else expect(settings).toBeGreaterThan(html.indexOf('<main'))
      expect(html.match(/src="\/js\/config\.js"/g)).toHaveLength(1)
    })

    test('links to other pages relatively, so that they stay in its language and the site may live under any path', () => {
      const links = [...html.matchAll(/<a [^>]*href="([^"]*)"/g)].map(([, href = '']) => href)
      const fromRoot = links.filter((href) => href.startsWith('/'))
      expect(fromRoot.length > 0).toBe(name === '404')
    })

    test('carries no style attribute and no event handler', () => {
      expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/)
    })

    test('sets the chosen theme before its style sheets', () => {
      const [first] = listScripts(html)
      expect(first?.text).toBe(themeInit)
      expect(first?.index).toBeLessThan(html.indexOf('rel="stylesheet"'))
    })

    test('holds early submits from behind its last form on, if it is a page before sign-in', () => {
      const found = listScripts(html).filter(({ text }) => text === earlySubmit)
      expect(found).toHaveLength(isBeforeSignIn ? 1 : 0)
      // What a template holds is no form yet.
      const last = html.replace(/<template.*?<\/template>/gs, (text) => ' '.repeat(text.length))
      for (const { index } of found) expect(index).toBeGreaterThan(last.lastIndexOf('</form>'))
    })

    test('says when its module cannot be loaded, if it cannot work without it', () => {
      const needsScript = isBeforeSignIn || ['ride', 'account'].includes(name)
      expect(html.includes('id="script-error"')).toBe(needsScript)
      expect(listScripts(html).some(({ text }) => text === scriptError)).toBe(needsScript)
    })

    test('has no inline script but these', () => {
      const known = [themeInit, languageInit, earlySubmit, scriptError, signInMethods]
      expect(listScripts(html).filter(({ text }) => !known.includes(text))).toEqual([])
    })

    test('shows the ways to sign in without a password before what stands below them, if it has any', () => {
      const found = listScripts(html).filter(({ text }) => text === signInMethods)
      expect(found).toHaveLength(html.includes('data-needs=') ? 1 : 0)
      for (const { index } of found) {
        expect(index).toBeGreaterThan(html.indexOf('src="/js/config.js"'))
        expect(index).toBeGreaterThan(html.lastIndexOf('data-needs='))
        expect(index).toBeLessThan(html.indexOf('id="other-ways"'))
      }
    })

    test('tells browsers its background color as theme-color, dark and light', () => {
      expect(html.match(/<meta name="theme-color".*>/g)).toEqual([
        `<meta name="theme-color" content="${darkBackground}" media="(prefers-color-scheme:dark)" />`,
        `<meta name="theme-color" content="${lightBackground}" />`,
      ])
    })

    test('keeps passwords out of URLs when no script handles a submit', () => {
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

    test('labels every field and has an error slot for it', () => {
      for (const [, id] of html.matchAll(/<input id="([\w-]+)"/g)) {
        expect(html).toContain(`<label for="${id}"`)
        if (id !== 'keep-signed-in') expect(html).toContain(`id="${id}-error" class="error" hidden`)
      }
    })

    test('describes fields by elements that exist, and uses no id twice', () => {
      const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
      const described = [...html.matchAll(/aria-describedby="([^"]+)"/g)].map(([, id]) => id)
      expect(described.filter((id) => !ids.includes(id))).toEqual([])
      // Templates are alternatives: only one of them is on the page at a time.
      const outside = html.replace(/<template.*?<\/template>/gs, '')
      const shown = [...outside.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id)
      expect(shown.filter((id, index) => shown.indexOf(id) !== index)).toEqual([])
    })
  },
)

test('the listed password rules are those of the password policy', () => {
  const list = readSource('src/site/partials/password-rules.html')
  expect([...list.matchAll(/data-rule="(\w+)"/g)].map(([, rule]) => rule)).toEqual([
    ...passwordRules,
  ])
  expect(list).toContain(`At least ${passwordPolicy.MinimumLength} characters`)
})
