/**
 * The pages: rendered while Vite serves and builds, in every language from the same file and with the same
 * scripts. `register.html` is the English page, and `/de/register.html` the German one.
 */

import { readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import type { Connect, Plugin } from 'vite'
import type { Language } from '../shared/languages.ts'
import {
  listLanguages,
  readCatalog,
  type TranslationsScript,
  toTranslationsScript,
} from './catalogs.ts'
import { styleSheets } from './inline.ts'
import { english, type PageLanguage, type PageSource, renderPage } from './render-page.ts'
import { collectTexts } from './source-texts.ts'

/** files at the top of the repository, without their ending */
const sitePages = ['index', 'register', 'verify', 'signin', 'forgot', 'ride', 'account', '404']

export interface PagesOptions {
  readonly root?: string
  readonly pages?: readonly string[]
  readonly languages?: readonly Language[]
}

export function pages({
  root = process.cwd(),
  pages: names = sitePages,
  languages = listLanguages(process.env),
}: PagesOptions = {}): Plugin[] {
  const files = names.map((name) => `${name}.html`)
  const others = languages.filter(({ lang }) => lang !== english.lang)
  const virtualPages: ReadonlyMap<string, { readonly file: string; readonly lang: string }> =
    new Map(
      others.flatMap(({ lang }) =>
        files.map((file) => [`${lang}/${file}`, { file, lang }] as const),
      ),
    )
  const readPage = (file: string): PageSource => ({
    name: file,
    source: readFileSync(join(root, file), 'utf8'),
  })
  const toPath = (id: string) => relative(root, id).replaceAll('\\', '/')
  let translated: ReadonlyMap<string, Translated> = new Map()
  const translate = () => {
    translated = translateAll(others, files.map(readPage), root)
  }

  const render: Plugin = {
    name: 'wild-rydes-pages',
    enforce: 'pre',
    config: () => ({ input: [...files, ...virtualPages.keys()] }),
    buildStart: translate,
    resolveId: (id) => (virtualPages.has(id) ? join(root, id) : null),
    load(id) {
      const page = virtualPages.get(toPath(id))
      return page ? readPage(page.file).source : null
    },
    transformIndexHtml: {
      order: 'pre',
      handler(source, { filename }) {
        const path = toPath(filename)
        const language = translated.get(posix.dirname(path))?.language ?? english
        return renderPage({ name: path, source }, root, language)
      },
    },
    generateBundle() {
      for (const { script } of translated.values()) {
        this.emitFile({ type: 'asset', fileName: script.path.slice(1), source: script.code })
      }
    },
    configureServer(server) {
      const answer: Connect.NextHandleFunction = (incoming, outgoing, next) => {
        const path = (incoming.url ?? '').replace(/\?.*$/, '')
        const script = [...translated.values()].find((one) => one.script.path === path)?.script
        const page = virtualPages.get(path.slice(1))
        if (script) outgoing.setHeader('Content-Type', 'text/javascript').end(script.code)
        else if (!page) next()
        else {
          // Texts may have changed since the last page.
          translate()
          server
            .transformIndexHtml(path, readPage(page.file).source)
            .then((html) => outgoing.setHeader('Content-Type', 'text/html').end(html))
            .catch(next)
        }
      }
      server.middlewares.use(answer)
    },
    hotUpdate({ file }) {
      if (!/^src\/site\/(partials|inline|i18n\/catalogs)\//.test(toPath(file))) return
      this.environment.hot.send({ type: 'full-reload' })
      return []
    },
  }
  return [render, shrinkPages()]
}

interface Translated {
  readonly language: PageLanguage
  readonly script: TranslationsScript
}

/** By language tag. */
function translateAll(
  languages: readonly Language[],
  pages: readonly PageSource[],
  root: string,
): ReadonlyMap<string, Translated> {
  if (languages.length === 0) return new Map()
  const texts = collectTexts(pages, root)
  return new Map(
    languages.map((language) => {
      const catalog = readCatalog(language, root, texts)
      const script = toTranslationsScript(language, catalog, texts)
      const translate = (text: string, key: string) => catalog[key] ?? text
      return [
        language.lang,
        { script, language: { ...language, translate, translationsScript: script.path } },
      ]
    }),
  )
}

/**
 * Built pages without indentation, and with their style sheets in the place of their links. Saves the round
 * trips that a first paint would wait for; goes when browsers get style sheets with the page (103, preload).
 */
function shrinkPages(): Plugin {
  return {
    name: 'wild-rydes-shrink-pages',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html
          .replace(/\n\s+/g, '\n')
          .replace(/<link rel="stylesheet" href="(\/src\/[^"]*)"\s*\/>/g, (_, path: string) => {
            const css = styleSheets.get(path)
            if (css === undefined) throw new Error(`${path} is not a style sheet of the pages`)
            return `<style>${css}</style>`
          }),
    },
  }
}
