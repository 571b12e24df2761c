/** A ride for the rider whose page this is: with her ID token, renewed once if the API refuses it. */

import { AuthError } from '../auth/auth-error.ts'
import { forgetSession, renewSession, type Session } from '../auth/session/session.ts'
import { type Ride, RideError, type RideRequest, requestRide } from './ride-api-client.ts'

/**
 * @throws {RideError} when the API sends no unicorn
 * @throws {AuthError} `session-ended` when it refuses a fresh token too, which is worth nothing then; or
 *   when no fresh token can be had
 */
export async function requestRideFor(
  session: Session,
  request: Omit<RideRequest, 'idToken'>,
): Promise<Ride> {
  const ask = ({ idToken }: Session) => requestRide({ ...request, idToken: idToken.jwt })
  try {
    return await ask(session)
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
  const renewed = await renewSession()
  request.signal.throwIfAborted()
  if (renewed?.sub !== session.sub) {
    throw new AuthError('session-ended', 'this rider is not signed in')
  }
  try {
    return await ask(renewed)
  } catch (error) {
    if (!isRefusal(error)) throw error
    forgetSession(session)
    throw new AuthError('session-ended', 'the ride API refuses a fresh token', { cause: error })
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof RideError && error.code === 'unauthorized'
}
