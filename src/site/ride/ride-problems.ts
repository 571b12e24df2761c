/** What can go wrong with a ride, in a sentence. */

import { errorWords } from '#words/errors.ts'
import { rideErrorWords } from '#words/ride.ts'
import { describeError } from '../problems.ts'
import { RideError } from './ride-api.ts'

export function describeRideError(error: unknown): string {
  if (!(error instanceof RideError)) return describeError(error)
  return error.origin ? errorWords.blockedOrigin(error.origin) : rideErrorWords[error.code]
}
