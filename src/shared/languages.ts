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
  /** what the button says that closes that line */
  readonly close: string
}

export const sourceLanguage: Language = {
  lang: 'en',
  dir: 'ltr',
  name: 'English',
  offer: 'This page is available in English',
  close: 'Close',
}

/** A line for each catalog, in the order of the menu. */
export const translations: readonly Language[] = [
  {
    lang: 'de',
    dir: 'ltr',
    name: 'Deutsch',
    offer: 'Diese Seite gibt es auf Deutsch',
    close: 'Schließen',
  },
  {
    lang: 'es',
    dir: 'ltr',
    name: 'Español',
    offer: 'Esta página está disponible en español',
    close: 'Cerrar',
  },
  {
    lang: 'fr',
    dir: 'ltr',
    name: 'Français',
    offer: 'Cette page est disponible en français',
    close: 'Fermer',
  },
  {
    lang: 'it',
    dir: 'ltr',
    name: 'Italiano',
    offer: 'Questa pagina è disponibile in italiano',
    close: 'Chiudi',
  },
  {
    lang: 'nl',
    dir: 'ltr',
    name: 'Nederlands',
    offer: 'Deze pagina is er ook in het Nederlands',
    close: 'Sluiten',
  },
  {
    lang: 'pl',
    dir: 'ltr',
    name: 'Polski',
    offer: 'Ta strona jest dostępna po polsku',
    close: 'Zamknij',
  },
  {
    lang: 'pt-BR',
    dir: 'ltr',
    name: 'Português (Brasil)',
    offer: 'Esta página está disponível em português',
    close: 'Fechar',
  },
  {
    lang: 'ar',
    dir: 'rtl',
    name: 'العربية',
    offer: 'هذه الصفحة متاحة بالعربية',
    close: 'إغلاق',
  },
  {
    lang: 'he',
    dir: 'rtl',
    name: 'עברית',
    offer: 'הדף הזה זמין בעברית',
    close: 'סגירה',
  },
  {
    lang: 'ja',
    dir: 'ltr',
    name: '日本語',
    offer: 'このページは日本語でもご覧いただけます',
    close: '閉じる',
  },
  {
    lang: 'ko',
    dir: 'ltr',
    name: '한국어',
    offer: '이 페이지는 한국어로도 볼 수 있습니다',
    close: '닫기',
  },
  {
    lang: 'zh-Hans',
    dir: 'ltr',
    name: '简体中文',
    offer: '此页面提供简体中文版',
    close: '关闭',
  },
]
