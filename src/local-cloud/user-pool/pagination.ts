/**
 * Lists in pages. The token that leads to the next page says where it begins, encrypted, so that a made-up one is
 * noticed.
 */

import * as v from 'valibot'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'

/** maximum and default of Limit */
export const maxPageSize = 60

const paginationState = v.object({ operation: v.string(), after: v.string() })

/** What a list asks its store for. */
export interface Page {
  /** whose list it is: its tokens lead to pages of no other */
  readonly operation: string
  /** one more than the page has, which tells whether there is another */
  readonly limit: number
  /** key of the last item of the page before; `undefined` for the first page */
  readonly after: string | undefined
}

/**
 * @param limit of the request; 0 or `undefined` is the default
 * @param token of the request; `undefined` for the first page
 * @throws {CognitoError} InvalidParameterException for a token that this operation did not give out
 */
export function readPage(
  request: { operation: string; limit: number | undefined; token: string | undefined },
  context: OperationContext,
): Page {
  const { operation, limit, token } = request
  return {
    operation,
    limit: (limit || maxPageSize) + 1,
    after: token === undefined ? undefined : parseToken({ operation, token }, context),
  }
}

/**
 * @param found at most `page.limit` items
 * @param toKey gives what the store orders the items by
 * @returns the items of the page, and the token of the next one if there is one
 */
export function toPage<Item>(
  { operation, limit }: Page,
  found: readonly Item[],
  toKey: (item: Item) => string,
  { stateCipher }: OperationContext,
): { readonly items: readonly Item[]; readonly token: string | undefined } {
  const items = found.slice(0, limit - 1)
  const last = items.at(-1)
  if (found.length < limit || last === undefined) return { items, token: undefined }
  const state: v.InferOutput<typeof paginationState> = { operation, after: toKey(last) }
  return { items, token: stateCipher.encrypt('PaginationToken', state).toString('base64url') }
}

function parseToken(
  { operation, token }: { operation: string; token: string },
  { stateCipher }: OperationContext,
): string {
  const decrypted = stateCipher.decrypt('PaginationToken', Buffer.from(token, 'base64url'))
  const parsed = v.safeParse(paginationState, decrypted)
  if (parsed.success && parsed.output.operation === operation) return parsed.output.after
  throw new CognitoError('InvalidParameterException', 'Invalid pagination token.')
}
