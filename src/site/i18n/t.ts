/**
 * Translations, gettext's way: the English text stands where it is shown, and is the key of its translation.
 * English itself has no catalog.
 *
 * @see docs/decisions/0012-english-in-place.md
 */

type Values = Readonly<Record<string, string | number>>

declare global {
  /** Set by the script that pages in other languages load before their own: `src/site/i18n/translations.ts`. */
  var _translations:
    | {
        readonly find: (key: string) => string | undefined
        /** Fetches the texts of the scripts that come later. */
        readonly loadLater: () => Promise<void>
      }
    | undefined
}

/** The language of the page, as `Intl` takes it. Read once: translators of browsers change the attribute. */
export const pageLanguage =
  typeof document === 'undefined' ? 'en' : document.documentElement.lang || 'en'

/**
 * @param text in English, a literal; `{name}` stands for a value
 * @param context tells two meanings of one English text apart; it is not shown
 */
export function t(text: string, values: Values = {}, context?: string): string {
  const key = context === undefined ? text : `${context}|${text}`
  const translation = globalThis._translations?.find(key) ?? text
  return translation.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    String(values[name] ?? placeholder),
  )
}

/**
 * For the dynamic import of modules that show texts, which the build checks: their texts are there when they run. In
 * English there is nothing to wait for.
 *
 * @param load the dynamic import
 */
export function withTexts<Module>(load: () => Promise<Module>): () => Promise<Module> {
  const translations = globalThis._translations
  return translations ? () => translations.loadLater().then(load) : load
}
