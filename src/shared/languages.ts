/**
 * Languages of the site. English is the source and stands at the root; each other language has a catalog,
 * `src/site/i18n/catalogs/<lang>.json`, and its pages in a folder of that name: `/de/register.html`.
 */

export interface Language {
  /** BCP 47, as the pages' `lang` has it: with a script or a region only where two of one language differ in writing */
  readonly lang: string
  readonly dir: 'ltr' | 'rtl'
  /** of the language, in itself */
  readonly name: string
  /** what a page in another language says, in this one, to whom their browser prefers it */
  readonly offer: string
}

export const sourceLanguage: Language = {
  lang: 'en',
  dir: 'ltr',
  name: 'English',
  offer: 'This page is available in English',
}

/** A line for each catalog, in the order of the menu. */
export const translations: readonly Language[] = [
  {
    lang: 'de',
    dir: 'ltr',
    name: 'Deutsch',
    offer: 'Diese Seite gibt es auf Deutsch',
  },
  {
    lang: 'es',
    dir: 'ltr',
    name: 'Español',
    offer: 'Esta página está disponible en español',
  },
  {
    lang: 'fr',
    dir: 'ltr',
    name: 'Français',
    offer: 'Cette page est disponible en français',
  },
  {
    lang: 'it',
    dir: 'ltr',
    name: 'Italiano',
    offer: 'Questa pagina è disponibile in italiano',
  },
  {
    lang: 'nl',
    dir: 'ltr',
    name: 'Nederlands',
    offer: 'Deze pagina is er ook in het Nederlands',
  },
  {
    lang: 'pl',
    dir: 'ltr',
    name: 'Polski',
    offer: 'Ta strona jest dostępna po polsku',
  },
  {
    lang: 'pt-BR',
    dir: 'ltr',
    name: 'Português (Brasil)',
    offer: 'Esta página está disponível em português',
  },
  {
    lang: 'ar',
    dir: 'rtl',
    name: 'العربية',
    offer: 'هذه الصفحة متاحة بالعربية',
  },
  {
    lang: 'he',
    dir: 'rtl',
    name: 'עברית',
    offer: 'הדף הזה זמין בעברית',
  },
  {
    lang: 'ja',
    dir: 'ltr',
    name: '日本語',
    offer: 'このページは日本語でもご覧いただけます',
  },
  {
    lang: 'ko',
    dir: 'ltr',
    name: '한국어',
    offer: '이 페이지는 한국어로도 볼 수 있습니다',
  },
  {
    lang: 'zh-Hans',
    dir: 'ltr',
    name: '简体中文',
    offer: '此页面提供简体中文版',
  },
]
