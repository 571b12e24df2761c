/**
 * The switch between light and dark, in the footer of every page. What is chosen counts in every tab and on
 * the next visit; `shared/inline-scripts.ts` has each page take it on before it is seen.
 */

import { themeKey } from '../../shared/inline-scripts.ts'
import { requireElement } from '../lib/elements.ts'
import { lastingStorage } from '../lib/web-storage.ts'

/** Offers the switch, which nothing would answer before. */
export function bindThemeSwitch(): void {
  const select = requireElement('#theme', HTMLSelectElement)

  const showKept = () => {
    select.value = lastingStorage.read(themeKey) ?? ''
    // What is kept may be anything, which no option has.
    if (select.selectedIndex === -1) select.value = ''
    apply(select.value)
  }

  select.addEventListener('change', () => {
    apply(select.value)
    if (select.value === '') lastingStorage.remove(themeKey)
    else lastingStorage.write(themeKey, select.value)
  })
  window.addEventListener('storage', ({ key }) => {
    if (key === themeKey || key === null) showKept()
  })
  // A page brought back as it was left has heard of nothing meanwhile.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) showKept()
  })
  showKept()
  requireElement('#themes', HTMLElement).hidden = false
}

/** @param theme empty for the device's own */
function apply(theme: string): void {
  const { dataset } = document.documentElement
  if (theme === '') delete dataset.theme
  else dataset.theme = theme
  // The browser's own bars go with the page; what is first in it is for dark, and what follows for the rest.
  const dark = requireElement('meta[name=theme-color]', HTMLMetaElement)
  if (theme === '') dark.media = '(prefers-color-scheme:dark)'
  else dark.media = theme === 'dark' ? 'all' : 'not all'
}
