/** What this tab remembers of a ride: the pick-up, and whether a unicorn was asked for. */

import { prefix } from '../lib/tab-state.ts'
import { tabStorage } from '../lib/web-storage.ts'
import type { Location } from './places.ts'

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
