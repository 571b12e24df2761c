/** The address that waits to be verified: the service tells nobody, so this browser remembers. */

import { prefix } from '../lib/tab-state.ts'
import { lastingStorage, tabStorage } from '../lib/web-storage.ts'

/** Whose address it is. */
export interface PendingEmail {
  readonly sub: string
  /** whether it outlives the tab, as the session does */
  readonly isLasting: boolean
}

export function keepPendingEmail({ sub, isLasting }: PendingEmail, email: string): void {
  forgetPendingEmail(sub)
  const storage = isLasting ? lastingStorage : tabStorage
  storage.write(`${prefix}pendingEmail.${sub}`, email)
}

export function pendingEmail(sub: string): string | undefined {
  const key = `${prefix}pendingEmail.${sub}`
  return tabStorage.read(key) ?? lastingStorage.read(key)
}

export function forgetPendingEmail(sub: string): void {
  for (const storage of [tabStorage, lastingStorage]) storage.remove(`${prefix}pendingEmail.${sub}`)
}
