/** The console: shows a developer the inbox, the users and the requests, instead of a mailbox and the AWS console. */

import * as v from 'valibot'
import { toSecurityHeaders } from '../../shared/response-headers.ts'
import { defaultWaitMs, type Inbox, MessageTimeoutError, maxWaitMs } from '../inbox.ts'
import type { MovableClock } from '../ports.ts'
import type { RequestLog } from '../request-log.ts'
import { CognitoError } from '../user-pool/cognito-error.ts'
import type { UserPool } from '../user-pool/context.ts'
import { findActiveMessageMfa } from '../user-pool/mfa.ts'
import { operations } from '../user-pool/operations/index.ts'
import { findActiveSoftwareToken } from '../user-pool/software-token-mfa.ts'
import type { Store, User } from '../user-pool/store/store.ts'
import type { TemplateReport } from '../user-pool/template-report.ts'
import { signInName } from '../user-pool/users.ts'
import { clientsPath, toClientsPage } from './client-page.ts'
import { readConsoleFile } from './console-files.ts'
import {
  type Page,
  toCreateUserPage,
  toDocument,
  toInboxPage,
  toMessagePage,
  toRequestsPage,
  toTemplatePage,
  toUserPage,
  toUsersPage,
  toVersion,
} from './console-pages.ts'
import { groupActions, groupsPath, readGroupMembers, toGroupsPage } from './group-pages.ts'
import { toMessage, toUserJson } from './json.ts'
import { type ConsoleLook, commonFiles } from './look.ts'
import {
  passkeyRemoval,
  type UserFormAction,
  userActions,
  userFormActions,
} from './user-actions.ts'
import {
  createUserPath,
  emptyNewUser,
  readNewUser,
  toCreateUserBody,
  usesPhoneNumbers,
} from './user-forms.ts'

/** maximum number of items on a page */
const emailsShown = 100
const usersShown = 50
/** users in one answer of users.json */
const usersListed = 1000
/** more than a store keeps */
const allEmails = 10_000
const sessionsShown = 50
const requestsShown = 100
const groupsShown = 500
const groupsOnPage = 50

export interface ConsoleContext {
  readonly pool: UserPool
  readonly log: RequestLog
  /** what the pool's template asks for and does not get here */
  readonly report: TemplateReport
  /** the clock that tests may advance; `undefined` unless started with a test clock */
  readonly testClock: MovableClock | undefined
  readonly look: ConsoleLook
  readonly inbox: Inbox
  /** Empties the pool back to its seed. @returns where a copy of its data is; `undefined` for a pool in memory */
  reset(): Promise<string | undefined>
}

/** A page to be drawn in the console's look. */
interface Shown {
  readonly page: Page
  readonly status: number
}

type Reply = Response | Shown

type Handler = (request: Request, context: ConsoleContext) => Promise<Reply> | Reply

const css = 'text/css; charset=utf-8'
const javaScript = 'text/javascript; charset=utf-8'

const consoleFiles = [
  { name: 'icon.svg', contentType: 'image/svg+xml' },
  { name: 'tokens.css', contentType: css },
  { name: 'console.css', contentType: css },
  { name: 'theme.js', contentType: javaScript },
  { name: 'console.js', contentType: javaScript },
] as const

const handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  [
    'GET /console/',
    (_, { pool: { store, clock, current }, look }) => {
      const { sendsSms } = current.of(undefined).settings
      const view = { nowMs: clock.nowMs(), sendsSms, look }
      return toHtml(toInboxPage(store.listMessages(emailsShown), view))
    },
  ],
  ['GET /console/inbox.json', listMessages],
  ['GET /console/inbox/next', awaitMessage],
  ['GET /console/users.json', listUsersAsJson],
  ['POST /console/reset', resetPool],
  ['GET /console/users', showUsers],
  ['GET /console/user', showUser],
  ...userActions.map(
    ({ name, operation, body = {} }) =>
      [
        `POST /console/users/${name}`,
        createActionHandler({ name, operations: [operation], readMembers: () => body }),
      ] as const,
  ),
  ...Object.values(userFormActions).map(
    (action) => [`POST /console/users/${action.name}`, createActionHandler(action)] as const,
  ),
  [`GET ${createUserPath}`, showCreateUser],
  [`POST ${createUserPath}`, createUser],
  ['POST /console/passkeys/remove', removePasskey],
  [`GET ${groupsPath}`, showGroups],
  ...Object.values(groupActions).map(
    (action) => [`POST ${groupsPath}/${action.name}`, createGroupHandler(action)] as const,
  ),
  [`GET ${clientsPath}`, showClients],
  ['GET /console/requests', showRequests],
  ['GET /console/template', (_, { report }) => toHtml(toTemplatePage(report))],
  ['POST /console/clock', advanceClock],
  ...consoleFiles.map(
    ({ name, contentType }) =>
      [
        `GET /console/${name}`,
        (_, { look }) => serveFile(name, contentType, look),
      ] as const satisfies [string, Handler],
  ),
])

