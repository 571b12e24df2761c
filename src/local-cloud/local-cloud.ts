/** The local cloud: user pool, console and ride API over one data folder, behind the request guard. */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import { SettingsError } from '../shared/settings-error.ts'
import { handleConfirmationLink } from './console/confirmation-link.ts'
import { handleConsole } from './console/console.ts'
import { toRejectionPage } from './console/console-pages.ts'
import { type ConsoleLook, neutralLook } from './console/look.ts'
import { lockDataFolder } from './folder-lock.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { BodyTooLargeError, readPath, sendWebResponse, toWebRequest } from './node-adapter.ts'
import { createSystemClock, type Mailer, type MovableClock, systemRandom } from './ports.ts'
import { product, type TemplateSource } from './product.ts'
import {
  type Access,
  closed,
  findRejection,
  type Rejection,
  type RouteKind,
} from './request-guard.ts'
import { createRequestLog } from './request-log.ts'
import { toRegion } from './user-pool/chosen-ids.ts'
import {
  parseTemplate,
  type Template,
  type TemplateValues,
} from './user-pool/cloudformation-template.ts'
import type { UserPool } from './user-pool/context.ts'
import { findDiscoveryDocument } from './user-pool/discovery.ts'
import { corsHeaders, handle } from './user-pool/http.ts'
import { cognitoLimits, type Limits } from './user-pool/limits.ts'
import { localCustomMessageArn, localParameters, localPool } from './user-pool/local-pool.ts'
import { confirmationPath } from './user-pool/messages.ts'
import { openUserPool } from './user-pool/open-user-pool.ts'
import type { Quotas } from './user-pool/quotas.ts'
import { type ReadOptions, readSettings } from './user-pool/read-settings.ts'
import { plantSeed, type Seed } from './user-pool/seed.ts'
import type { UserPoolSettings } from './user-pool/settings.ts'
import { openSqliteStore, UsernameRulesError } from './user-pool/store/sqlite-store.ts'
import type { Store } from './user-pool/store/store.ts'
import { applyTemplateGroups } from './user-pool/template-groups.ts'
import { type TemplateReport, toReportLines } from './user-pool/template-report.ts'
import { applyTemplateUsers } from './user-pool/template-users.ts'
import type { RsaJwk } from './user-pool/tokens/signing-keys.ts'
import { type TriggerHandlers, triggerNames } from './user-pool/triggers/trigger-events.ts'

/** Path of the user pool's API. */
export const apiPath = '/cognito-idp/'

/** With what the request guard lets in beside this machine's own pages and programs. */
export interface LocalCloudOptions extends Partial<Access> {
  /** `undefined`: everything is in memory, and gone at the end */
  readonly dataFolder: string | undefined
  /** whether `POST /console/clock` may advance the clock */
  readonly testClock: boolean
  readonly clock?: MovableClock | undefined
  /** CloudFormation template with the pool's settings; `product.defaultTemplate` by default */
  readonly template?: TemplateSource | undefined
  /** how to read the template */
  readonly reading?: TemplateReading
  /** value of the template's parameter SiteUrl, to which emails link */
  readonly siteUrl?: string | undefined
  readonly limits?: Limits
  /** of the AWS account that the user pool would be in; none by default */
  readonly quotas?: Quotas | undefined
  /** the console's; neutral by default */
  readonly look?: ConsoleLook
  /** users and groups that the pool begins with, and the setting that they are from */
  readonly seed?: { readonly content: Seed; readonly setting: string } | undefined
  /** signs all tokens, in place of keys that the pool makes for itself */
  readonly signingKey?: RsaJwk | undefined
  /** functions of Lambda triggers, by the trigger's name */
  readonly triggers?: TriggerHandlers | undefined
  /** whether the API is also at `/`, for clients whose endpoint has no path */
  readonly apiAtRoot?: boolean
  /**
   * origin of the pool's own address, once it listens, which is then in `iss` of the tokens; by default they have
   * AWS's
   */
  readonly issuerOrigin?: (() => string) | undefined
  /** opens the ride API, where there is one */
  readonly openRideApi?: OpenRideApi | undefined
  readonly print: (line: string) => void
}

/** An API of the app itself, beside the user pool. */
export interface RideApi {
  /** of all its routes, such as `/ride-api` */
  readonly path: string
  respond(request: Request): Promise<Response>
  close(): void
}

/** @param folder of its data; `undefined`: in memory */
export type OpenRideApi = (pool: UserPool, folder: string | undefined) => RideApi

