import { UserPoolId } from './users.ts'
import type { Answer, CallablePool, JsonObject } from './wire.ts'

/** Calls an operation of the pool's owner on this pool, signed as AWS tools do. */
export function callAsOwner(
  pool: CallablePool,
  operation: string,
  body: JsonObject = {},
): Promise<Answer> {
  return pool.call(operation, { UserPoolId, ...body }, { signed: true })
}
