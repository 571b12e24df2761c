/** Requests and responses of the Cognito API. */

import * as v from 'valibot'
import { expect } from 'vitest'
import type { CognitoErrorType } from '../../src/local-cloud/user-pool/cognito-error.ts'
import type { UserPool } from '../../src/local-cloud/user-pool/context.ts'

export const contentType = 'application/x-amz-json-1.1'
export const targetPrefix = 'AWSCognitoIdentityProviderService.'

/** An `Authorization` header as AWS tools send it; the local pool checks only that it is there. */
export const signature =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/cognito-idp/aws4_request, SignedHeaders=host;x-amz-date, Signature=0'

/** A pool that can be called, over a socket or directly. */
export interface CallablePool extends UserPool {
  /** Calls an operation; `signed` with an AWS signature. */
  call(operation: string, body: unknown, options?: { signed?: boolean }): Promise<ApiResponse>
}

export type JsonObject = Readonly<Record<string, unknown>>

export interface ApiResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** empty when `text` is not a JSON object */
  readonly body: JsonObject
}

const jsonObject = v.fallback(
  v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown())),
  {},
)

export function toRequest(
  url: string,
  { operation, body, signed = false }: { operation: string; body: unknown; signed?: boolean },
): Request {
  return new Request(url, {
    method: 'POST',
    headers: {
      'Content-Type': contentType,
      'X-Amz-Target': `${targetPrefix}${operation}`,
      ...(signed && { Authorization: signature }),
    },
    body: JSON.stringify(body),
  })
}

export async function readResponse(response: Response): Promise<ApiResponse> {
  const text = await response.text()
  const { status, headers } = response
  return { status, headers, text, body: v.parse(jsonObject, text) }
}

export function expectSuccess(answer: ApiResponse): void {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 })
}

export interface ExpectedError {
  readonly type: CognitoErrorType
  readonly message: string
}

/** Asserts status 400 with exactly this `__type` and `message`. */
export function expectError({ status, body }: ApiResponse, { type, message }: ExpectedError): void {
  expect({ status, body }).toEqual({ status: 400, body: { __type: type, message } })
}
