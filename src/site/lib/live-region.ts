/** The page's one live region, `#status`: tells what happened where the focus does not move. */

import { requireElement } from './elements.ts'

/** Shows `text` and has screen readers say it; an empty text clears the region. */
export function announce(text: string): void {
  setStatus(text, 'page')
}

/** The same for what comes without a press: it stands over the page, so that nothing moves under the pointer. */
export function announceOverPage(text: string): void {
  setStatus(text, isVisible() ? 'same' : 'over-page')
}

/**
 * Has screen readers say what the page shows elsewhere. Where a visible text stands in the region already, this
 * one is visible too, so that nothing moves.
 */
export function announceToScreenReaders(text: string): void {
  setStatus(text, isVisible() ? 'same' : 'unseen')
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

function isVisible(): boolean {
  const { textContent, classList } = findStatus()
  return textContent !== '' && !classList.contains('visually-hidden')
}

/** @param place `same` is where the text stands that this one replaces */
function setStatus(text: string, place: 'page' | 'over-page' | 'unseen' | 'same'): void {
  const status = findStatus()
  const { classList, style } = status
  // A shorter text leaves the room of a longer one: what is below stays where it is.
  style.minBlockSize =
    text !== '' && isVisible() ? `${status.getBoundingClientRect().height}px` : ''
  classList.remove('scrolls')
  if (place !== 'same') {
    classList.toggle('visually-hidden', place === 'unseen')
    classList.toggle('floats', place === 'over-page')
  }
  if (status.textContent !== text) status.textContent = text
}
