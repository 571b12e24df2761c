/**
 * Flash messages: one page says on the next what has happened, once. The text itself travels, so that no page carries what
 * others have to say.
 */

import { announce } from '../lib/live-region.ts'
import { siteKeyPrefix } from '../lib/tab-state.ts'
import { tabStorage } from '../lib/web-storage.ts'

const storageKey = `${siteKeyPrefix}flashText`

/** Sets the message for the page that is opened next in this tab. */
export function setFlash(text: string): void {
  tabStorage.write(storageKey, text)
}

/** Shows the message set by the page before, if any; a reload does not show it again. */
export function showFlash(): string | undefined {
  const text = tabStorage.read(storageKey)
  tabStorage.remove(storageKey)
  if (text) announce(text)
  return text
}
