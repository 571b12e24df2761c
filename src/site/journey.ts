/**
 * What a rider carries from page to page in this tab: the e-mail already typed, whether to keep her signed
 * in, why she arrives, when a code may be asked for again. It never goes into a URL.
 */

import type { Location } from './ride/places.ts'
import { lastingStorage, tabStorage } from './web-storage.ts'

const prefix = 'wildrydes.'

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

/** failures in a row from which on the service makes a user wait, and its longest wait */
const freeFailures = 5
const longestWaitMs = 15 * 60_000

/**
 * Counts a refused sign-in of this name.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html
 */
export function noteFailedSignIn(name: string, nowMs: number): void {
  const { count, atMs } = readFailures(name)
  const next = nowMs - atMs < longestWaitMs ? count + 1 : 1
  tabStorage.write(`${prefix}failures.${name.toLowerCase()}`, `${next} ${nowMs}`)
}

export function forgetFailedSignIns(name: string): void {
  tabStorage.remove(`${prefix}failures.${name.toLowerCase()}`)
}

/**
 * How long the service is likely to refuse this name: it doubles with each failure. Others may have tried
 * too, so this is an estimate.
 *
 * @returns whole seconds; 0 when this tab knows of no reason to wait
 */
export function signInWaitLeft(name: string, nowMs: number): number {
  const { count, atMs } = readFailures(name)
  if (count < freeFailures) return 0
  const waitMs = Math.min(1000 * 2 ** (count - freeFailures), longestWaitMs)
  return Math.min(Math.max(Math.ceil((atMs + waitMs - nowMs) / 1000), 0), longestWaitMs / 1000)
}

function readFailures(name: string): { count: number; atMs: number } {
  const stored = tabStorage.read(`${prefix}failures.${name.toLowerCase()}`) ?? ''
  const [, count = '0', atMs = '0'] = /^(\d{1,4}) (\d{1,16})$/.exec(stored) ?? []
  return { count: Number(count), atMs: Number(atMs) }
}

/** Whose address waits to be verified: the service tells nobody, so this browser remembers. */
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

/** Remembers where this rider wants to be picked up, over a reload or a new sign-in in this tab. */
export function keepPickup(sub: string, { latitude, longitude }: Location): void {
  tabStorage.write(`${prefix}pickup`, `${sub} ${latitude} ${longitude}`)
}

export function keptPickup(sub: string): Location | undefined {
  const [owner, ...numbers] = (tabStorage.read(`${prefix}pickup`) ?? '').split(' ')
  const [latitude = Number.NaN, longitude = Number.NaN] = numbers.map(Number)
  const isOnEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
  return owner === sub && isOnEarth ? { latitude, longitude } : undefined
}

export function forgetPickup(): void {
  tabStorage.remove(`${prefix}pickup`)
}

/** Remembers that this rider has asked for a unicorn, and that no answer has come yet. */
export function noteRideAsked(sub: string): void {
  tabStorage.write(`${prefix}rideAsked`, sub)
}

/** Whether this rider left, or loaded the page anew, before an answer came; told once. */
export function takeRideAsked(sub: string): boolean {
  const isHers = tabStorage.read(`${prefix}rideAsked`) === sub
  forgetRideAsked()
  return isHers
}

export function forgetRideAsked(): void {
  tabStorage.remove(`${prefix}rideAsked`)
}

/** What the next one at this computer must neither find nor be bound by. */
export function forgetRiderChoices(): void {
  carryKeepSignedIn(false)
  forgetPickup()
  forgetRideAsked()
}
