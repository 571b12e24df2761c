/** What the ride API remembers, and nothing about where. */

export interface Unicorn {
  readonly name: string
  readonly color: string
  readonly gender: 'Female' | 'Male'
}

export interface Ride {
  readonly rideId: string
  /** `sub` of whoever asked: the one claim that never changes and is never given to another */
  readonly riderSub: string
  readonly unicorn: Unicorn
  readonly pickup: {
    /** degrees, -90 to 90 */
    readonly latitude: number
    /** degrees, -180 to 180 */
    readonly longitude: number
  }
  /** milliseconds since the Unix epoch */
  readonly requestedAtMs: number
}

export interface RideStore {
  /** Keeps a ride for good. Rejects when it could not; one that exists is never overwritten. */
  recordRide(ride: Ride): Promise<void>
}
