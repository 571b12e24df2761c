/**
 * What a rider carries from page to page in this tab: the e-mail already typed, whether to keep her signed
 * in, whom a code was sent to, why she arrives. It never goes into a URL.
 */

import { tabStorage } from './web-storage.ts'

/** begins every key that is not a token's */
export const prefix = 'wildrydes.'

/** Why a page is opened, for its first words. */
export type Arrival =
  | 'code-sent'
  | 'unverified'
  | 'verified'
  | 'already-verified'
  | 'password-changed'
  | 'reset-required'
  | 'signed-out'
  | 'signed-out-everywhere'
  | 'signed-out-here-only'
  | 'session-ended'
  | 'other-rider'
  | 'account-deleted'

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

/** Why this page was opened, as it stands in storage; told once, so that a reload is quiet. */
export function takeArrival(): string {
  const arrival = tabStorage.read(`${prefix}arrival`) ?? ''
  tabStorage.remove(`${prefix}arrival`)
  return arrival
}
