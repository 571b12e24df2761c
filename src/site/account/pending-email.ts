/**
 * The address that waits to be verified: the service does not tell, so this browser remembers it for as long as the session.
 * That one waits at all, it remembers for a day, without the address.
 */

import type { Session } from '../auth/index.ts'
import {
  type EmailedCode,
  forgetCode,
  isCodeOnItsWay,
  noteCodeSent,
} from '../forms/emailed-codes.ts'
import { siteKeyPrefix } from '../lib/tab-state.ts'
import { persistentStorage, tabStorage } from '../lib/web-storage.ts'

/** A code was sent to the address just now. */
export function setPendingEmail(
  { sub, isPersistent }: Pick<Session, 'sub' | 'isPersistent'>,
  email: string,
): void {
  clearPendingEmail(sub)
  const storage = isPersistent ? persistentStorage : tabStorage
  storage.write(storageKey(sub), email)
  noteCodeSent(newEmailCode(sub))
}

/** @returns an empty text when an address waits that is not known any more */
export function getPendingEmail(sub: string): string | undefined {
  const email = tabStorage.read(storageKey(sub)) ?? persistentStorage.read(storageKey(sub))
  return email ?? (isCodeOnItsWay(newEmailCode(sub)) ? '' : undefined)
}

export function clearPendingEmail(sub: string): void {
  for (const storage of [tabStorage, persistentStorage]) storage.remove(storageKey(sub))
  forgetCode(newEmailCode(sub))
}

export function newEmailCode(sub: string): EmailedCode {
  return { purpose: 'new-email', to: sub }
}

function storageKey(sub: string): string {
  return `${siteKeyPrefix}pendingEmail.${sub}`
}
