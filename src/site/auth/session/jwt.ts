/** Parses JWTs. The claims decide nothing here: only the service verifies signatures. */

import { parseJsonObject } from '../../lib/json.ts'

export interface Jwt {
  /** compact serialization */
  readonly jwt: string
  readonly claims: Readonly<Record<string, unknown>>
  /** `iat`, seconds since the Unix epoch, by the service's clock */
  readonly issuedAt: number
  /** `exp`, the same */
  readonly expiresAt: number
}

/** @returns `undefined` for anything that is not a JWT with `iat` and `exp` */
export function parseJwt(jwt: string): Jwt | undefined {
  const claims = parseClaims(jwt.split('.')[1] ?? '')
  const issuedAt = claims?.iat
  const expiresAt = claims?.exp
  if (!claims || typeof issuedAt !== 'number' || typeof expiresAt !== 'number') return undefined
  return { jwt, claims, issuedAt, expiresAt }
}

function parseClaims(base64Url: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const binary = atob(base64Url.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return parseJsonObject(new TextDecoder().decode(bytes))
  } catch (error) {
    // Stored text that is damaged: not base64.
    if (error instanceof DOMException) return undefined
    throw error
  }
}