/** Responds to a request that the request guard has let in. */
export async function handleConsole(request: Request, context: ConsoleContext): Promise<Response> {
  const reply = await findReply(request, context)
  return reply instanceof Response ? reply : draw(reply, context.look)
}

function findReply(request: Request, context: ConsoleContext): Promise<Reply> | Reply {
  const { pathname } = new URL(request.url)
  if (pathname === '/console') return toRedirect('/console/')
  // Node omits the body of a response to HEAD, which takes no message out of the inbox.
  const isShown = request.method === 'HEAD' && pathname !== '/console/inbox/next'
  const method = isShown ? 'GET' : request.method
  return handlers.get(`${method} ${pathname}`)?.(request, context) ?? toPageNotFound(pathname)
}

function toPageNotFound(path: string): Shown {
  const text = `The console has no page at ${path}`
  return toHtml(toMessagePage({ title: 'Page not found', text }), 404)
}

function showUsers(request: Request, { pool, look }: ConsoleContext): Shown {
  const query = new URL(request.url).searchParams
  const after = query.get('after')
  const search = query.get('search')?.trim() ?? ''
  const page = { limit: usersShown + 1, ...(after !== null && { after }) }
  const { users: found, toKey } = findUsers(search, page, pool)
  const users = found.slice(0, usersShown)
  const [last] = users.slice(-1)
  const next = found.length > usersShown && last ? toKey(last) : undefined
  const count = pool.store.countUsers()
  const done = findDoneMessage(query)
  return toHtml(toUsersPage({ users, search, next, count, nowMs: pool.clock.nowMs(), done, look }))
}

/**
 * Finds users whose name begins with `value`; if there are none, whose email address, phone number or sub does.
 *
 * @returns `toKey`: of the last user of a page, what the next page comes after
 */
function findUsers(
  value: string,
  page: { limit: number; after?: string },
  { store }: UserPool,
): { users: readonly User[]; toKey: (user: User) => string } {
  const named = store.listUsersByName({ ...page, prefix: value })
  if (named.length > 0) return { users: named, toKey: signInName }
  const listBy = (name: string) =>
    store.listUsers({ ...page, filter: { name, match: 'starts-with', value } })
  const users = ['email', 'phone_number', 'sub'].map(listBy).find((found) => found.length > 0) ?? []
  return { users, toKey: ({ username }) => username }
}

function showUser(request: Request, context: ConsoleContext): Shown {
  const pool = { ...context.pool, ...context.pool.current.of(undefined) }
  const { store, clock } = pool
  const query = new URL(request.url).searchParams
  const user = store.findUserBySub(query.get('sub') ?? '')
  if (!user) return toUserNotFound()
  const view = {
    user,
    ...toGroups(user, store),
    sessions: store.listSessionsOf(user.sub, sessionsShown),
    softwareToken: store.findSoftwareToken(user.sub),
    passkeys: store.listWebAuthnCredentialsOf(user.sub),
    isSecondFactorOn: findActiveSoftwareToken(user, pool) !== undefined,
    isEmailMfaOn: findActiveMessageMfa(user, 'EMAIL_OTP', pool) !== undefined,
    isSmsMfaOn: findActiveMessageMfa(user, 'SMS_MFA', pool) !== undefined,
    isSecondFactorOptional: pool.settings.mfaConfiguration !== 'ON',
    usesPhoneNumbers: usesPhoneNumbers(pool.settings),
    failedSignIns: store.findRateCounter({ subject: user.sub, kind: 'SignIn' })?.count ?? 0,
    nowMs: clock.nowMs(),
    done: findDoneMessage(query),
  }
  return toHtml(toUserPage(view))
}

/** @returns the message about the action that redirected here, empty if none did */
function findDoneMessage(query: URLSearchParams): string {
  const name = query.get('done')
  const actions = [
    ...userActions,
    ...Object.values(userFormActions),
    ...Object.values(userCreation),
    passkeyRemoval,
  ]
  return actions.find((action) => action.name === name)?.done ?? ''
}

/** @returns the groups of a user, and the names of the first others */
function toGroups(user: User, { listGroups, listGroupsOf }: Store) {
  const groups = listGroupsOf(user.sub)
  const own = new Set(groups.map(({ name }) => name))
  const names = listGroups({ limit: groupsShown + own.size }).map(({ name }) => name)
  return { groups, otherGroups: names.filter((name) => !own.has(name)).slice(0, groupsShown) }
}

