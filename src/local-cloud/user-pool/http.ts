/**
 * The user pool as a web server: one `Request` in, one `Response` out, on the wire as Cognito's.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */

import * as v from 'valibot'
import type { Log } from '../ports.ts'
import { CognitoError } from './cognito-error.ts'
import { operations } from './operations/index.ts'
import type { UserPool } from './operations/operation.ts'

const contentType = 'application/x-amz-json-1.1'
const targetPrefix = 'AWSCognitoIdentityProviderService.'
/** levels of nesting a body may have; the deepest known operation needs 4 */
const maxDepth = 16
/** characters of a message that go into its header too: clients give up on long headers */
const maxHeaderLength = 1024
/** Neither guesses at bytes that are no text nor swallows a byte order mark, which JSON has none of. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const corsHeaders = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date',
}

/** Answers one API request. Never rejects: what nobody foresaw is an InternalErrorException. */
export async function handle(request: Request, pool: UserPool, log: Log): Promise<Response> {
  if (request.method === 'OPTIONS') return toPreflightAnswer(request)
  const startedMs = performance.now()
  const requestId = pool.random.uuid()
  const operation = toOperationName(request.headers.get('x-amz-target') ?? '')
  const { status, headers, body, ...trouble } = await answer(request, operation, pool)
  const durationMs = performance.now() - startedMs
  const atMs = pool.clock.wallClockMs()
  log.write({ atMs, operation: toLogName(operation), status, durationMs, requestId, ...trouble })
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

interface Answer {
  readonly status: number
  readonly headers?: Record<string, string>
  readonly body: string
  readonly username?: string
  readonly error?: string
  readonly detail?: string
}

async function answer(request: Request, name: string, pool: UserPool): Promise<Answer> {
  let named: { readonly username?: string } = {}
  try {
    const operation = operations.get(name)
    if (!operation) {
      throw new CognitoError('UnknownOperationException', '', {
        detail: 'not an operation of this pool; src/local-cloud/README.md tells how to add one',
      })
    }
    const body = parseBody(await request.arrayBuffer())
    named = findNamedUser(body)
    const isSigned = request.headers.get('authorization')?.startsWith('AWS4-HMAC-SHA256 ') ?? false
    const result = await operation({ body, isSigned }, pool)
    return { ...named, status: 200, body: result === undefined ? '' : JSON.stringify(result) }
  } catch (error) {
    return { ...named, ...toErrorAnswer(error) }
  }
}

const userName = v.object({ USERNAME: v.string() })
const namingBody = v.union([
  v.pipe(
    v.object({ Username: v.string() }),
    v.transform(({ Username }) => Username),
  ),
  v.pipe(
    v.object({ AuthParameters: userName }),
    v.transform(({ AuthParameters }) => AuthParameters.USERNAME),
  ),
  v.pipe(
    v.object({ ChallengeResponses: userName }),
    v.transform(({ ChallengeResponses }) => ChallengeResponses.USERNAME),
  ),
])

/** The user name that a request gives in whichever place its operation has for it. */
function findNamedUser(body: unknown): { readonly username?: string } {
  const named = v.safeParse(namingBody, body)
  return named.success ? { username: named.output } : {}
}

/** One of the program's two edges: whatever was thrown becomes Cognito's error JSON here. */
function toErrorAnswer(thrown: unknown): Answer {
  const isForeseen = thrown instanceof CognitoError
  const error = isForeseen
    ? thrown
    : new CognitoError('InternalErrorException', 'Something went wrong', {
        detail: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      })
  return {
    status: isForeseen ? 400 : 500,
    headers: {
      'x-amzn-ErrorType': `${error.type}:`,
      'x-amzn-ErrorMessage': toHeaderValue(error.message),
    },
    body: JSON.stringify({ __type: error.type, message: error.message }),
    error: `${error.type}: ${error.message}`,
    ...(error.detail !== undefined && { detail: error.detail }),
  }
}

/** @throws {CognitoError} SerializationException for anything that is not one sane JSON object */
function parseBody(bytes: ArrayBuffer): unknown {
  let text: string
  let body: unknown
  try {
    text = utf8.decode(bytes)
    body = JSON.parse(text)
  } catch (error) {
    throw unreadable(error instanceof SyntaxError ? 'not JSON' : 'not UTF-8')
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw unreadable('not a JSON object')
  }
  assertSane(body)
  // JSON.parse keeps the last of two members of one name, other readers keep the first.
  if (countMembers(body) !== countWrittenMembers(text)) throw unreadable('a member named twice')
  return body
}

/** Refuses what no store or hash should meet: endless nesting, lone surrogates, NUL. */
function assertSane(value: unknown, depth = 0): void {
  if (depth > maxDepth) throw unreadable('nested too deeply')
  if (typeof value === 'string' && (!value.isWellFormed() || value.includes('\u0000'))) {
    throw unreadable('a string with a lone surrogate or NUL')
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    assertSane(name, depth)
    assertSane(member, depth + 1)
  }
}

/** Members of `value` and of everything in it. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value).reduce((sum, member) => sum + countMembers(member), 0)
  return Array.isArray(value) ? inner : inner + Object.keys(value).length
}

/** Members as written in valid JSON: the strings before a colon. */
function countWrittenMembers(json: string): number {
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon).length
}

function unreadable(detail: string): CognitoError {
  return new CognitoError('SerializationException', 'Request body could not be read', { detail })
}

/** Header values are ISO-8859-1 without line breaks. */
function toHeaderValue(message: string): string {
  return message
    .slice(0, maxHeaderLength)
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim()
}

function toOperationName(target: string): string {
  return target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : 'none'
}

/** A name of the caller's making is not written to the log as it came. */
function toLogName(operation: string): string {
  return /^[A-Za-z]{1,60}$/.test(operation) ? operation : 'unreadable'
}

function toPreflightAnswer(request: Request): Response {
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
