/** What can go wrong with a ride, in a sentence. */

import { errorWords } from '#words/errors.ts'
import { rideErrorWords } from '#words/ride.ts'
import { describeError } from '../forms/error-messages.ts'
import { RideError } from './ride-api-client.ts'

export function describeRideError(error: unknown): string {
  if (!(error instanceof RideError)) return describeError(error)
  return error.origin ? errorWords.blockedOrigin(error.origin) : rideErrorWords[error.code]
}
