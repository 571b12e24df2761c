/**
 * The theme menu in the footer: light, dark, or as the device. A choice counts in every tab and on the next visit;
 * `src/site/inline/theme-init.ts` applies it before a page is painted.
 */

import { requireElement } from '../lib/elements.ts'
import { persistentStorage } from '../lib/web-storage.ts'

/** Where web storage keeps the choice. */
export const themeKey = 'wildrydes.theme'

/** Binds the menu and shows it: without script it would do nothing. */
export function bindThemeMenu(): void {
  const select = requireElement('#theme', HTMLSelectElement)

  const showStored = () => {
    select.value = persistentStorage.read(themeKey) ?? ''
    // The stored value may be no theme.
    if (select.selectedIndex === -1) select.value = ''
    applyTheme(select.value)
  }

  select.addEventListener('change', () => {
    applyTheme(select.value)
    if (select.value === '') persistentStorage.remove(themeKey)
    else persistentStorage.write(themeKey, select.value)
  })
  window.addEventListener('storage', ({ key }) => {
    if (key === themeKey || key === null) showStored()
  })
  // Another one may have been chosen since the page was made.
  document.addEventListener('prerenderingchange', showStored)
  // The back/forward cache brings a page up as it was left.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) showStored()
  })
  showStored()
  requireElement('#themes', HTMLElement).hidden = false
}

/** @param theme empty for the device's own */
function applyTheme(theme: string): void {
  const { dataset } = document.documentElement
  if (theme === '') delete dataset.theme
  else dataset.theme = theme
  // For the browser's own bars. The first of two is for dark, the other one for the rest.
  const dark = requireElement('meta[name=theme-color]', HTMLMetaElement)
  if (theme === '') dark.media = '(prefers-color-scheme:dark)'
  else dark.media = theme === 'dark' ? 'all' : 'not all'
}
