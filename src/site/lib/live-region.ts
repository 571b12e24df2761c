/** The page's one live region, `#status`: tells what happened where the focus does not move. */

import { requireElement } from './elements.ts'

/** Shows `text` and has screen readers say it; an empty text clears the region. */
export function announce(text: string): void {
  setStatus(text)
}

/** The same for what comes without a press: it stands over the page, so that nothing moves under the pointer. */
export function announceOverPage(text: string): void {
  setStatus(text, 'floats')
}

/** Has screen readers say what the page shows elsewhere. */
export function announceToScreenReaders(text: string): void {
  setStatus(text, 'visually-hidden')
}

/** Clears the region if it still says `text`. */
export function clearAnnouncement(text: string): void {
  if (findStatus().textContent === text) announce('')
}

/** Lets the message scroll away with the page once it covers what gets the focus. */
export function uncoverFocus({ target }: FocusEvent): void {
  // When the browser has scrolled to it.
  requestAnimationFrame(() => {
    if (!(target instanceof HTMLElement) || target.tabIndex < 0) return
    const status = findStatus()
    const isBelow = target.getBoundingClientRect().top >= status.getBoundingClientRect().bottom
    if (!isBelow) status.classList.add('scrolls')
  })
}

function findStatus(): HTMLElement {
  return requireElement('#status', HTMLElement)
}

/**
 * @param place a class for a text that takes no room. Where a text that takes some stands in the region already, this
 *   one takes its place and all of its room: nothing moves
 */
function setStatus(text: string, place = ''): void {
  const status = findStatus()
  const takesRoom = status.textContent !== '' && !status.matches('.floats, .visually-hidden')
  status.style.minBlockSize = text && takesRoom ? `${status.getBoundingClientRect().height}px` : ''
  status.className = takesRoom ? 'status' : `status ${place}`
  if (status.textContent !== text) status.textContent = text
}
