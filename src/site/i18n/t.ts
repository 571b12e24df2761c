/**
 * Translations, gettext's way: the English text stands where it is shown, and is the key of its translation.
 * English itself has no catalog.
 *
 * @see docs/decisions/0012-english-in-place.md
 */

type Values = Readonly<Record<string, string | number>>

declare global {
  /** English text to translation; set by a script that pages in other languages load before their own */
  var _translations: Readonly<Record<string, string>> | undefined
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
  const catalog = globalThis._translations ?? {}
  const translation = Object.hasOwn(catalog, key) ? (catalog[key] ?? text) : text
  return translation.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    String(values[name] ?? placeholder),
  )
}
