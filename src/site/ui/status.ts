/** The page's one live region: what happened that does not take the focus. */

import { requireElement } from './elements.ts'

/** Shows `text` and has it read out; an empty text clears the line. */
export function announce(text: string): void {
  const status = requireElement('#status', HTMLElement)
  if (status.textContent !== text) status.textContent = text
}

/** Announces `text` if the line still says `former`, so that news of others is not wiped out. */
export function replaceStatus(former: string, text: string): void {
  if (requireElement('#status', HTMLElement).textContent === former) announce(text)
}
