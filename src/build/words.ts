/**
 * The language of a build: the one that `LOCALE` names, else English. Pages are filled with its words, and
 * scripts import them from `#words/`.
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { IndexHtmlTransform, Plugin } from 'vite'
import * as english from '../site/words/en/pages.ts'
import { pseudoLang, toPseudo } from '../site/words/pseudo.ts'

interface PageWords {
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  readonly pageWords: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const name = 'wild-rydes-words'
const specifier = '#words/'
const pseudoId = '\0pseudo-words/'
const englishFolder = fileURLToPath(new URL('../site/words/en/', import.meta.url))
const pseudoFile = fileURLToPath(new URL('../site/words/pseudo.ts', import.meta.url))

/** @throws {Error} for a locale that there are no words of */
export function words(locale = process.env.LOCALE || 'en'): Plugin {
  switch (locale) {
    case 'en':
      return { name, transformIndexHtml: fillPagesWith(english) }
    case 'pseudo':
      return {
        name,
        enforce: 'pre',
        resolveId: (id) => (id.startsWith(specifier) ? id.replace(specifier, pseudoId) : null),
        load: (id) => (id.startsWith(pseudoId) ? toPseudoModule(id.slice(pseudoId.length)) : null),
        transformIndexHtml: fillPagesWith({
          lang: pseudoLang,
          dir: 'rtl',
          pageWords: toPseudo(english.pageWords),
        }),
      }
    default:
      throw new Error(`LOCALE is ${locale}: expected en or pseudo`)
  }
}

function fillPagesWith(language: PageWords): IndexHtmlTransform {
  return { order: 'pre', handler: (html) => fillPage(html, language) }
}

/**
 * @param html with `{{page.key}}` where words go, `{{lang}}` and `{{dir}}`
 * @throws {Error} for a key that the language does not have
 */
export function fillPage(html: string, { lang, dir, pageWords }: PageWords = english): string {
  const own: Readonly<Record<string, string>> = { lang, dir }
  return html.replace(/\{\{([\w.]+)\}\}/g, (_, key: string) => {
    const [page = '', word = ''] = key.split('.')
    const text = own[key] ?? pageWords[page]?.[word]
    if (text === undefined) throw new Error(`the words of ${lang} have no ${key}`)
    return text
  })
}

/** A module with the exports of the English one, every text in them changed. */
function toPseudoModule(file: string): string {
  const path = `${englishFolder}${file}`
  const source = readFileSync(path, 'utf8')
  const names = [...source.matchAll(/^export (?:const|function) (\w+)|^export \{ (\w+) \}/gm)]
  return [
    `import * as english from '${path}'`,
    `import { toPseudo } from '${pseudoFile}'`,
    ...names.map(([, own, passed]) => {
      const exported = own ?? passed
      return `export const ${exported} = toPseudo(english.${exported})`
    }),
  ].join('\n')
}
