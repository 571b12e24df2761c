/**
 * The style sheets of the pages. They stand in the built pages, so that the first paint waits for no further
 * answer, and the policy lets each in by its hash.
 */

import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { bundle } from 'lightningcss'
import type { Plugin } from 'vite'

/** By the address that a page links each with; `npm run dev` serves them there. */
const sheets = new Map(
  ['site', 'form', 'home', 'ride', 'account', 'lost'].map((name) => {
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

/** Puts each sheet in the place of its link, which says that Vite is to leave it. */
export function stylesInPages(): Plugin {
  return {
    name: 'wild-rydes-styles-in-pages',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html.replace(/<link rel="stylesheet" href="([^"]*)"\s*\/>/g, (_, href: string) => {
          const sheet = sheets.get(href)
          if (!sheet) throw new Error(`${href} is no style sheet of the pages`)
          return `<style>${sheet.css}</style>`
        }),
    },
  }
}
