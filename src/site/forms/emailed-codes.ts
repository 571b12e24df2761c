/**
 * Whether an email with a code is on its way: what for, to whom, and since when. All tabs of this browser share it, for
 * a day; where the browser refuses to store it for all of them, each tab knows its own.
 */

import { toShortHash } from '../lib/short-hash.ts'
import { siteKeyPrefix } from '../lib/tab-state.ts'
import { persistentStorage, tabStorage } from '../lib/web-storage.ts'

export interface EmailedCode {
  readonly purpose: 'sign-up' | 'sign-in' | 'reset' | 'new-email'
  /** the address; for a new one the `sub` of its account */
  readonly to: string
}

/** seconds between two requests for a code */
export const resendCooldownSeconds = 30

/** milliseconds; the code that lives longest lives as long */
const lifetimeMs = 24 * 60 * 60_000

const codeKeyPrefix = `${siteKeyPrefix}code.`
const waitingAddressKey = `${siteKeyPrefix}waitingAddress`
/** written and removed at once: other tabs get the event */
const verifiedKey = `${siteKeyPrefix}verified`

/** A code was requested just now. */
export function noteCodeSent(code: EmailedCode): void {
  for (const storage of [persistentStorage, tabStorage]) {
    for (const key of storage.keys()) {
      if (key.startsWith(codeKeyPrefix) && !readEntry(key)) storage.remove(key)
    }
  }
  writeEntry(toKey(code), '')
}

export function isCodeOnItsWay(code: EmailedCode): boolean {
  return readEntry(toKey(code)) !== undefined
}

/** The code was used, or is not wanted any more. */
export function forgetCode(code: EmailedCode): void {
  removeEntry(toKey(code))
}

/** @returns whole seconds until this code may be requested again; 0 when it may be now */
export function resendSecondsLeft(code: EmailedCode): number {
  const ageMs = readEntry(toKey(code))?.ageMs ?? lifetimeMs
  return Math.max(Math.ceil(resendCooldownSeconds - ageMs / 1000), 0)
}

/**
 * Remembers the one address that waits for verification for certain: this browser registered it, or its password has
 * just been right.
 */
export function setWaitingAddress(address: string): void {
  writeEntry(waitingAddressKey, address)
}

export function getWaitingAddress(): string | undefined {
  return readEntry(waitingAddressKey)?.text
}

export function isWaiting(address: string): boolean {
  return getWaitingAddress()?.toLowerCase() === address.toLowerCase()
}

/** An address waits no more: tells the other tabs. */
export function reportVerified(address: string): void {
  forgetCode({ purpose: 'sign-up', to: address })
  if (isWaiting(address)) removeEntry(waitingAddressKey)
  persistentStorage.write(verifiedKey, address)
  persistentStorage.remove(verifiedKey)
}

/** Calls `listener` with each address that another tab has verified. */
export function onVerified(listener: (address: string) => void): void {
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === verifiedKey && newValue !== null) listener(newValue)
  })
}

/** Addresses stand in no key. */
function toKey({ purpose, to }: EmailedCode): string {
  return `${codeKeyPrefix}${purpose}.${toShortHash(to)}`
}

/** @returns `undefined` also for an entry that is too old, or of a time that has not come */
function readEntry(key: string): { readonly ageMs: number; readonly text: string } | undefined {
  const stored = persistentStorage.read(key) ?? tabStorage.read(key) ?? ''
  const [, writtenAtMs, text] = /^(\d{1,16}) (.*)$/.exec(stored) ?? []
  if (writtenAtMs === undefined || text === undefined) return undefined
  const ageMs = Date.now() - Number(writtenAtMs)
  return ageMs >= 0 && ageMs < lifetimeMs ? { ageMs, text } : undefined
}

function writeEntry(key: string, text: string): void {
  const entry = `${Date.now()} ${text}`
  if (!persistentStorage.write(key, entry)) tabStorage.write(key, entry)
}

function removeEntry(key: string): void {
  for (const storage of [persistentStorage, tabStorage]) storage.remove(key)
}
