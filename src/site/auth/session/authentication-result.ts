/** The AuthenticationResult of a response: new tokens. */

import { toJsonObject } from '../../lib/json.ts'
import { AuthError } from '../auth-error.ts'
import { parseJwt } from './jwt.ts'
import type { Tokens } from './token-storage.ts'

export interface NewTokens extends Tokens {
  /** seconds that this device's clock is ahead of the service's, which has just issued the tokens */
  readonly clockSkew: number
}

/**
 * @param refreshToken counts where the response has none
 * @throws {AuthError} `service-unavailable` for a result without tokens that can be read
 */
export function parseAuthenticationResult(result: unknown, refreshToken?: string): NewTokens {
  const { IdToken, AccessToken, RefreshToken } = toJsonObject(result) ?? {}
  const currentRefreshToken = typeof RefreshToken === 'string' ? RefreshToken : refreshToken
  if (
    typeof IdToken !== 'string' ||
    typeof AccessToken !== 'string' ||
    currentRefreshToken === undefined
  ) {
    throw new AuthError('service-unavailable', 'expected tokens, got a response without them')
  }
  const parsed = parseJwt(IdToken)
  if (!parsed) throw new AuthError('service-unavailable', 'expected an ID token that can be read')
  return {
    idToken: IdToken,
    accessToken: AccessToken,
    refreshToken: currentRefreshToken,
    clockSkew: Math.floor(Date.now() / 1000) - parsed.issuedAt,
  }
}
