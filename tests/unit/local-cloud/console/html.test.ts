/** HTML escaping in the console. */

import { expect, test } from 'vitest'
import { html } from '../../../../src/local-cloud/console/html.ts'

test.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['"><img src=x onerror=alert(1)>', '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'],
  ["' onfocus='alert(1)", '&#39; onfocus=&#39;alert(1)'],
  ['&lt;', '&amp;lt;'],
  ['&', '&amp;'],
  ['grüße 🦄', 'grüße 🦄'],
])('XSS: %j is escaped', (value, text) => {
  expect(html`<p title="${value}">${value}</p>`.markup).toBe(`<p title="${text}">${text}</p>`)
})

test('html: nested HTML is inserted unescaped, alone and in lists', () => {
  const items = ['<b>', 'c'].map((text) => html`<li>${text}</li>`)

  expect(html`<ul>${items}</ul>`.markup).toBe('<ul><li>&lt;b&gt;</li><li>c</li></ul>')
  expect(html`<div>${html`<i></i>`}</div>`.markup).toBe('<div><i></i></div>')
})

test('html: numbers are printed, and undefined is empty', () => {
  expect(html`<p id="email-${0}">${''}</p>`.markup).toBe('<p id="email-0"></p>')
})

test('XSS: an object that imitates the shape of HTML is escaped', () => {
  const forged: unknown = JSON.parse('{"markup":"<script>"}')

  expect(html`${String(forged)}`.markup).not.toContain('<')
})
