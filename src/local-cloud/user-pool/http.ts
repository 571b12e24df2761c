/**
 * The HTTP API of the user pool, as a function from `Request` to `Response`.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */

import * as v from 'valibot'
import type { Log, TriggerCallEntry } from '../ports.ts'
import { product } from '../product.ts'
import { findClientId } from './app-clients.ts'
import { CognitoError } from './cognito-error.ts'
import type { UserPool } from './context.ts'
import { toMaskedJson, toMaskedTriggerJson } from './masked-body.ts'
import { operations } from './operations/index.ts'
import { readTriggerRequest } from './triggers/trigger-request.ts'
import type { TriggerCall } from './triggers/triggers.ts'

const contentType = 'application/x-amz-json-1.1'
const targetPrefix = 'AWSCognitoIdentityProviderService.'
/** maximum nesting of a body; the operations need 4 levels at most */
const maxDepth = 16
/** maximum characters of a message in its header; clients reject long headers */
const maxHeaderLength = 1024
/** Rejects invalid UTF-8, and keeps a byte order mark, which JSON does not allow. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const corsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
}

/** Handles one API request. Never rejects: an unexpected error becomes an InternalErrorException. */
export async function handle(request: Request, pool: UserPool, log: Log): Promise<Response> {
  if (request.method === 'OPTIONS') return toPreflightResponse(request)
  const startedMs = performance.now()
  const requestId = pool.random.uuid()
  const operation = toOperationName(request.headers.get('x-amz-target') ?? '')
  const { status, headers, body, ...logFields } = await runOperation(request, operation, pool)
  const durationMs = performance.now() - startedMs
  const atMs = pool.clock.wallClockMs()
  log.write({ atMs, operation: toLogName(operation), status, durationMs, requestId, ...logFields })
  return new Response(body, {
    status,
    headers: {
      ...corsHeaders,
      ...headers,
      'Content-Type': contentType,
      'x-amzn-RequestId': requestId,
    },
  })
}

interface OperationResponse {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body: string
  readonly username?: string
  readonly error?: string
  readonly detail?: string
  readonly requestBody?: string
  readonly responseBody?: string
  readonly triggerCalls?: readonly TriggerCallEntry[]
}

async function runOperation(
  request: Request,
  name: string,
  pool: UserPool,
): Promise<OperationResponse> {
  const calls: TriggerCallEntry[] = []
  let asked: Pick<OperationResponse, 'username' | 'requestBody' | 'triggerCalls'> = {}
  try {
    const operation = operations.get(name)
    if (!operation) {
      throw unknownOperationError(name, request)
    }
    const body = parseBody(await request.arrayBuffer())
    asked = {
      ...findUsername(body),
      requestBody: toMaskedJson(body),
      // It grows with each call.
      ...(pool.triggers && { triggerCalls: calls }),
    }
    const isSigned = request.headers.get('authorization')?.startsWith('AWS4-HMAC-SHA256 ') ?? false
    const { origin } = new URL(request.url)
    pool.throttle.assertWithinQuota(name, body)
    const client = { ...pool, clientId: findClientId(body), origin }
    const callPool = withTriggerRequest(client, { operation: name, body, calls })
    const result = await operation({ body, isSigned }, callPool)
    if (result === undefined) return { ...asked, status: 200, body: '' }
    const responseBody = toMaskedJson(result)
    return { ...asked, status: 200, body: JSON.stringify(result), responseBody }
  } catch (error) {
    return { ...asked, ...toErrorResponse(error) }
  }
}

/** The pool whose triggers know what the request is, and whose calls are written down. */
function withTriggerRequest(
  pool: UserPool,
  { operation, body, calls }: { operation: string; body: unknown; calls: TriggerCallEntry[] },
): UserPool {
  const { triggers, current, clientId } = pool
  if (!triggers) return pool
  const { settings } = current.of(clientId)
  const request = readTriggerRequest(operation, body, settings.userPoolClientId)
  const record = (call: TriggerCall) => {
    triggers.record(call)
    calls.push(toCallEntry(call))
  }
  return { ...pool, triggers: { ...triggers, request, record } }
}

function toCallEntry({
  triggerSource,
  event,
  output,
  error,
  note,
  durationMs,
}: TriggerCall): TriggerCallEntry {
  return {
    triggerSource,
    durationMs,
    event: toMaskedTriggerJson(event),
    ...(output !== undefined && { output: toMaskedTriggerJson(output) }),
    // Its stack is the detail of the request.
    ...(error && { error: error.message }),
    ...(note !== undefined && { note }),
  }
}

