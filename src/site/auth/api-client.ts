/**
 * Calls the API of the user pool that `/js/config.js` names: each call has a time limit, is aborted when it is
 * over, and fails with an `AuthError`. SRP sign-in goes through here too: the client library's own calls have no
 * time limit, and report a 502 page as a TypeError.
 */

import type { CognitoConfig } from '../../shared/site-config.ts'
import { config } from '../config.ts'
import { findBlockedOrigin } from '../lib/csp-violations.ts'
import { type JsonObject, parseJsonObject } from '../lib/json.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { NetworkError, timeLimitMs } from '../lib/network-error.ts'
import { AuthError } from './auth-error.ts'
import { updateClockSkew } from './clock-skew.ts'

export type ResponseBody = JsonObject

/** operations whose response has no body */
const emptyResponses: ReadonlySet<string> = new Set(['DeleteUser'])

/** Most calls succeed: what an error means is fetched when one comes, or just before. */
export const loadServiceErrors = lazyImport(() => import('./service-error.ts'))

/** @throws {AuthError} `not-configured` on a site without a pool */
export function requirePoolConfig(): CognitoConfig {
  if (config.kind === 'configured') return config.cognito
  throw new AuthError('not-configured', 'set cognito in /js/config.js')
}

/**
 * Calls an operation of the Cognito user pools API.
 *
 * @param options `keepalive` lets the call outlive the page
 * @throws {AuthError} and nothing else
 */
export async function callUserPool(
  operation: string,
  body: JsonObject,
  { keepalive = false }: { readonly keepalive?: boolean } = {},
): Promise<ResponseBody> {
  const { endpoint } = requirePoolConfig()
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
      // No pool redirects. A page that followed would call a host that nobody has named.
      redirect: 'manual',
      keepalive,
      signal: abort.signal,
    })
    updateClockSkew(response.headers.get('Date'))
    return await parseResponse(operation, response)
  } catch (error) {
    if (error instanceof AuthError) throw error
    throw await explainFetchFailure(error, { endpoint, isTimeout: abort.signal.aborted })
  } finally {
    clearTimeout(timer)
  }
}

/** The same for an operation that names the app client. */
export function callAsClient(
  operation: string,
  body: JsonObject,
  options?: { readonly keepalive?: boolean },
): Promise<ResponseBody> {
  return callUserPool(
    operation,
    { ClientId: requirePoolConfig().userPoolClientId, ...body },
    options,
  )
}

async function parseResponse(operation: string, response: Response): Promise<ResponseBody> {
  const { status } = response
  const text = await response.text()
  const body = text === '' && emptyResponses.has(operation) ? {} : parseJsonObject(text)
  if (status === 200 && body) return body
  const isRedirect = response.type === 'opaqueredirect'
  const { readErrorResponse } = await fetchServiceErrors()
  throw await readErrorResponse({ operation, status, isRedirect, body })
}

/** @throws {AuthError} `network` and the like: without its tables the error cannot be told, and the call can be made again */
export async function fetchServiceErrors(): ReturnType<typeof loadServiceErrors> {
  try {
    return await loadServiceErrors()
  } catch (cause) {
    if (!(cause instanceof NetworkError)) throw cause
    throw new AuthError(cause.code, 'the service answered with an error', { cause })
  }
}

async function explainFetchFailure(
  cause: unknown,
  { endpoint, isTimeout }: { endpoint: string; isTimeout: boolean },
): Promise<AuthError> {
  if (isTimeout) return new AuthError('timeout', `no response within ${timeLimitMs} ms`, { cause })
  if (!navigator.onLine) return new AuthError('offline', 'there is no network', { cause })
  const origin = await findBlockedOrigin(endpoint, 'connect-src')
  return origin
    ? new AuthError({ code: 'blocked-by-csp', origin }, `connect-src leaves ${origin} out`, {
        cause,
      })
    : new AuthError('network', 'the request did not get through', { cause })
}
