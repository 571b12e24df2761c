/** The data of the ride API, and the contract of its store. */

export interface Unicorn {
  readonly name: string
  readonly color: string
  readonly gender: 'Female' | 'Male'
}

export interface Ride {
  readonly rideId: string
  /** `sub` of the rider's token: the only claim that never changes and is never reused */
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
  /** Stores a ride. Rejects when it could not be stored; never overwrites an existing one. */
  recordRide(ride: Ride): Promise<void>
}
