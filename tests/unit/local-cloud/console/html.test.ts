import { expect, test } from 'vitest'
import { html } from '../../../../src/local-cloud/console/html.ts'

test.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['"><img src=x onerror=alert(1)>', '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;'],
  ["' onfocus='alert(1)", '&#39; onfocus=&#39;alert(1)'],
  ['&lt;', '&amp;lt;'],
  ['&', '&amp;'],
  ['grüße 🦄', 'grüße 🦄'],
])('%j becomes text', (value, text) => {
  expect(html`<p title="${value}">${value}</p>`.markup).toBe(`<p title="${text}">${text}</p>`)
})

test('what was made here as HTML goes in as it is, alone and as a list', () => {
  const items = ['<b>', 'c'].map((text) => html`<li>${text}</li>`)

  expect(html`<ul>${items}</ul>`.markup).toBe('<ul><li>&lt;b&gt;</li><li>c</li></ul>')
  expect(html`<div>${html`<i></i>`}</div>`.markup).toBe('<div><i></i></div>')
})

test('a number is written as it is, and nothing as nothing', () => {
  expect(html`<p id="letter-${0}">${''}</p>`.markup).toBe('<p id="letter-0"></p>')
})

test('an object that merely looks like HTML is not taken for it', () => {
  const forged: unknown = JSON.parse('{"markup":"<script>"}')

  expect(html`${String(forged)}`.markup).not.toContain('<')
})