export interface TemplateReading extends TemplateValues, Omit<ReadOptions, 'triggers'> {}

export interface LocalCloud {
  readonly dataFolder: string | undefined
  readonly pool: UserPool
  readonly clock: MovableClock
  readonly inbox: Inbox
  /** what the pool's template asks for and does not get here */
  readonly report: TemplateReport
  /** @returns whether the path is the local cloud's; if not, the request is untouched */
  handle(incoming: IncomingMessage, outgoing: ServerResponse): boolean
  /**
   * Empties the pool back to its seed, and its clock to the time. A data folder keeps a copy of what there was.
   *
   * @returns the path of that copy
   */
  reset(): Promise<string | undefined>
  close(): void
}

/** @returns the path of the data folder, the same for all commands */
export function readDataFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env.LOCAL_CLOUD_DATA || product.defaultDataFolder)
}

/**
 * @throws {SettingsError} when the template has settings that the local pool does not support, or another process
 *   uses the data folder
 * @throws {StoreError} when the store cannot be used
 */
export async function openLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { template = product.defaultTemplate, siteUrl, seed, print, look = neutralLook } = options
  const presets = {
    ...localParameters,
    ...(siteUrl && { SiteUrl: siteUrl }),
    ...(options.triggers?.CustomMessage && { CustomMessageArn: localCustomMessageArn }),
  }
  const { userPoolId } = options.reading?.ids ?? {}
  const region = userPoolId === undefined ? undefined : toRegion(userPoolId)
  const parsed = readTemplate(template, { ...options.reading, presets, ...(region && { region }) })
  const isOwn = options.template === undefined
  const triggers = triggerNames.filter((name) => options.triggers?.[name])
  const {
    settings,
    otherClients,
    groups,
    report: read,
    ...people
  } = readSettings(parsed, {
    ...options.reading,
    triggers,
    ...(isOwn && { isStrict: true }),
  })
  const { limits = cognitoLimits, issuerOrigin, dataFolder } = options
  const access: Access = {
    allowedOrigins: options.allowedOrigins ?? closed.allowedOrigins,
    allowedHosts: options.allowedHosts ?? closed.allowedHosts,
    isOpenToNetwork: options.isOpenToNetwork ?? closed.isOpenToNetwork,
  }
  const { clock = createSystemClock() } = options
  if (dataFolder !== undefined) mkdirSync(dataFolder, { recursive: true, mode: 0o700 })
  const release = dataFolder === undefined ? () => {} : lockDataFolder(dataFolder)
  const store = openStore(settings, options)
  noteUserPoolId(settings, store, print)
  const inbox = createInbox(store)
  const pool = await openUserPool({
    settings,
    otherClients,
    groups,
    limits,
    quotas: options.quotas,
    store,
    clock,
    random: systemRandom,
    mailer: createPrintingMailer(print, inbox),
    triggers: options.triggers,
    issuer: issuerOrigin && (() => `${issuerOrigin()}/${settings.userPoolId}`),
    signingKey: options.signingKey,
  })
  if (seed) await plantSeed(pool, seed.content, seed.setting)
  const refused = await applyTemplateUsers(people, pool)
  const report = { ...read, notes: [...read.notes, ...refused] }
  if (!isOwn) for (const line of toReportLines(report)) print(line)
  const rideApi = options.openRideApi?.(pool, dataFolder)
  const log = createRequestLog(print)
  const printRefusal = createRefusalPrinter(print)
  const testClock = options.testClock ? clock : undefined
  const cloud: LocalCloud = {
    dataFolder,
    pool,
    clock,
    inbox,
    report,
    handle(incoming, outgoing) {
      const method = incoming.method ?? 'GET'
      const path = readPath(incoming)
      const route = findRoute(method, path)
      if (!route) return false
      void respond(route, { method, path, incoming, outgoing, access, print, printRefusal })
      return true
    },
    async reset() {
      const backup = dataFolder && join(dataFolder, `user-pool.sqlite.before-reset-${toFileTime()}`)
      if (backup) store.backUp(backup)
      store.transaction(() => pool.current.change(() => store.clear()))
      pool.current.settle()
      applyTemplateGroups(groups, { store, clock })
      clock.reset()
      pool.throttle.reset()
      inbox.reset()
      if (seed) await plantSeed(pool, seed.content, seed.setting)
      await applyTemplateUsers(people, pool)
      return backup
    },
    close() {
      inbox.reset()
      store.close()
      rideApi?.close()
      release()
    },
  }
  return cloud

  function findRoute(method: string, path: string): Route | undefined {
    const document = findDiscoveryDocument(path, settings.userPoolId)
    if (document) return { kind: 'keys', respond: (request) => document(request, pool) }
    if (path === '/console' || path.startsWith('/console/')) {
      const context = { pool, log, report, testClock, look, inbox, reset: cloud.reset }
      return { kind: 'console', respond: (request) => handleConsole(request, context) }
    }
    if (settings.verificationLink && path === confirmationPath) {
      return {
        kind: 'link',
        respond: (request) => handleConfirmationLink(request, { pool, log, look }),
      }
    }
    const isApiPath = path.startsWith(apiPath) || path === apiPath.slice(0, -1)
    if (isApiPath || (options.apiAtRoot && path === '/' && method !== 'GET')) {
      return { kind: 'api', respond: (request) => handle(request, pool, log) }
    }
    if (rideApi && path.startsWith(`${rideApi.path}/`)) {
      return { kind: 'ride-api', respond: rideApi.respond }
    }
    if (options.apiAtRoot && path === '/') {
      return {
        kind: 'console',
        respond: () => new Response(null, { status: 303, headers: { Location: '/console/' } }),
      }
    }
    if (options.apiAtRoot && path === '/health') {
      return { kind: 'console', respond: () => toHealth(pool) }
    }
    return undefined
  }
}

