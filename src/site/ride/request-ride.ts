/** A ride for the signed-in user: with their ID token, refreshed once if the API rejects it. */

import { AuthError, clearSession, refreshSession, type Session } from '../auth/index.ts'
import { callRideApi, type Ride, RideError, type RideRequest } from './ride-api-client.ts'

/**
 * @throws {RideError} when the API sends no unicorn
 * @throws {AuthError} `session-ended` when it rejects a new token too; or when there is no new token
 */
export async function requestRide(
  session: Session,
  request: Omit<RideRequest, 'idToken'>,
): Promise<Ride> {
  const callOnce = ({ idToken }: Session) => callRideApi({ ...request, idToken: idToken.jwt })
  try {
    return await callOnce(session)
  } catch (error) {
    if (!isUnauthorized(error)) throw error
  }
  const refreshed = await refreshSession()
  request.signal.throwIfAborted()
  if (refreshed?.sub !== session.sub) {
    throw new AuthError('session-ended', 'this user is not signed in')
  }
  try {
    return await callOnce(refreshed)
  } catch (error) {
    if (!isUnauthorized(error)) throw error
    clearSession(session)
    throw new AuthError('session-ended', 'the ride API rejects a new token', { cause: error })
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof RideError && error.code === 'unauthorized'
}
