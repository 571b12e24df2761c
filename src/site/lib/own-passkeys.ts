/**
 * Which passkeys were made in this browser, on this device: the service does not know. Kept in local storage, by the
 * beginnings of their ids, which tell one from another and are of no use to anybody.
 */

import { siteKeyPrefix } from './tab-state.ts'
import { persistentStorage } from './web-storage.ts'

const storageKey = `${siteKeyPrefix}ownPasskeys`
/** nobody can have more */
const limit = 20

/** @param id base64url */
export function rememberOwnPasskey(id: string): void {
  persistentStorage.write(storageKey, [toStart(id), ...readStarts()].slice(0, limit).join(' '))
}

/** @param ids base64url: of passkeys that are gone */
export function forgetOwnPasskeys(ids: readonly string[]): void {
  const gone = ids.map(toStart)
  const left = readStarts().filter((start) => !gone.includes(start))
  if (left.length > 0) persistentStorage.write(storageKey, left.join(' '))
  else persistentStorage.remove(storageKey)
}

/** @param id base64url */
export function isOwnPasskey(id: string): boolean {
  return readStarts().includes(toStart(id))
}

function readStarts(): readonly string[] {
  return persistentStorage.read(storageKey)?.split(' ') ?? []
}

function toStart(id: string): string {
  return id.slice(0, 8)
}
