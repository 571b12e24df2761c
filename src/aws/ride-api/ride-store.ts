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
  /** the same: from then on the store may delete it, and soon does */
  readonly expiresAtMs: number
}

/** A request to be counted. */
export interface CountedRequest {
  readonly riderSub: string
  /** whole minutes since the Unix epoch */
  readonly minute: number
  /** requests that a rider may make in a minute, at least 1 */
  readonly limit: number
}

export interface RideStore {
  /** Stores a ride. Rejects when it could not be stored; never overwrites an existing one. */
  recordRide(ride: Ride): Promise<void>
  /** Deletes every ride of this rider, however many there are. Rejects when one may be left. */
  deleteRides(riderSub: string): Promise<void>
  /**
   * Counts a request, atomically: of requests at the same time no more than the limit are counted.
   *
   * @returns false when the limit was reached before; such a request is not counted
   */
  countRequest(request: CountedRequest): Promise<boolean>
}
