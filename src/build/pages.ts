/**
 * The pages, rendered while Vite serves and builds. Each language has them from the same files and with the same
 * scripts: `register.html` is the English page, and `/de/register.html` the German one.
 */

import { readFileSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import type { Plugin, ViteDevServer } from 'vite'
import type { Language } from '../shared/languages.ts'
import { pageNames } from '../shared/page-names.ts'
import { type Catalog, isolateValues, listLanguages, readCatalog } from './catalogs.ts'
import {
  english,
  type PageLanguage,
  type PageSource,
  renderPage,
  toTranslationsPath,
} from './render-page.ts'
import { readSiteUrl } from './site-url.ts'
import { collectScriptTexts, collectTexts } from './source-texts.ts'
import {
  assertTextKeysDiffer,
  findPageTexts,
  type TranslationFile,
  toTranslationFiles,
} from './translations.ts'

const siteFiles = pageNames.map((name) => `${name}.html`)

interface Translation {
  readonly language: PageLanguage
  readonly catalog: Catalog
  /** keys of all texts that scripts show */
  readonly scriptTexts: readonly string[]
}

/** Languages and files are arguments for tests; a change of partials or catalogs reloads the page in dev. */
export function pages({
  root = process.cwd(),
  files = siteFiles,
  languages = listLanguages(process.env),
  siteUrl = readSiteUrl(process.env),
}: {
  readonly root?: string
  readonly files?: readonly string[]
  readonly languages?: readonly Language[]
  readonly siteUrl?: string | undefined
} = {}): Plugin[] {
  const others = languages.filter(({ lang }) => lang !== english.lang)
  /** path of a page in another language → the file that it is rendered from; there is no file of its own */
  const translatedPages: ReadonlyMap<string, string> = new Map(
    others.flatMap(({ lang }) => files.map((file) => [`${lang}/${file}`, file])),
  )
  let translations: ReadonlyMap<string, Translation> = new Map()
  let base = '/'

  const toPath = (id: string) => relative(root, id).replaceAll('\\', '/')
  const readPage = (file: string): PageSource => ({
    name: file,
    source: readFileSync(join(root, file), 'utf8'),
  })
  const translate = () => {
    translations = translateAll(others, files.map(readPage), root)
  }

  const rendering: Plugin = {
    name: 'wild-rydes-pages',
    enforce: 'pre',
    config: () => ({ input: [...files, ...translatedPages.keys()] }),
    configResolved(config) {
      base = config.base
    },
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
        return renderPage({ name, source }, root, language, { languages, base, url: siteUrl })
      },
    },
    configureServer: {
      // Other plugins set the headers of every response.
      order: 'post',
      handler: (server) =>
        serveTranslatedPages(server, {
          findScript(path) {
            const page = [...translatedPages.keys()].find(
              (name) => toTranslationsPath(name) === path,
            )
            const translation = page && translations.get(posix.dirname(page))
            if (!translation) return undefined
            // Nothing is bundled: all texts come at once.
            const all = { initial: translation.scriptTexts, later: [] }
            return toTranslationFiles('', translation.catalog, all).script.content
          },
          readPage(path) {
            const file = translatedPages.get(path)
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

  let texts: ReturnType<typeof collectScriptTexts> = new Map()
  const made: TranslationFile[] = []
  /** When the scripts are made, and it is known which page fetches which. */
  const addTranslations: Plugin = {
    name: 'wild-rydes-translations',
    apply: 'build',
    buildStart() {
      texts = others.length > 0 ? collectScriptTexts(root) : new Map()
      made.length = 0
    },
    transformIndexHtml: {
      order: 'post',
      handler(html, { filename, bundle, chunk }) {
        const page = toPath(filename)
        const catalog = translations.get(posix.dirname(page))?.catalog
        if (!catalog || !bundle || !chunk) return html
        const name = page.replace('/', '-').replace(/\.html$/, '')
        const pageTexts = findPageTexts(chunk, bundle, { root, texts })
        const { script, later } = toTranslationFiles(name, catalog, pageTexts)
        made.push(script, later)
        return html.replace(toTranslationsPath(page), `assets/${script.name}`)
      },
    },
    generateBundle: {
      // After the pages.
      order: 'post',
      handler() {
        for (const { name, content } of made) {
          this.emitFile({ type: 'asset', fileName: `assets/${name}`, source: content })
        }
      },
    },
  }

  return [rendering, addTranslations]
}

/** By language tag. Without a second language, nothing is collected. */
function translateAll(
  languages: readonly Language[],
  pages: readonly PageSource[],
  root: string,
): ReadonlyMap<string, Translation> {
  if (languages.length === 0) return new Map()
  const texts = collectTexts(pages, root)
  assertTextKeysDiffer(texts.scripts)
  return new Map(
    languages.map((language) => {
      const catalog = readCatalog(language, root, texts)
      const translate = (text: string, key: string) => catalog[key] ?? text
      return [
        language.lang,
        {
          catalog: language.dir === 'rtl' ? isolateValues(catalog) : catalog,
          language: { ...language, translate },
          scriptTexts: [...texts.scripts].toSorted(),
        },
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
    /** @param path from the site's root, without a slash before it */
    findScript(path: string): string | undefined
    readPage(path: string): string | undefined
  },
): void {
  server.middlewares.use((incoming, outgoing, next) => {
    const path = (incoming.url ?? '').replace(/\?.*$/, '').replace(/\/$/, '/index.html').slice(1)
    const script = findScript(path)
    if (script) return void outgoing.setHeader('Content-Type', 'text/javascript').end(script)
    const source = readPage(path)
    if (!source) return next()
    server
      .transformIndexHtml(`/${path}`, source)
      .then((html) => outgoing.setHeader('Content-Type', 'text/html').end(html))
      .catch(next)
  })
}
