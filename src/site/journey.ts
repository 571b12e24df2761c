/**
 * What a rider carries from page to page in this tab: the e-mail already typed, whether to keep her signed
 * in, why she arrives, when a code may be asked for again. It never goes into a URL.
 */

import { tabStorage } from './web-storage.ts'

/** begins every key that is not a token's */
export const prefix = 'wildrydes.'

/** Why a page is opened, for its first words. */
const arrivals = [
  'code-sent',
  'unverified',
  'verified',
  'already-verified',
  'password-changed',
  'reset-required',
  'signed-out',
  'signed-out-everywhere',
  'signed-out-here-only',
  'session-ended',
  'other-rider',
  'account-deleted',
] as const
export type Arrival = (typeof arrivals)[number]

/** seconds between two requests for a new code */
export const resendWaitSeconds = 30

export function carryEmail(email: string): void {
  tabStorage.write(`${prefix}email`, email)
}

export function carriedEmail(): string {
  return tabStorage.read(`${prefix}email`) ?? ''
}

export function carryKeepSignedIn(keeps: boolean): void {
  tabStorage.write(`${prefix}keepSignedIn`, String(keeps))
}

export function carriedKeepSignedIn(): boolean {
  return tabStorage.read(`${prefix}keepSignedIn`) === 'true'
}

/** Remembers whom a sign-up code was sent to, so that nobody is told of a letter that does not exist. */
export function noteCodeSent(email: string): void {
  tabStorage.write(`${prefix}codeSentTo`, email)
}

export function codeSentTo(): string {
  return tabStorage.read(`${prefix}codeSentTo`) ?? ''
}

/** Says why the page opened next is opened. */
export function announceArrival(arrival: Arrival): void {
  tabStorage.write(`${prefix}arrival`, arrival)
}

/** Why this page was opened; told once, so that a reload is quiet. */
export function takeArrival(): Arrival | undefined {
  const stored = tabStorage.read(`${prefix}arrival`)
  tabStorage.remove(`${prefix}arrival`)
  return arrivals.find((arrival) => arrival === stored)
}

export function startResendWait(nowMs: number): void {
  tabStorage.write(`${prefix}resendAt`, String(nowMs + resendWaitSeconds * 1000))
}

/** @returns whole seconds until a code may be asked for again; 0 when it may be now */
export function resendWaitLeft(nowMs: number): number {
  const readyAtMs = Number(tabStorage.read(`${prefix}resendAt`))
  const leftSeconds = Math.ceil((readyAtMs - nowMs) / 1000)
  // A clock that was set back must not make the wait longer than it ever is.
  return leftSeconds > 0 ? Math.min(leftSeconds, resendWaitSeconds) : 0
}