/** What a script that waits for the pool reads. */
function toHealth({ settings, current, issuer }: UserPool): Response {
  const health = {
    status: 'ok',
    userPoolId: settings.userPoolId,
    clientIds: current.clients().map((client) => client.settings.userPoolClientId),
    issuer: issuer(),
  }
  return new Response(JSON.stringify(health), {
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
  })
}

/** @returns the time as a part of a file's name */
function toFileTime(): string {
  return new Date(createSystemClock().nowMs()).toISOString().replace(/[:.]/g, '-')
}

/**
 * Opens the user pool's store. Data of a pool that signs users in otherwise is put aside where the template is the
 * site's own: nobody asked for another pool then, and it must start. Whoever has chosen a template has chosen a
 * data folder to go with it, and is told.
 *
 * @throws {StoreError} when the store cannot be used
 */
function openStore(
  settings: UserPoolSettings,
  { dataFolder, template, print }: LocalCloudOptions,
): Store {
  if (dataFolder === undefined) return openSqliteStore(':memory:', settings)
  const path = join(dataFolder, 'user-pool.sqlite')
  try {
    return openSqliteStore(path, settings)
  } catch (error) {
    if (!(error instanceof UsernameRulesError) || template !== undefined) throw error
    // Its file is still in use.
    if (existsSync(`${path}-wal`)) throw error
    const [model = ''] = error.stored.split(',')
    const archive = putAside(dataFolder, `sign-in-by-${model}`)
    print(`The data here is of a pool with sign-in by ${error.stored}.`)
    print(`The template asks for sign-in by ${error.wanted}, so this pool begins empty.`)
    print(`The data of the other one is kept in ${archive}`)
    return openSqliteStore(path, settings)
  }
}

/** Remembers whose data this is. It serves a pool of another id too, for which the tokens of the one before are not. */
function noteUserPoolId(
  { userPoolId }: UserPoolSettings,
  store: Store,
  print: (line: string) => void,
): void {
  const name = 'user-pool-id'
  // A store of an older format is the site's pool, whose id could not be chosen then.
  const isNew = store.readSecret('created-at-ms') === undefined
  const before = store.readSecret(name) ?? (isNew ? userPoolId : localPool.userPoolId)
  if (before !== userPoolId) {
    print(`The data here is of the user pool ${before}. Its users are kept.`)
    print('ID and access tokens that it has given are refused: they have another issuer.')
  }
  store.writeSecret(name, userPoolId)
}

/**
 * Moves the stores of a data folder, and copies of them, into a folder of their own inside, which may be used as a data folder.
 *
 * @returns its path, which ends with the time
 */
function putAside(dataFolder: string, label: string): string {
  const archive = join(dataFolder, `${label}.${toFileTime()}`)
  mkdirSync(archive, { mode: 0o700 })
  for (const name of readdirSync(dataFolder)) {
    if (/^(user-pool|rides)\.sqlite/.test(name)) {
      renameSync(join(dataFolder, name), join(archive, name))
    }
  }
  return archive
}

/** @throws {SettingsError} for a file that cannot be read or is not a template */
function readTemplate(source: TemplateSource, values: TemplateValues): Template {
  if (typeof source !== 'string') return parseTemplate(source.text, source.name, values)
  const path = source
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(path, 'a CloudFormation template that can be read', reason, {
      cause: error,
    })
  }
  return parseTemplate(text, path, values)
}

