/** The page's one live region: what happened that does not take the focus. */

import { requireElement } from './elements.ts'

/** Shows `text` and has it read out; an empty text clears the line. */
export function announce(text: string): void {
  setStatus(text, { isSeen: true })
}

/** Has `text` read out where the page shows it already; it takes the place of news that are seen, so nothing moves. */
export function readOut(text: string): void {
  const { textContent, classList } = requireElement('#status', HTMLElement)
  setStatus(text, { isSeen: textContent !== '' && !classList.contains('visually-hidden') })
}

/** Clears the line if it still says what was read out; news of others stays. */
export function endReadOut(text: string): void {
  if (requireElement('#status', HTMLElement).textContent === text) announce('')
}

function setStatus(text: string, { isSeen }: { isSeen: boolean }): void {
  const status = requireElement('#status', HTMLElement)
  status.classList.toggle('visually-hidden', !isSeen)
  if (status.textContent !== text) status.textContent = text
}
