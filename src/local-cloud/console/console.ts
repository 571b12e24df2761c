/** The console: what a developer looks at in place of a mailbox and of the AWS console. */

import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { toSecurityHeaders } from '../../shared/response-headers.ts'
import type { MovableClock } from '../ports.ts'
import { CognitoError } from '../user-pool/cognito-error.ts'
import { confirmByHand } from '../user-pool/operations/admin-confirm-sign-up.ts'
import { commit, type UserPool } from '../user-pool/operations/operation.ts'
import { type Page, toDocument, toInboxPage, toMessagePage, toUsersPage } from './pages.ts'

/** letters and users on one page */
const lettersShown = 100
const usersShown = 50

export interface ConsoleParts {
  readonly pool: UserPool
  /** the clock tests may move; `undefined` when nobody may */
  readonly testClock: MovableClock | undefined
}

type Handler = (request: Request, parts: ConsoleParts) => Promise<Response> | Response

const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['GET /console/', (_, { pool }) => toHtml(toInboxPage(pool.store.listLetters(lettersShown)))],
  ['GET /console/inbox.json', (_, { pool }) => toJson({ messages: toMessages(pool) })],
  ['GET /console/users', showUsers],
  ['POST /console/users/confirm', confirmUser],
  ['POST /console/clock', advanceClock],
  ['GET /console/icon.svg', () => serveFile('icon.svg', 'image/svg+xml')],
  ['GET /console/console.css', () => serveFile('console.css', 'text/css; charset=utf-8')],
  ['GET /console/console.js', serveScript],
])

/** Answers a request that the guard let in. */
export async function handleConsole(request: Request, parts: ConsoleParts): Promise<Response> {
  const { pathname } = new URL(request.url)
  if (pathname === '/console') return toRedirect('/console/')
  // Node leaves the body of an answer to HEAD away by itself.
  const method = request.method === 'HEAD' ? 'GET' : request.method
  const handler = handlers.get(`${method} ${pathname}`)
  if (!handler) return toHtml(toMessagePage({ title: 'Not found', text: pathname }), 404)
  return handler(request, parts)
}

function showUsers(request: Request, { pool }: ConsoleParts): Response {
  const after = new URL(request.url).searchParams.get('after')
  const found = pool.store.listUsers({ limit: usersShown + 1, ...(after !== null && { after }) })
  const users = found.slice(0, usersShown)
  const next = found.length > usersShown ? users.at(-1)?.username : undefined
  return toHtml(toUsersPage({ users, next }))
}

async function confirmUser(request: Request, { pool }: ConsoleParts): Promise<Response> {
  const username = new URLSearchParams(await request.text()).get('username') ?? ''
  try {
    await commit(pool, (context) => {
      confirmByHand(username, context)
      return {}
    })
  } catch (error) {
    if (!(error instanceof CognitoError)) throw error
    return toHtml(toMessagePage({ title: 'Nothing was changed', text: error.message }), 409)
  }
  return toRedirect('/console/users')
}

const clockMove = v.object({
  advanceSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(10 * 365 * 86_400)),
})

async function advanceClock(request: Request, { testClock }: ConsoleParts): Promise<Response> {
  if (!testClock) {
    const message = 'Start with --test-clock or LOCAL_CLOUD_TEST_CLOCK=1 to move the clock.'
    return toJson({ message }, 403)
  }
  const move = v.safeParse(clockMove, parseJson(await request.text()))
  if (!move.success) {
    return toJson({ message: 'Expected {"advanceSeconds": seconds}, none negative.' }, 400)
  }
  testClock.advance(move.output.advanceSeconds)
  return toJson({ now: new Date(testClock.nowMs()).toISOString() })
}

function toMessages({ store }: UserPool) {
  return store.listLetters(lettersShown).map(({ id, to, subject, text, code, sentAtMs }) => ({
    id,
    to,
    subject,
    text,
    code,
    sentAt: new Date(sentAtMs).toISOString(),
  }))
}

async function serveFile(name: string, contentType: string): Promise<Response> {
  return toText(await readSource(name), contentType)
}

async function serveScript(): Promise<Response> {
  const { transformWithOxc } = await import('vite')
  const { code } = await transformWithOxc(await readSource('browser/console.ts'), 'console.ts', {
    sourcemap: false,
  })
  return toText(code, 'text/javascript; charset=utf-8')
}

function readSource(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8')
}

function toHtml(page: Page, status = 200): Response {
  return toText(toDocument(page), 'text/html; charset=utf-8', status)
}

function toJson(value: unknown, status = 200): Response {
  return toText(JSON.stringify(value), 'application/json; charset=utf-8', status)
}

function toText(text: string, contentType: string, status = 200): Response {
  const { 'Content-Security-Policy': policy = '', ...headers } = toSecurityHeaders({ connect: [] })
  return new Response(text, {
    status,
    headers: {
      ...headers,
      // The console works without script, so its forms are real ones.
      'Content-Security-Policy': policy.replace("form-action 'none'", "form-action 'self'"),
      'Content-Type': contentType,
      'Cache-Control': 'no-store',
    },
  })
}

function toRedirect(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: path } })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
