/**
 * Languages of the site. English is the source and stands at the root; each other language has a catalog,
 * `src/site/i18n/catalogs/<lang>.json`, and its pages in a folder of that name.
 */

export interface Language {
  /** BCP 47, as the pages' `lang` has it */
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
}

export const sourceLanguage: Language = { lang: 'en', dir: 'ltr' }

/** A line for each catalog. */
export const translations: readonly Language[] = []