interface Route {
  readonly kind: RouteKind
  respond(request: Request): Promise<Response> | Response
}

/** Responds to a request. Catches every error, prints it and responds with 500. */
async function respond(
  route: Route,
  exchange: {
    method: string
    path: string
    incoming: IncomingMessage
    outgoing: ServerResponse
    access: Access
    print(line: string): void
    printRefusal(rejection: Rejection, about: string): void
  },
): Promise<void> {
  const { method, path, incoming, outgoing, access, print } = exchange
  const rejection = findRejection(
    {
      method,
      path,
      rawHeaders: incoming.rawHeaders,
      remoteAddress: incoming.socket.remoteAddress,
      localPort: incoming.socket.localPort,
    },
    route.kind,
    access,
  )
  const client = new AbortController()
  outgoing.once('close', () => client.abort())
  try {
    if (rejection) {
      exchange.printRefusal(rejection, `${method} ${path}`)
      await sendWebResponse(toRejectionResponse(rejection, incoming), outgoing)
      return
    }
    const response = await route.respond(await toWebRequest(incoming, client.signal))
    await sendWebResponse(response, outgoing)
  } catch (error) {
    if (error instanceof BodyTooLargeError) {
      await sendWebResponse(
        toErrorResponse({ status: 413, reason: 'the body is too long' }),
        outgoing,
      )
    } else if (!incoming.destroyed || !outgoing.destroyed) {
      print(`${method} ${path} failed: ${error instanceof Error ? error.stack : String(error)}`)
      await sendWebResponse(
        toErrorResponse({ status: 500, reason: 'something went wrong' }),
        outgoing,
      )
    }
  }
}

/**
 * Says in every place that a developer may look at how to let the request in: the body, the status line, and a page. Of
 * a preflight, browsers show neither body nor reason; but they quote `Access-Control-Allow-Origin` in their own console
 * when it is not the page's origin, which this text can never be.
 *
 * @see docs/decisions/0021-pool-as-a-package.md
 */
function toRejectionResponse(rejection: Rejection, { method, headers }: IncomingMessage): Response {
  const { status, reason, opener } = rejection
  const isPage = method === 'GET' && headers.accept?.includes('text/html')
  const response = isPage
    ? new Response(toRejectionPage({ reason, opener }), {
        status,
        headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' },
      })
    : toErrorResponse({ status, reason: opener ? `${reason}; ${opener} lets it in` : reason })
  if (opener === undefined) return response
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method']
  if (isPreflight && opener.startsWith('--allow-origin ')) {
    const hint = `none: start the local user pool with ${opener.replace(' ', '=')}`
    response.headers.set('Access-Control-Allow-Origin', hint)
  }
  return new Response(response.body, {
    status,
    statusText: `Start the local user pool with ${opener}`,
    headers: response.headers,
  })
}

/** distinct refusals that are printed */
const maxRefusals = 100

/** Prints each refusal that an option would have let in, once: a page that asks can ask for ever. */
function createRefusalPrinter(
  print: (line: string) => void,
): (rejection: Rejection, about: string) => void {
  const printed = new Set<string>()
  return ({ reason, opener }, about) => {
    if (opener === undefined || printed.has(opener) || printed.size >= maxRefusals) return
    printed.add(opener)
    print(`Refused ${about}: ${reason}. ${opener} lets it in.`)
  }
}

/** An error response in Cognito's format, which every client can read. */
function toErrorResponse({ status, reason }: { status: number; reason: string }): Response {
  const type = errorTypes.get(status) ?? 'InvalidParameterException'
  return new Response(JSON.stringify({ __type: type, message: reason }), {
    status,
    headers: {
      // After the origin check: any allowed page may read what is wrong with its request.
      ...(status !== 403 && corsHeaders),
      'Content-Type': 'application/x-amz-json-1.1',
      'x-amzn-ErrorType': `${type}:`,
    },
  })
}

const errorTypes: ReadonlyMap<number, string> = new Map([
  [400, 'UnknownOperationException'],
  [403, 'ForbiddenException'],
  [500, 'InternalErrorException'],
])

function createPrintingMailer(print: (line: string) => void, inbox: Inbox): Mailer {
  return {
    send({ medium, to, code }) {
      const kind = medium === 'SMS' ? 'SMS' : 'Email'
      print(`${kind} to ${JSON.stringify(to)}: your code is ${code}`)
      inbox.wake()
    },
  }
}
