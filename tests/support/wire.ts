/** Requests and answers of the API as tests see them. */

import * as v from 'valibot'
import { expect } from 'vitest'
import type { CognitoErrorType } from '../../src/local-cloud/user-pool/cognito-error.ts'
import type { UserPool } from '../../src/local-cloud/user-pool/context.ts'

export const contentType = 'application/x-amz-json-1.1'
export const targetPrefix = 'AWSCognitoIdentityProviderService.'

/** What AWS tools put into `Authorization`; locally its presence is what counts. */
export const signature =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/cognito-idp/aws4_request, SignedHeaders=host;x-amz-date, Signature=0'

/** A pool with a door, whether there is a socket behind it or not. */
export interface CallablePool extends UserPool {
  /** Calls an operation as any client would; `signed` as AWS tools with credentials do. */
  call(operation: string, body: unknown, options?: { signed?: boolean }): Promise<Answer>
}

export type JsonObject = Readonly<Record<string, unknown>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** empty when `text` is no JSON object */
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

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const { status, headers } = response
  return { status, headers, text, body: v.parse(jsonObject, text) }
}

export function expectSuccess(answer: Answer): void {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 200 })
}

export interface Refusal {
  readonly type: CognitoErrorType
  readonly message: string
}

/** Holds an answer against the exact `__type` and `message`. */
export function expectRefusal({ status, body }: Answer, { type, message }: Refusal): void {
  expect({ status, body }).toEqual({ status: 400, body: { __type: type, message } })
}
