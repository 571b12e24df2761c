/**
 * Built pages: without what is there for those who write them, and with their style sheets in them, so that
 * the first paint waits for no further answer. The policy lets each sheet in by its hash.
 */

import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { bundle } from 'lightningcss'
import type { Plugin } from 'vite'

/** By the address that a page links each with; `npm run dev` serves them there. */
const sheets = new Map(
  ['site', 'forms', 'index', 'ride', 'account', '404'].map((name) => {
    const css = minify(`../site/styles/${name}.css`)
    const hash = `sha256-${createHash('sha256').update(css).digest('base64')}`
    return [`/src/site/styles/${name}.css`, { css, hash }]
  }),
)

/** as a content security policy names them, one for each sheet */
export const styleHashes: readonly string[] = [...sheets.values()].map(({ hash }) => hash)

function minify(path: string): string {
  const { code } = bundle({
    filename: fileURLToPath(new URL(path, import.meta.url)),
    minify: true,
    // What Vite writes for by itself: widely available, as of 2026-01-01.
    targets: {
      chrome: 111 << 16,
      edge: 111 << 16,
      firefox: 114 << 16,
      safari: (16 << 16) | (4 << 8),
    },
  })
  return Buffer.from(code).toString()
}

/** Takes away indentation, and puts each sheet in the place of its link, which says that Vite is to leave it. */
export function smallPages(): Plugin {
  return {
    name: 'wild-rydes-small-pages',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => putStylesIn(html.replace(/\n\s+/g, '\n')),
    },
  }
}

function putStylesIn(html: string): string {
  return html.replace(/<link rel="stylesheet" href="([^"]*)"\s*\/>/g, (_, href: string) => {
    const sheet = sheets.get(href)
    if (!sheet) throw new Error(`${href} is no style sheet of the pages`)
    return `<style>${sheet.css}</style>`
  })
}
