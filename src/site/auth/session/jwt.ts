/** Reads tokens, and the claims in them. Nothing is decided by those: the service checks the signature. */

import { findMembers } from '../../lib/json.ts'
import { AuthError } from '../auth-error.ts'
import type { Tokens } from './token-storage.ts'

export interface Token {
  readonly jwt: string
  readonly claims: Readonly<Record<string, unknown>>
  /** seconds since the Unix epoch, by the service's clock */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** @returns `undefined` for anything that is not a JWT with `iat` and `exp` */
export function parseToken(jwt: string): Token | undefined {
  const claims = parseClaims(jwt.split('.')[1] ?? '')
  const issuedAt = claims?.iat
  const expiresAt = claims?.exp
  if (!claims || typeof issuedAt !== 'number' || typeof expiresAt !== 'number') return undefined
  return { jwt, claims, issuedAt, expiresAt }
}

function parseClaims(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const binary = atob(part.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return findMembers(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (error) {
    // Not base64, or not JSON: stored text that someone or something has damaged.
    if (error instanceof SyntaxError || error instanceof DOMException) return undefined
    throw error
  }
}

/**
 * @param result the AuthenticationResult of an answer
 * @param refreshToken stands in for one that the answer leaves out
 * @throws {AuthError} `service-unavailable` for an answer without tokens
 */
export function parseTokens(result: unknown, refreshToken?: string): Tokens {
  const { IdToken, AccessToken, RefreshToken } = findMembers(result) ?? {}
  const present = typeof RefreshToken === 'string' ? RefreshToken : refreshToken
  if (typeof IdToken !== 'string' || typeof AccessToken !== 'string' || present === undefined) {
    throw new AuthError('service-unavailable', 'expected tokens, got an answer without them')
  }
  return { idToken: IdToken, accessToken: AccessToken, refreshToken: present }
}

/**
 * @returns seconds this device's clock is ahead of the service's, which has just issued the token
 * @throws {AuthError} `service-unavailable` for a token that cannot be read
 */
export function measureDrift(idToken: string): number {
  const parsed = parseToken(idToken)
  if (!parsed) throw new AuthError('service-unavailable', 'expected tokens that can be read')
  return Math.floor(Date.now() / 1000) - parsed.issuedAt
}
