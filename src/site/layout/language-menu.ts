/**
 * The language menu in the footer, and the offer of another language. The links of the menu work without script; with it, where
 * the rider wanted to go comes along, and the choice is remembered on this device: `src/site/inline/language-init.ts` follows it
 * on the next visit. Fetched when the menu is opened, or when the browser prefers another language than the page's.
 */

import { type Language, sourceLanguage, translations } from '../../shared/languages.ts'
import { pageLanguage, t } from '../i18n/t.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { findLanguageLinks } from '../lib/language-links.ts'
import { persistentStorage } from '../lib/web-storage.ts'
import '../styles/language-offer.css'
import { matchLanguage } from './match-language.ts'

/** Where web storage keeps the choice, and which language has been offered. */
export const languageKey = 'wildrydes.language'
const offeredKey = 'wildrydes.languageOffered'

// The offer has a link like those of the menu.
document.addEventListener('click', ({ target }) => {
  if (!(target instanceof HTMLAnchorElement) || !target.hreflang) return
  target.search = location.search
  if (location.hash) target.hash = location.hash
  const isStored = persistentStorage.write(languageKey, target.hreflang)
  // An earlier choice must not win.
  if (!isStored) persistentStorage.remove(languageKey)
})

/**
 * One quiet line in the language that the browser prefers, if the site has it: once on a device, and never to whom has chosen.
 * Where the device cannot remember that, the menu must do.
 */
export function offerLanguage(): void {
  const language = matchLanguage(navigator.languages, [sourceLanguage, ...translations])
  if (!language || language.lang === pageLanguage) return
  const isDecided = [languageKey, offeredKey].some((key) => persistentStorage.read(key))
  if (isDecided || !persistentStorage.write(offeredKey, language.lang)) return
  const link = [...findLanguageLinks()].find(({ hreflang }) => hreflang === language.lang)
  if (link) showOffer(link, language)
}

function showOffer({ href }: HTMLAnchorElement, { lang, dir, offer }: Language): void {
  const link = createElement('a', offer)
  Object.assign(link, { href, hreflang: lang, lang, dir })
  const button = createElement('button', '×')
  button.type = 'button'
  button.ariaLabel = t('Close')
  button.addEventListener('click', () => line.remove())
  const line = createElement('p', '', 'language-offer')
  line.append(link, button)
  requireElement('.site-header', HTMLElement).append(line)
}
