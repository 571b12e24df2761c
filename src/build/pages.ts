/**
 * The pages, rendered while Vite serves and builds. Each language has them from the same files and with the same
 * scripts: `register.html` is the English page, and `/de/register.html` the German one.
 */

import { readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import type { Plugin, ViteDevServer } from 'vite'
import type { Language } from '../shared/languages.ts'
import { pageNames } from '../shared/page-names.ts'
import {
  listLanguages,
  readCatalog,
  type TranslationsScript,
  toTranslationsScript,
} from './catalogs.ts'
import { english, type PageLanguage, type PageSource, renderPage } from './render-page.ts'
import { collectTexts } from './source-texts.ts'

const siteFiles = pageNames.map((name) => `${name}.html`)

interface Translation {
  readonly language: PageLanguage
  readonly script: TranslationsScript
}

/** Languages and files are arguments for tests; a change of partials or catalogs reloads the page in dev. */
export function pages({
  root = process.cwd(),
  files = siteFiles,
  languages = listLanguages(process.env),
}: {
  readonly root?: string
  readonly files?: readonly string[]
  readonly languages?: readonly Language[]
} = {}): Plugin {
  const others = languages.filter(({ lang }) => lang !== english.lang)
  /** path of a page in another language → the file that it is rendered from; there is no file of its own */
  const translatedPages: ReadonlyMap<string, string> = new Map(
    others.flatMap(({ lang }) => files.map((file) => [`${lang}/${file}`, file])),
  )
  let translations: ReadonlyMap<string, Translation> = new Map()

  const toPath = (id: string) => relative(root, id).replaceAll('\\', '/')
  const readPage = (file: string): PageSource => ({
    name: file,
    source: readFileSync(join(root, file), 'utf8'),
  })
  const translate = () => {
    translations = translateAll(others, files.map(readPage), root)
  }

  return {
    name: 'wild-rydes-pages',
    enforce: 'pre',
    config: () => ({ input: [...files, ...translatedPages.keys()] }),
    buildStart: translate,
    resolveId: (id) => (translatedPages.has(id) ? join(root, id) : null),
    load(id) {
      const file = translatedPages.get(toPath(id))
      return file ? readPage(file).source : null
    },
    transformIndexHtml: {
      order: 'pre',
      handler(source, { filename }) {
        const name = toPath(filename)
        const language = translations.get(posix.dirname(name))?.language
        return renderPage({ name, source }, root, language)
      },
    },
    generateBundle() {
      for (const { script } of translations.values()) {
        this.emitFile({ type: 'asset', fileName: script.path.slice(1), source: script.code })
      }
    },
    configureServer: {
      // Other plugins set the headers of every response.
      order: 'post',
      handler: (server) =>
        serveTranslatedPages(server, {
          findScript: (path) =>
            [...translations.values()].find(({ script }) => script.path === path)?.script.code,
          readPage(path) {
            const file = translatedPages.get(path.slice(1))
            // Texts may have changed since the last page.
            if (file) translate()
            return file && readPage(file).source
          },
        }),
    },
    hotUpdate({ file }) {
      if (!/^src\/site\/(partials|i18n\/catalogs)\//.test(toPath(file))) return
      this.environment.hot.send({ type: 'full-reload' })
      return []
    },
  }
}

/** By language tag. Without a second language, nothing is collected. */
function translateAll(
  languages: readonly Language[],
  pages: readonly PageSource[],
  root: string,
): ReadonlyMap<string, Translation> {
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

/** Vite's dev server serves only pages that are files. */
function serveTranslatedPages(
  server: ViteDevServer,
  {
    findScript,
    readPage,
  }: {
    findScript(path: string): string | undefined
    readPage(path: string): string | undefined
  },
): void {
  server.middlewares.use((incoming, outgoing, next) => {
    const path = (incoming.url ?? '').replace(/\?.*$/, '')
    const script = findScript(path)
    if (script) return void outgoing.setHeader('Content-Type', 'text/javascript').end(script)
    const source = readPage(path)
    if (!source) return next()
    server
      .transformIndexHtml(path, source)
      .then((html) => outgoing.setHeader('Content-Type', 'text/html').end(html))
      .catch(next)
  })
}
