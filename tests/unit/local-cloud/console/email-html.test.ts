/** The HTML of an email, as the console shows it. */

import { describe, expect, test } from 'vitest'
import { toEmailBody, toPlainText } from '../../../../src/local-cloud/console/email-html.ts'

const link = 'http://localhost:5173/verify.html#code=123456'

describe('what a mail program would show', () => {
  test.each([
    ['plain text\nin two lines', 'plain text\nin two lines'],
    ['<p>Hi</p><H2 style="color:red">123456</H2>', '<p>Hi</p><p class="email-heading">123456</p>'],
    ['one<br/>two<br>three', 'one<br>two<br>three'],
    ['<ul><li><strong>1</strong></li></ul>', '<ul><li><strong>1</strong></li></ul>'],
    ['Tom &amp; Ada &lt;3 &nbsp;', 'Tom &amp; Ada &lt;3 \u00a0'],
    ['1 < 2 & 3 > 2', '1 &lt; 2 &amp; 3 &gt; 2'],
    [
      '<div lang="ar" dir="rtl" class="x"><h2><bdi dir="ltr">1</bdi></h2></div>',
      '<div dir="rtl" lang="ar"><p class="email-heading"><bdi dir="ltr">1</bdi></p></div>',
    ],
    [`<a href="${link}">Verify</a>`, `<a href="${link}">Verify</a>`],
    [`<a class='x' href='${link}'>Verify</a>`, `<a href="${link}">Verify</a>`],
    [`Open ${link} now`, `Open <a href="${link}">${link}</a> now`],
  ])('%j is shown as %j', (source, shown) => {
    expect(toEmailBody(source).markup).toBe(shown)
  })
})

describe('what must not come into the console', () => {
  test.each([
    ['<script>alert(1)</script>Hi', 'Hi'],
    ['<style>* { display: none }</style>Hi', 'Hi'],
    ['<script>never closed', ''],
    ['<!-- <b> -->Hi', 'Hi'],
    ['<img src="https://evil.example/x.png" onerror="alert(1)">Hi', 'Hi'],
    ['<iframe srcdoc="<script>alert(1)</script>"></iframe>Hi', 'Hi'],
    ['<p onclick="alert(1)" class="badge" id="status">Hi</p>', '<p>Hi</p>'],
    ['<form action="/console/users/delete"><button>Go</button></form>', 'Go'],
    ['<p dir="rtl" lang="ar">Hi</p>', '<p>Hi</p>'],
    ['<div dir="auto" lang="x onclick=alert(1)" style="direction:rtl">Hi</div>', '<div>Hi</div>'],
    [`<div data-x=' dir="rtl"'>Hi</div>`, '<div dir="rtl">Hi</div>'],
    ['<b title=">">Hi', '<b>Hi</b>'],
    ['<b title="never closed>Hi', '&lt;b title=&quot;never closed&gt;Hi'],
  ])('of %j only %j is left', (source, shown) => {
    expect(toEmailBody(source).markup).toBe(shown)
  })

  test.each([
    'https://evil.example/',
    'javascript:alert(1)',
    'http://localhost.evil.example:1/',
    'http://localhost:1@evil.example/',
    '//evil.example/',
    '/console/users',
  ])('open redirect: a link to %s is text, followed by its URL', (url) => {
    expect(toEmailBody(`<a href="${url}">Verify</a>`).markup).toBe(`Verify (${url})`)
  })

  test.each([
    ['</div></main><p>Hi', '<p>Hi</p>'],
    ['<div><strong>Hi', '<div><strong>Hi</strong></div>'],
    ['<p><b>Hi</p></b>', '<p><b>Hi</b></p>'],
    [`<a href="${link}">one <a href="${link}">two</a>`, `<a href="${link}">one two</a>`],
  ])('unbalanced tags of %j cannot close or open anything around the email', (source, shown) => {
    expect(toEmailBody(source).markup).toBe(shown)
  })

  test('ReDoS: the longest text that Cognito takes is read to its end, whatever is in it', () => {
    for (const part of ['<', '<a "', '<a href="', '<!--', '<b>', "<b '"]) {
      expect(() => toEmailBody(part.repeat(Math.floor(20_000 / part.length)))).not.toThrow()
    }
  })
})

test.each([
  [
    '<p>Hi, here&#39;s your\n code:</p>\n<h2>123456</h2><p>Enter it.</p>',
    "Hi, here's your code:\n\n123456\n\nEnter it.",
  ],
  ['Code 1<br>and 2', 'Code 1\nand 2'],
  [
    '<p>New? <a href="http://localhost:5173/verify.html#code=123456">Verify your email</a>, quick.</p>',
    'New? Verify your email http://localhost:5173/verify.html#code=123456 , quick.',
  ],
  ['plain text, 1 < 2 &amp; <b>bold</b>', 'plain text, 1 < 2 & bold'],
  ['<style>p { color: red }</style><!-- no -->yes', 'yes'],
])('plain text: %j is %j', (source, text) => {
  expect(toPlainText(source)).toBe(text)
})
