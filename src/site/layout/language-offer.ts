/**
 * The offer of another language: one quiet line for a rider whose browser prefers one that the site has. Nobody is moved unasked.
 * Fetched for them alone.
 */

import { type Language, sourceLanguage, translations } from '../../shared/languages.ts'
import { pageLanguage } from '../i18n/t.ts'
import { createElement, requireElement } from '../lib/elements.ts'
import { findLanguageLinks } from '../lib/language-links.ts'
import { languageKey } from '../lib/tab-state.ts'
import { persistentStorage } from '../lib/web-storage.ts'
import '../styles/language-offer.css'
import { matchLanguage } from './match-language.ts'

/** Where web storage keeps which language has been offered. */
const offeredKey = 'wildrydes.languageOffered'

/**
 * Once on a device, and never to those who have chosen. Where the device cannot remember that, the menu must do.
 */
export function offerLanguage(): void {
  const language = matchLanguage(navigator.languages, [sourceLanguage, ...translations])
  if (!language || language.lang === pageLanguage) return
  const isDecided = [languageKey, offeredKey].some((key) => persistentStorage.read(key))
  if (isDecided || !persistentStorage.write(offeredKey, language.lang)) return
  const link = [...findLanguageLinks()].find(({ hreflang }) => hreflang === language.lang)
  if (link) showOffer(link, language)
}

function showOffer({ href }: HTMLAnchorElement, { lang, dir, offer, close }: Language): void {
  const link = createElement('a', offer)
  Object.assign(link, { href, hreflang: lang, lang, dir })
  const button = createElement('button', '×')
  button.type = 'button'
  button.lang = lang
  button.ariaLabel = close
  button.addEventListener('click', () => line.remove())
  const line = createElement('p', '', 'language-offer')
  line.append(link, button)
  requireElement('.site-header', HTMLElement).append(line)
}
