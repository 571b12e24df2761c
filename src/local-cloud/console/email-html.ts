/**
 * Shows the HTML of an email as a mail program would, from its text alone: of its tags only the listed ones are kept,
 * without attributes but the direction and language of a part, and everything else is text. So nothing in it can run, load or look like the console. Cognito
 * sends emails as HTML.
 */

import { Html, html } from './html.ts'

/** The tags that are kept, and what they become. A heading would stand among those of the console. */
const keptTags: ReadonlyMap<string, { readonly open: string; readonly close: string }> = new Map([
  ...['p', 'div', 'bdi', 'strong', 'b', 'em', 'i', 'ul', 'ol', 'li'].map(
    (name) => [name, { open: `<${name}>`, close: `</${name}>` }] as const,
  ),
  ...['h1', 'h2', 'h3'].map(
    (name) => [name, { open: '<p class="email-heading">', close: '</p>' }] as const,
  ),
])

/** elements whose content is no text */
const skippedTags: ReadonlySet<string> = new Set(['script', 'style', 'title', 'template'])

/** A comment, a tag, text, or a lone "<". */
const tokens =
  /<!--.*?-->|<(?<slash>\/?)(?<name>[a-z][a-z0-9]*)(?<attributes>(?:"[^"]*"|'[^']*'|[^'">])*)>|[^<]+|</gis

/** A page of this machine. A template or an attribute could put any other URL into an email. */
const localUrl = /^http:\/\/localhost:\d+\/[^\s"'<>]*$/

export function toEmailBody(source: string): Html {
  const markup: string[] = []
  const open: { readonly name: string; readonly close: string }[] = []
  let skipping: string | undefined
  const closeTo = (depth: number) => {
    while (open.length > depth) markup.push(open.pop()?.close ?? '')
  }
  const isInLink = () => open.some(({ name }) => name === 'a')

  for (const { 0: token, groups } of source.matchAll(tokens)) {
    const name = groups?.name?.toLowerCase()
    const isClosing = groups?.slash === '/'
    if (skipping !== undefined) {
      if (name === skipping && isClosing) skipping = undefined
    } else if (name === undefined) {
      if (!token.startsWith('<!--')) {
        const text = decodeEntities(token)
        markup.push((isInLink() ? html`${text}` : linkLocalUrls(text)).markup)
      }
    } else if (isClosing) {
      const depth = open.findLastIndex((one) => one.name === name)
      if (depth !== -1) closeTo(depth)
    } else if (skippedTags.has(name)) {
      skipping = name
    } else if (name === 'br') {
      markup.push('<br>')
    } else if (name === 'a') {
      if (!isInLink()) {
        const link = toLink(groups?.attributes ?? '')
        markup.push(link.open)
        open.push({ name, close: link.close })
      }
    } else {
      const tag = keptTags.get(name)
      if (tag) {
        const written = /^(div|bdi)$/.test(name) ? toWriting(groups?.attributes ?? '') : ''
        markup.push(tag.open.replace('>', `${written}>`))
        open.push({ name, close: tag.close })
      }
    }
  }
  closeTo(0)
  return new Html(markup.join(''))
}

/** elements that begin a line of their own */
const blocks: ReadonlySet<string> = new Set(['p', 'div', 'ul', 'ol', 'li', 'h1', 'h2', 'h3'])

/** The email as plain text, with the URL of a link behind its text. */
export function toPlainText(source: string): string {
  let text = ''
  let skipping: string | undefined
  let url = ''
  for (const { 0: token, groups } of source.matchAll(tokens)) {
    const name = groups?.name?.toLowerCase()
    const isClosing = groups?.slash === '/'
    if (skipping !== undefined) {
      if (name === skipping && isClosing) skipping = undefined
    } else if (name === undefined) {
      if (!token.startsWith('<!--')) text += decodeEntities(token).replace(/[ \t\r\n]+/g, ' ')
    } else if (name === 'a') {
      if (isClosing) text += url && ` ${url} `
      url = isClosing ? '' : readHref(groups?.attributes ?? '')
    } else if (skippedTags.has(name)) {
      if (!isClosing) skipping = name
    } else if (name === 'br') {
      text += '\n'
    } else if (blocks.has(name)) {
      text += '\n\n'
    }
  }
  return text
    .replace(/ +/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** A link to this machine. The URL of any other is shown behind its text. */
function toLink(attributes: string): { readonly open: string; readonly close: string } {
  const url = readHref(attributes)
  if (localUrl.test(url)) return { open: html`<a href="${url}">`.markup, close: '</a>' }
  return { open: '', close: url === '' ? '' : html` (${url})`.markup }
}

/** The attributes that say in which direction and language a part is written. */
function toWriting(attributes: string): string {
  const dir = /\sdir="(ltr|rtl)"/.exec(attributes)?.[0] ?? ''
  const lang = /\slang="[A-Za-z0-9-]{2,35}"/.exec(attributes)?.[0] ?? ''
  return dir + lang
}

function readHref(attributes: string): string {
  const [, , double = '', single = ''] =
    /(^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(attributes) ?? []
  return decodeEntities(double || single)
}

/** Makes links of URLs in text, as mail programs do, but of those on this machine only. */
function linkLocalUrls(text: string): Html {
  const parts = text.split(/(http:\/\/localhost:\d+\/[^\s"'<>]*)/)
  return html`${parts.map((part, index) =>
    index % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`,
  )}`
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&#39;', "'"],
  ['&nbsp;', '\u00a0'],
  ['&amp;', '&'],
])

function decodeEntities(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|nbsp|amp);/g, (entity) => entities.get(entity) ?? entity)
}