function toUserNotFound(): Shown {
  return toHtml(toMessagePage({ title: 'User not found', text: 'It may have been deleted.' }), 404)
}

function createActionHandler({
  name,
  operations: names,
  readMembers,
}: Pick<UserFormAction, 'name' | 'operations' | 'readMembers'>): Handler {
  return async (request, { pool }) => {
    const form = new URLSearchParams(await request.text())
    const sub = form.get('sub') ?? ''
    const user = pool.store.findUserBySub(sub)
    if (!user) return toUserNotFound()
    const { userPoolId } = pool.settings
    const body = { UserPoolId: userPoolId, Username: user.username, ...readMembers(form) }
    for (const operation of names) {
      const error = await runAsAdmin(operation, body, pool)
      if (error) {
        return toHtml(toMessagePage({ title: 'Nothing was changed', text: error.message }), 409)
      }
    }
    const isDeleted = !pool.store.findUserBySub(sub)
    return toRedirect(`/console/${isDeleted ? 'users?' : `user?sub=${sub}&`}done=${name}`)
  }
}

/**
 * The request guard has let the request in: that is all the authentication there is for IAM callers here.
 *
 * @returns why the operation rejected the body; `undefined` when it is done
 */
async function runAsAdmin(
  operation: string,
  body: object,
  pool: UserPool,
): Promise<CognitoError | undefined> {
  try {
    await operations.get(operation)?.({ body, isSigned: true }, pool)
    return undefined
  } catch (error) {
    if (error instanceof CognitoError) return error
    throw error
  }
}

/** How creating a user can end. */
const userCreation = {
  created: { name: 'create', done: 'The user is created.' },
  invited: {
    name: 'invite',
    done: 'The user is created. The invitation with the temporary password is in the inbox.',
  },
} as const

function showCreateUser(_: Request, { pool }: ConsoleContext): Shown {
  const { settings } = pool.current.of(undefined)
  return toHtml(toCreateUserPage(emptyNewUser, { settings, problem: '' }))
}

/** A form that is rejected comes back as it was sent. */
async function createUser(request: Request, { pool }: ConsoleContext): Promise<Reply> {
  const { store, current } = pool
  const { settings } = current.of(undefined)
  const newUser = readNewUser(new URLSearchParams(await request.text()))
  const [before] = store.listMessages(1)
  const body = toCreateUserBody(newUser, settings)
  const error = await runAsAdmin('AdminCreateUser', body, pool)
  if (error) {
    return toHtml(toCreateUserPage(newUser, { settings, problem: error.message }), 409)
  }
  const { sub = '' } = store.findUser(newUser.username) ?? {}
  const isInvited = store.listMessages(1)[0]?.id !== before?.id
  const { name } = isInvited ? userCreation.invited : userCreation.created
  return toRedirect(`/console/user?sub=${sub}&done=${name}`)
}

function showGroups(request: Request, { pool: { store } }: ConsoleContext): Shown {
  const query = new URL(request.url).searchParams
  const after = query.get('after') ?? undefined
  const found = store.listGroups({ limit: groupsOnPage + 1, after })
  const groups = found.slice(0, groupsOnPage)
  const next = found.length > groupsOnPage ? groups.at(-1)?.name : undefined
  const action = Object.values(groupActions).find(({ name }) => name === query.get('done'))
  return toHtml(toGroupsPage({ groups, next, done: action?.done ?? '' }))
}

function createGroupHandler({
  name,
  operation,
}: (typeof groupActions)[keyof typeof groupActions]): Handler {
  return async (request, { pool }) => {
    const members = readGroupMembers(new URLSearchParams(await request.text()))
    const body = { UserPoolId: pool.settings.userPoolId, ...members }
    const error = await runAsAdmin(operation, body, pool)
    if (!error) return toRedirect(`${groupsPath}?done=${name}`)
    const back = { path: groupsPath, label: 'Back to the groups' }
    const page = toMessagePage({ title: 'Nothing was changed', text: error.message, back })
    return toHtml(page, 409)
  }
}

function showClients(_: Request, { pool, report }: ConsoleContext): Shown {
  const { userPoolId } = pool.settings
  const view = { report, userPoolId, nowMs: pool.clock.nowMs() }
  return toHtml(toClientsPage(pool.current.clients(), view))
}

/** Cognito has no admin operation for passkeys: the console changes the store itself. */
async function removePasskey(request: Request, { pool: { store } }: ConsoleContext) {
  const form = new URLSearchParams(await request.text())
  const sub = form.get('sub') ?? ''
  if (!store.findUserBySub(sub)) return toUserNotFound()
  const credentialId = form.get('passkey') ?? ''
  if (!store.transaction(() => store.deleteWebAuthnCredential({ sub, credentialId }))) {
    const text = 'The user has no such passkey any more.'
    return toHtml(toMessagePage({ title: 'Nothing was changed', text }), 409)
  }
  return toRedirect(`/console/user?sub=${sub}&done=${passkeyRemoval.name}`)
}

