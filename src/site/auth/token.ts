/** Reads a JSON Web Token's claims. Nothing is decided by them: the service checks the signature. */

import { findMembers } from './members.ts'

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
