/** Pagination tokens: where the next page of a list begins, encrypted, so that a made-up token is noticed. */

import * as v from 'valibot'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'

const paginationState = v.object({ operation: v.string(), after: v.string() })

/** @param state the operation whose list it is, and the key of the last item of this page */
export function toPaginationToken(
  state: v.InferOutput<typeof paginationState>,
  { stateCipher }: OperationContext,
): string {
  return stateCipher.encrypt('PaginationToken', state).toString('base64url')
}

/**
 * @returns the key after which the page begins; `undefined` for the first page
 * @throws {CognitoError} InvalidParameterException for a token that this operation did not give out
 */
export function parsePaginationToken(
  { operation, token }: { operation: string; token: string | undefined },
  { stateCipher }: OperationContext,
): string | undefined {
  if (token === undefined) return undefined
  const decrypted = stateCipher.decrypt('PaginationToken', Buffer.from(token, 'base64url'))
  const parsed = v.safeParse(paginationState, decrypted)
  if (parsed.success && parsed.output.operation === operation) return parsed.output.after
  throw new CognitoError('InvalidParameterException', 'Invalid pagination token.')
}