function showRequests(request: Request, { log, pool, look }: ConsoleContext): Shown {
  const isFailedOnly = new URL(request.url).searchParams.has('failed')
  const entries = log.entries().filter(({ status }) => !isFailedOnly || status !== 200)
  const shown = entries.slice(0, requestsShown)
  return toHtml(
    toRequestsPage({ entries: shown, isFailedOnly, nowMs: pool.clock.wallClockMs(), look }),
  )
}

const clockChange = v.object({
  advanceSeconds: v.pipe(v.number(), v.minValue(0), v.maxValue(10 * 365 * 86_400)),
})

async function advanceClock(request: Request, { testClock }: ConsoleContext): Promise<Response> {
  if (!testClock) {
    const message = 'Start with --test-clock or LOCAL_CLOUD_TEST_CLOCK=1 to move the clock.'
    return toJson({ message }, 403)
  }
  const change = v.safeParse(clockChange, parseJson(await request.text()))
  if (!change.success) {
    return toJson({ message: 'Expected {"advanceSeconds": seconds}, none negative.' }, 400)
  }
  testClock.advance(change.output.advanceSeconds)
  return toJson({ now: new Date(testClock.nowMs()).toISOString() })
}

function listMessages(request: Request, { pool }: ConsoleContext): Response {
  const to = new URL(request.url).searchParams.get('to')?.toLowerCase()
  const messages =
    to === undefined
      ? pool.store.listMessages(emailsShown)
      : pool.store
          .listMessages(allEmails)
          .filter((message) => message.to.toLowerCase() === to)
          .slice(0, emailsShown)
  return toJson({ messages: messages.map(toMessage) })
}

/** Hands out each message once, so that it does not matter whether it has come before it was asked for. */
async function awaitMessage(request: Request, { inbox }: ConsoleContext): Promise<Response> {
  const query = new URL(request.url).searchParams
  const to = query.get('to')
  const timeoutMs = Number(query.get('timeout') ?? defaultWaitMs)
  if (!to || !(timeoutMs >= 0 && timeoutMs <= maxWaitMs)) {
    const message = `Expected ?to=ADDRESS, and &timeout= from 0 to ${maxWaitMs} milliseconds.`
    return toJson({ message }, 400)
  }
  try {
    return toJson(toMessage(await inbox.next({ to, timeoutMs, signal: request.signal })))
  } catch (error) {
    if (!(error instanceof MessageTimeoutError)) throw error
    return toJson({ message: error.message }, 404)
  }
}

function listUsersAsJson(request: Request, { pool }: ConsoleContext): Response {
  const query = new URL(request.url).searchParams
  const after = query.get('after')
  const search = query.get('search')?.trim() ?? ''
  const page = { limit: usersListed + 1, ...(after !== null && { after }) }
  const { users: found, toKey } = findUsers(search, page, pool)
  const users = found.slice(0, usersListed)
  const [last] = users.slice(-1)
  return toJson({
    users: users.map((user) => toUserJson(user, pool.store)),
    ...(found.length > usersListed && last && { next: toKey(last) }),
  })
}

async function resetPool(_: Request, { reset, pool }: ConsoleContext): Promise<Response> {
  const backup = await reset()
  return toJson({ users: pool.store.countUsers(), ...(backup !== undefined && { backup }) })
}

async function serveFile(
  name: (typeof consoleFiles)[number]['name'],
  contentType: string,
  look: ConsoleLook,
): Promise<Reply> {
  const path = { ...commonFiles, ...look.files }[name]
  if (path === undefined) return toPageNotFound(`/console/${name}`)
  return toText(await readConsoleFile(path), contentType)
}

function toHtml(page: Page, status = 200): Shown {
  return { page, status }
}

export function draw({ page, status }: Shown, look: ConsoleLook): Response {
  return toText(toDocument(page, look), 'text/html; charset=utf-8', {
    status,
    headers: { ETag: `"${toVersion(page)}"` },
  })
}

function toJson(value: unknown, status = 200): Response {
  return toText(JSON.stringify(value), 'application/json; charset=utf-8', { status })
}

function toText(
  text: string,
  contentType: string,
  { status = 200, headers: own = {} }: { status?: number; headers?: Record<string, string> } = {},
): Response {
  const { 'Content-Security-Policy': policy = '', ...headers } = toSecurityHeaders({
    connect: [],
    images: [],
    scripts: [],
    styles: [],
  })
  return new Response(text, {
    status,
    headers: {
      ...headers,
      ...own,
      // The console's forms are submitted by the browser, so that they work without script.
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
