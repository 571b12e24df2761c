/** The app clients of a pool: each has its own id, secret, flows, lifetimes and permissions. */

import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { Random } from '../ports.ts'
import type { UserPoolSettings } from './settings.ts'

/** An app client of a pool. */
export interface AppClient {
  /** those of the pool, with the client's own */
  readonly settings: UserPoolSettings
  /** `undefined` for one without a secret */
  readonly clientSecret: string | undefined
  /** settings that DescribeUserPoolClient tells, and on which nothing rests here */
  readonly shown: Readonly<Record<string, unknown>>
  /** when it was made or last changed at run time; `undefined` for one as the template has it */
  readonly madeAt: { readonly createdAtMs: number; readonly modifiedAtMs: number } | undefined
}

const bodyWithClient = v.object({ ClientId: v.string() })

/** @returns the client that the body of a request names; `undefined` for a body that names none */
export function findClientId(body: unknown): string | undefined {
  const parsed = v.safeParse(bodyWithClient, body)
  return parsed.success ? parsed.output.ClientId : undefined
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

/** @returns 26 characters of `[0-9a-z]`, like the client ids of AWS */
export function createClientId(random: Random): string {
  return createText(26, random)
}

/** @returns 52 characters of `[0-9a-z]`, like the client secrets of AWS */
export function createClientSecret(random: Random): string {
  return createText(52, random)
}

/** @param length at most 60 */
function createText(length: number, random: Random): string {
  return BigInt(`0x01${random.bytes(40).toString('hex')}`)
    .toString(36)
    .slice(-length)
}
