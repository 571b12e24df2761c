/** Calls an operation with the signed-in user's access token. */

import type { JsonObject } from '../../lib/json.ts'
import { callUserPool, type ResponseBody } from '../api-client.ts'
import { AuthError } from '../auth-error.ts'
import { isSessionInvalid, readSession, refreshWithLock } from './refresh.ts'
import type { User } from './session.ts'
import { clearTokensIn, findTokensIn, tokenStorages } from './token-storage.ts'

/**
 * A token that the service rejects is refreshed once.
 *
 * @throws {AuthError} `session-ended` when this user is not signed in any more; or the operation's own errors
 */
export async function callAsUser(
  { sub }: User,
  operation: string,
  body: JsonObject = {},
): Promise<ResponseBody> {
  const session = await readSession()
  if (session?.sub !== sub) throw new AuthError('session-ended', 'this user is not signed in')
  let { accessToken } = session
  const callOnce = () => callUserPool(operation, { ...body, AccessToken: accessToken.jwt })
  try {
    return await callOnce().catch(async (error: unknown) => {
      const isTokenRejected = error instanceof AuthError && error.code === 'session-ended'
      const refreshed = isTokenRejected ? await refreshWithLock(accessToken) : undefined
      if (refreshed?.sub !== sub) throw error
      accessToken = refreshed.accessToken
      return callOnce()
    })
  } catch (error) {
    if (!(error instanceof AuthError) || !isSessionInvalid(error)) throw error
    // Only the rejected token is cleared: someone may have signed in again in another tab.
    for (const storage of tokenStorages) {
      if (findTokensIn(storage)?.accessToken === accessToken.jwt) clearTokensIn(storage)
    }
    throw new AuthError('session-ended', 'the service does not accept this session', {
      cause: error,
    })
  }
}
