/** The app clients of a pool: each has its own id, secret, flows, lifetimes and permissions. */

import { createHash } from 'node:crypto'
import { decodeJwt, errors } from 'jose'
import * as v from 'valibot'
import type { UserPool } from './context.ts'

/**
 * The pool as the client of a request sees it. Which client that is, the request says by its ClientId, or by the access token
 * it carries: `client_id` is part of what the token's signature proves.
 *
 * @returns the pool with its first client for a request that names none, or one that there is not
 */
export function selectClient(pool: UserPool, body: unknown): UserPool {
  const [, ...others] = pool.clients
  if (others.length === 0) return pool
  const clientId = findClientId(body)
  const client = others.find(({ settings }) => settings.userPoolClientId === clientId)
  return client ? { ...pool, ...client } : pool
}

const bodyWithClient = v.object({
  ClientId: v.optional(v.string()),
  AccessToken: v.optional(v.string()),
})

function findClientId(body: unknown): unknown {
  const parsed = v.safeParse(bodyWithClient, body)
  if (!parsed.success) return undefined
  const { ClientId, AccessToken } = parsed.output
  return ClientId ?? (AccessToken === undefined ? undefined : readClientId(AccessToken))
}

function readClientId(accessToken: string): unknown {
  try {
    return decodeJwt(accessToken).client_id
  } catch (error) {
    // The operation says what is wrong with the token.
    if (error instanceof errors.JWTInvalid) return undefined
    throw error
  }
}

/**
 * @param logicalId of the client in its template
 * @returns 26 characters of `[0-9a-z]`, as client ids of AWS have; always the same for one name
 */
export function toClientId(logicalId: string): string {
  const name = logicalId.toLowerCase().replace(/[^0-9a-z]/g, '')
  const digest = createHash('sha256').update(logicalId).digest('hex')
  return `${name.slice(0, 14)}${digest}`.slice(0, 26)
}
