/** The page's one live region, `#status`: tells what happened where the focus does not move. */

import { requireElement } from './elements.ts'

/** Shows `text` and has screen readers say it; an empty text clears the region. */
export function announce(text: string): void {
  setStatus(text, { isVisible: true })
}

/**
 * Has screen readers say what the page shows elsewhere. Where a visible text stands in the region already, this
 * one is visible too, so that nothing moves.
 */
export function announceToScreenReaders(text: string): void {
  const { textContent, classList } = requireElement('#status', HTMLElement)
  setStatus(text, { isVisible: textContent !== '' && !classList.contains('visually-hidden') })
}

/** Clears the region if it still says `text`. */
export function clearAnnouncement(text: string): void {
  if (requireElement('#status', HTMLElement).textContent === text) announce('')
}

function setStatus(text: string, { isVisible }: { isVisible: boolean }): void {
  const status = requireElement('#status', HTMLElement)
  status.classList.toggle('visually-hidden', !isVisible)
  if (status.textContent !== text) status.textContent = text
}
