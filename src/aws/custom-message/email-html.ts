/**
 * The email as HTML. Plain tags and no colors: mail programs differ in what else they show, and show these well in dark
 * mode too. Nothing in it is fetched.
 */

import { escapeHtml } from '../../shared/escape-html.ts'
import type { EmailText } from './emails.ts'

export interface EmailParts {
  readonly text: EmailText
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** what Cognito replaces with the code or the temporary password */
  readonly codePlaceholder: string
  /** what Cognito replaces with the username, in an invitation */
  readonly usernamePlaceholder?: string | undefined
  /** where the link leads */
  readonly url: string
}

export function toEmailHtml(parts: EmailParts): string {
  const { text, lang, dir, codePlaceholder, usernamePlaceholder, url } = parts
  const lines = [
    toParagraph(text.intro),
    ...(usernamePlaceholder === undefined ? [] : [toHeading(usernamePlaceholder)]),
    ...(text.beforePassword === undefined ? [] : [toParagraph(text.beforePassword)]),
    toHeading(codePlaceholder),
    ...text.use.map(toParagraph),
    ...(text.link === undefined ? [] : [toLink(text.link, url)]),
    toParagraph(text.unexpected),
  ]
  return `<div lang="${escapeHtml(lang)}" dir="${dir}">\n${lines.join('\n')}\n</div>`
}

function toParagraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`
}

/** Codes, passwords and addresses are written from left to right in every language. */
function toHeading(placeholder: string): string {
  return `<h2><bdi dir="ltr">${escapeHtml(placeholder)}</bdi></h2>`
}

function toLink(text: string, url: string): string {
  return `<p><a href="${escapeHtml(url)}"><strong>${escapeHtml(text)}</strong></a></p>`
}