/** On AWS without a message; here the developer who reads it learns where to look. */
function unknownOperationError(name: string, { url }: Request): CognitoError {
  const { origin } = new URL(url)
  const isName = toLogName(name) === name
  return new CognitoError(
    'UnknownOperationException',
    isName
      ? `The local user pool has no operation ${name}. Its console shows every call: ${origin}/console/requests`
      : 'X-Amz-Target names no Cognito operation.',
    { detail: `not an operation of this pool; ${product.readme} lists them` },
  )
}

const parameters = v.object({ USERNAME: v.string() })
const bodyWithUsername = v.union([
  v.pipe(
    v.object({ Username: v.string() }),
    v.transform(({ Username }) => Username),
  ),
  v.pipe(
    v.object({ AuthParameters: parameters }),
    v.transform(({ AuthParameters }) => AuthParameters.USERNAME),
  ),
  v.pipe(
    v.object({ ChallengeResponses: parameters }),
    v.transform(({ ChallengeResponses }) => ChallengeResponses.USERNAME),
  ),
])

/** @returns the user name in a request, for the log */
function findUsername(body: unknown): { readonly username?: string } {
  const parsed = v.safeParse(bodyWithUsername, body)
  return parsed.success ? { username: parsed.output } : {}
}

/** Turns whatever an operation has thrown into Cognito's error JSON. */
function toErrorResponse(thrown: unknown): OperationResponse {
  const isExpected = thrown instanceof CognitoError
  const error = isExpected
    ? thrown
    : new CognitoError('InternalErrorException', 'Something went wrong', {
        cause: thrown,
        detail: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      })
  const body = { __type: error.type, message: error.message }
  return {
    status: isExpected ? 400 : 500,
    headers: {
      'x-amzn-ErrorType': `${error.type}:`,
      'x-amzn-ErrorMessage': toHeaderValue(error.message),
    },
    body: JSON.stringify(body),
    responseBody: toMaskedJson(body),
    error: `${error.type}: ${error.message}`,
    ...(error.detail !== undefined && { detail: error.detail }),
  }
}

/** @throws {CognitoError} SerializationException for anything but a JSON object that is safe to process */
function parseBody(bytes: ArrayBuffer): unknown {
  let text: string
  let body: unknown
  try {
    text = utf8.decode(bytes)
    body = JSON.parse(text)
  } catch (error) {
    throw unreadableBodyError(error instanceof SyntaxError ? 'not JSON' : 'not UTF-8', error)
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw unreadableBodyError('not a JSON object')
  }
  assertSafeJson(body)
  // JSON.parse keeps the last of two members with the same name, other parsers the first.
  if (countMembers(body) !== countWrittenMembers(text))
    throw unreadableBodyError('a member named twice')
  return body
}

/** Rejects deep nesting, lone surrogates and NUL, which stores and hashes treat differently. */
function assertSafeJson(value: unknown, depth = 0): void {
  if (depth > maxDepth) throw unreadableBodyError('nested too deeply')
  if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\u0000'))) {
    throw unreadableBodyError('a string with a lone surrogate or NUL')
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    assertSafeJson(name, depth)
    assertSafeJson(member, depth + 1)
  }
}

/** @returns the number of members in `value`, at any depth */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value).reduce((sum, member) => sum + countMembers(member), 0)
  return Array.isArray(value) ? inner : inner + Object.keys(value).length
}

/** @param json valid JSON; its members are the strings before a colon */
function countWrittenMembers(json: string): number {
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon).length
}

function unreadableBodyError(detail: string, cause?: unknown): CognitoError {
  return new CognitoError('SerializationException', 'Request body could not be read', {
    detail,
    cause,
  })
}

/** @returns the message as a header value: printable ASCII, without line breaks */
function toHeaderValue(message: string): string {
  return message
    .slice(0, maxHeaderLength)
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim()
}

function toOperationName(target: string): string {
  return target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : 'none'
}

/** Any text can be in `X-Amz-Target`; only one that could be an operation goes to the log. */
function toLogName(operation: string): string {
  return /^[A-Za-z]{1,60}$/.test(operation) ? operation : 'unreadable'
}

function toPreflightResponse(request: Request): Response {
  return new Response(null, {
    status: 200,
    headers: {
      ...corsHeaders,
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': request.headers.get('access-control-request-headers') ?? '',
      'Access-Control-Max-Age': '172800',
    },
  })
}
