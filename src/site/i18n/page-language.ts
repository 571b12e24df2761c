/** The language of the page, as `Intl` takes it. Read once: translators of browsers change the attribute. */
export const pageLanguage =
  typeof document === 'undefined' ? 'en' : document.documentElement.lang || 'en'
