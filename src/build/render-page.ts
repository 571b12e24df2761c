/** Renders a page: partials and layout by Liquid, texts by the filter `t`, inline scripts by `inline_script`. */

import { join } from 'node:path'
import { Liquid } from 'liquidjs'
import { type Language, sourceLanguage } from '../shared/languages.ts'
import { passwordPolicy, toPasswordRulesAttribute } from '../shared/password-policy.ts'
import { toKey } from './catalogs.ts'
import { inlineScripts } from './inline.ts'

export interface PageSource {
  /** of its file, such as `register.html`: errors name it */
  readonly name: string
  readonly source: string
}

export interface PageLanguage extends Language {
  /** @param key of the text in a catalog */
  readonly translate: (text: string, key: string) => string
  /** path of the script that sets the translations for scripts; none for English */
  readonly translationsScript: string | undefined
}

export const english: PageLanguage = {
  ...sourceLanguage,
  translate: (text) => text,
  translationsScript: undefined,
}

/**
 * @param root of the repository, whose `src/site/partials` the page uses
 * @throws {Error} naming the page: for a text whose slots are not its arguments, or one without translation
 */
export function renderPage(page: PageSource, root: string, language = english): string {
  const { lang, dir, translationsScript } = language
  const engine = new Liquid({
    root: join(root, 'src/site/partials'),
    globals: {
      lang,
      dir,
      translations_script: translationsScript,
      passwordrules: toPasswordRulesAttribute(passwordPolicy),
    },
    strictFilters: true,
    strictVariables: true,
    // `{% if hint %}` and `default` ask whether an optional argument was given.
    lenientIf: true,
  })
  engine.registerFilter('t', (text: unknown, ...args: unknown[]) => translate(text, args, language))
  engine.registerFilter('inline_script', requireInlineScript)
  try {
    return engine.parseAndRenderSync(page.source)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`${page.name}: ${reason}`, { cause: error })
  }
}

/**
 * The filter `t`: `{{ 'text' | t }}`, `{{ 'text' | t: 'context' }}`, `{{ 'text' | t: slot: 'html' }}`.
 *
 * @param args as Liquid gives them: values as they are, named ones as pairs
 */
function translate(text: unknown, args: readonly unknown[], language: PageLanguage): string {
  if (typeof text !== 'string') throw new Error(`t expected a text, got ${typeof text}`)
  const [context] = args.filter((arg) => typeof arg === 'string')
  const slots = args
    .filter((arg) => Array.isArray(arg))
    .map(([name, html]) => [name, String(html)] as const)
  return fillSlots(language.translate(text, toKey(text, context)), new Map(slots))
}

/**
 * @param text `{name}` stands for the HTML of the slot of that name, and `<name>` for the tag with the slot's
 *   attributes
 * @returns HTML
 * @throws {Error} for a slot that is missing or that the text does not use
 */
function fillSlots(text: string, slots: ReadonlyMap<string, string>): string {
  const unused = new Set(slots.keys())
  const requireSlot = (name: string) => {
    const slot = slots.get(name)
    if (slot === undefined) throw new Error(`“${text}” needs the argument ${name}`)
    unused.delete(name)
    return slot
  }
  const html = text.replace(
    /\{(\w+)\}|<(\w+)>|<\/\w+>|[&<>"]/g,
    (part, placeholder?: string, tag?: string) => {
      if (placeholder) return requireSlot(placeholder)
      if (tag) return `<${tag} ${requireSlot(tag)}>`
      return part.startsWith('</') ? part : escapeCharacter(part)
    },
  )
  if (unused.size > 0) throw new Error(`“${text}” does not use ${[...unused].join(', ')}`)
  return html
}

/** A tag with attributes is an error: ids, classes and addresses are no matter of translators. */
function escapeCharacter(character: string): string {
  if (character === '<')
    throw new Error('a text has bare tags only, whose attributes are arguments of t')
  return `&#${character.charCodeAt(0)};`
}

function requireInlineScript(name: string): string {
  const script = inlineScripts.get(name)
  if (script === undefined) throw new Error(`src/site/inline has no ${name}`)
  return script
}
