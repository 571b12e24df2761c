import type { ApiResponse, CallablePool, JsonObject } from './cognito-api.ts'
import { UserPoolId } from './users.ts'

/** Calls an operation on this pool with an AWS signature, as an IAM caller does. */
export function callWithIam(
  pool: CallablePool,
  operation: string,
  body: JsonObject = {},
): Promise<ApiResponse> {
  return pool.call(operation, { UserPoolId, ...body }, { signed: true })
}
