/**
 * What this tab remembers of a ride: the pick-up location, a request that had no response yet, and an accepted ride
 * until the unicorn has arrived.
 */

import { parseJsonObject, toJsonObject } from '../lib/json.ts'
import { createUserValue } from '../lib/tab-state.ts'
import type { Location } from './places.ts'
import type { Unicorn } from './ride-api-client.ts'

/** A ride that the API has accepted: everything on the page goes by its two times. */
export interface AcceptedRide {
  readonly unicorn: Unicorn
  readonly pickup: Location
  /** milliseconds since the Unix epoch */
  readonly acceptedAtMs: number
  /** milliseconds since the Unix epoch */
  readonly arrivesAtMs: number
  /** whether the time of arrival is the API's, and can be promised */
  readonly hasEta: boolean
}

const pickup = createUserValue('pickup')
const requestedRide = createUserValue('requestedRide')
const acceptedRide = createUserValue('acceptedRide')

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

/** Remembers an accepted ride of this user. */
export function storeAcceptedRide(sub: string, ride: AcceptedRide): void {
  acceptedRide.write(JSON.stringify({ sub, ...ride }))
}

export function findAcceptedRide(sub: string): AcceptedRide | undefined {
  const stored = parseJsonObject(acceptedRide.read() ?? '')
  const { name, color } = toJsonObject(stored?.unicorn) ?? {}
  const { latitude, longitude } = toJsonObject(stored?.pickup) ?? {}
  const { acceptedAtMs, arrivesAtMs } = stored ?? {}
  if (stored?.sub !== sub || typeof name !== 'string' || typeof color !== 'string') return undefined
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined
  if (typeof acceptedAtMs !== 'number' || typeof arrivesAtMs !== 'number') return undefined
  return {
    unicorn: { name, color },
    pickup: { latitude, longitude },
    acceptedAtMs,
    arrivesAtMs,
    hasEta: stored.hasEta === true,
  }
}

export function clearAcceptedRide(): void {
  acceptedRide.remove()
}
