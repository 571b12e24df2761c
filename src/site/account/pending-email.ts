/** The new address that waits to be verified: the service does not tell, so this browser remembers it. */

import type { Session } from '../auth/index.ts'
import { siteKeyPrefix } from '../lib/tab-state.ts'
import { persistentStorage, tabStorage } from '../lib/web-storage.ts'

/** Remembers the address for as long as the session. */
export function setPendingEmail(
  { sub, isPersistent }: Pick<Session, 'sub' | 'isPersistent'>,
  email: string,
): void {
  clearPendingEmail(sub)
  const storage = isPersistent ? persistentStorage : tabStorage
  storage.write(storageKey(sub), email)
}

export function getPendingEmail(sub: string): string | undefined {
  return tabStorage.read(storageKey(sub)) ?? persistentStorage.read(storageKey(sub))
}

export function clearPendingEmail(sub: string): void {
  for (const storage of [tabStorage, persistentStorage]) storage.remove(storageKey(sub))
}

function storageKey(sub: string): string {
  return `${siteKeyPrefix}pendingEmail.${sub}`
}
