/**
 * One call to the user pool's API: with a time limit, aborted when it is over, and every failure an
 * `AuthError`. The client library's own calls go through here too, because it has no time limit and
 * reports a 502 page as a TypeError.
 */

import { findBlockedOrigin } from '../lib/csp-violations.ts'
import { parseMembers } from '../lib/json.ts'
import { timeLimitMs } from '../lib/lazy-import.ts'
import { AuthError } from './auth-error.ts'
import { noteServiceDate } from './clock-skew.ts'
import { toAuthError } from './service-error.ts'

/** The members of an answer. */
export type Answer = Readonly<Record<string, unknown>>

export type Call = (
  operation: string,
  body: unknown,
  options?: { readonly keepalive?: boolean },
) => Promise<Answer>

/** Operations that answer with an empty body. */
const answersNothing: ReadonlySet<string> = new Set(['DeleteUser'])

/**
 * @param endpoint URL of the user pool's API
 * @returns a function that resolves to the answer's members, and rejects with `AuthError` only
 */
export function createCall(endpoint: string): Call {
  return async (operation, body, { keepalive = false } = {}) => {
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), timeLimitMs)
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-amz-json-1.1',
          'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
        },
        body: JSON.stringify(body),
        credentials: 'omit',
        keepalive,
        signal: abort.signal,
      })
      noteServiceDate(response.headers.get('Date'))
      return readAnswer(operation, response.status, await response.text())
    } catch (error) {
      if (error instanceof AuthError) throw error
      throw await toNetworkError(error, { endpoint, isTimeout: abort.signal.aborted })
    } finally {
      clearTimeout(timer)
    }
  }
}

function readAnswer(operation: string, status: number, text: string): Answer {
  const body = text === '' && answersNothing.has(operation) ? {} : parseMembers(text)
  if (status === 200 && body) return body
  const type = body?.__type ?? body?.code
  if (typeof type !== 'string') {
    throw new AuthError(
      'service-unavailable',
      `expected JSON, got status ${status} with other content`,
    )
  }
  const message = body?.message ?? body?.Message
  throw toAuthError({
    type: type.replace(/^.*#/, ''),
    message: typeof message === 'string' ? message : '',
    status,
  })
}

async function toNetworkError(
  cause: unknown,
  { endpoint, isTimeout }: { endpoint: string; isTimeout: boolean },
): Promise<AuthError> {
  if (isTimeout) return new AuthError('timeout', `no answer within ${timeLimitMs} ms`, { cause })
  if (!navigator.onLine) return new AuthError('offline', 'there is no network', { cause })
  const origin = await findBlockedOrigin(endpoint, 'connect-src')
  return origin
    ? new AuthError('blocked-by-policy', `connect-src leaves ${origin} out`, { cause, origin })
    : new AuthError('network', 'the request did not get through', { cause })
}
