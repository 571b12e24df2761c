/** What this tab remembers of a ride: the pick-up location, and a request that had no response yet. */

import { createUserValue } from '../lib/tab-state.ts'
import type { Location } from './places.ts'

const pickup = createUserValue('pickup')
const requestedRide = createUserValue('requestedRide')

/** Remembers where this user wants to be picked up, across a reload or a new sign-in in this tab. */
export function storePickup(sub: string, { latitude, longitude }: Location): void {
  pickup.write(`${sub} ${latitude} ${longitude}`)
}

export function findPickup(sub: string): Location | undefined {
  const [owner, ...numbers] = (pickup.read() ?? '').split(' ')
  const [latitude = Number.NaN, longitude = Number.NaN] = numbers.map(Number)
  const isOnEarth = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
  return owner === sub && isOnEarth ? { latitude, longitude } : undefined
}

export function clearPickup(): void {
  pickup.remove()
}

/** Remembers that this user has requested a ride, until there is a response. */
export function storeRideRequested(sub: string): void {
  requestedRide.write(sub)
}

/** Whether this user left or reloaded the page before there was a response; true once. */
export function takeRideRequested(sub: string): boolean {
  const isOwn = requestedRide.read() === sub
  clearRideRequested()
  return isOwn
}

export function clearRideRequested(): void {
  requestedRide.remove()
}
