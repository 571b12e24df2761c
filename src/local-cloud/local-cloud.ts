/** The local cloud: user pool, console and ride API over one data folder, behind the request guard. */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RideLimits } from '../aws/ride-api/handler.ts'
import { SettingsError } from '../shared/settings-error.ts'
import { handleConsole } from './console/console.ts'
import { lockDataFolder } from './folder-lock.ts'
import { BodyTooLargeError, readPath, sendWebResponse, toWebRequest } from './node-adapter.ts'
import { createSystemClock, type Mailer, systemRandom } from './ports.ts'
import { findRejection, type RouteKind } from './request-guard.ts'
import { createRequestLog } from './request-log.ts'
import { createRideApi, rideApiPath } from './ride-api/ride-api.ts'
import { openSqliteRideStore } from './ride-api/sqlite-ride-store.ts'
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
import { localParameters, localPool } from './user-pool/local-pool.ts'
import { openUserPool } from './user-pool/open-user-pool.ts'
import type { Quotas } from './user-pool/quotas.ts'
import { type ReadOptions, readSettings } from './user-pool/read-settings.ts'
import type { UserPoolSettings } from './user-pool/settings.ts'
import { openSqliteStore, UsernameRulesError } from './user-pool/store/sqlite-store.ts'
import type { Store } from './user-pool/store/store.ts'
import { type TemplateReport, toReportLines } from './user-pool/template-report.ts'
import { type TriggerHandlers, triggerNames } from './user-pool/triggers/trigger-events.ts'

const defaultTemplate = fileURLToPath(new URL('../aws/user-pool.yaml', import.meta.url))

/** Path of the user pool's API. */
export const apiPath = '/cognito-idp/'

export interface LocalCloudOptions {
  readonly dataFolder: string
  /** whether `POST /console/clock` may advance the clock */
  readonly testClock: boolean
  /** path of the CloudFormation template with the pool's settings; the site's own by default */
  readonly template?: string | undefined
  /** how to read the template */
  readonly reading?: TemplateReading
  /** value of the template's parameter SiteUrl, to which emails link */
  readonly siteUrl?: string | undefined
  readonly limits?: Limits
  /** functions of Lambda triggers, by the trigger's name */
  readonly triggers?: TriggerHandlers | undefined
  /** other origins whose pages may call the API */
  readonly allowedOrigins?: ReadonlySet<string>
  /** whether the API is also at `/`, for clients whose endpoint has no path */
  readonly apiAtRoot?: boolean
  /**
   * origin of the pool's own address, once it listens, which is then in `iss` of the tokens; by default they have
   * AWS's
   */
  readonly issuerOrigin?: (() => string) | undefined
  /** whether there is a ride API */
  readonly rideApi?: boolean
  /** of the ride API; its handler's own by default */
  readonly rideLimits?: RideLimits
  readonly print: (line: string) => void
}

export interface TemplateReading extends TemplateValues, Omit<ReadOptions, 'triggers'> {}

export interface LocalCloud {
  readonly dataFolder: string
  readonly pool: UserPool
  /** what the pool's template asks for and does not get here */
  readonly report: TemplateReport
  /** @returns whether the path is the local cloud's; if not, the request is untouched */
  handle(incoming: IncomingMessage, outgoing: ServerResponse): boolean
  close(): void
}

/** @returns the path of the data folder, the same for all commands */
export function readDataFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env.LOCAL_CLOUD_DATA || '.local-cloud')
}

/**
 * @throws {SettingsError} when the template has settings that the local pool does not support, or another process
 *   uses the data folder
 * @throws {StoreError} when the store cannot be used
 */
export async function openLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { template = defaultTemplate, siteUrl } = options
  const presets = { ...localParameters, ...(siteUrl && { SiteUrl: siteUrl }) }
  const { userPoolId } = options.reading?.ids ?? {}
  const region = userPoolId === undefined ? undefined : toRegion(userPoolId)
  const parsed = readTemplate(template, { ...options.reading, presets, ...(region && { region }) })
  const isOwn = options.template === undefined
  const triggers = triggerNames.filter((name) => options.triggers?.[name])
  const { settings, otherClients, report } = readSettings(parsed, {
    ...options.reading,
    triggers,
    ...(isOwn && { isStrict: true }),
  })
  const { limits = cognitoLimits, allowedOrigins = new Set(), issuerOrigin } = options
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 })
  const release = lockDataFolder(options.dataFolder)
  const store = openStore(settings, options)
  noteUserPoolId(settings, store, options.print)
  const clock = createSystemClock()
  const pool = await openUserPool({
    settings,
    otherClients,
    groups,
    limits,
    quotas: options.quotas,
    store,
    clock,
    random: systemRandom,
    mailer: createPrintingMailer(options.print),
    triggers: options.triggers,
    issuer: issuerOrigin && (() => `${issuerOrigin()}/${settings.userPoolId}`),
  })
  const refused = await applyTemplateUsers(people, pool)
  const report = { ...read, notes: [...read.notes, ...refused] }
  if (!isOwn) for (const line of toReportLines(report)) options.print(line)
  const rides = options.rideApi
    ? openSqliteRideStore(join(options.dataFolder, 'rides.sqlite'), clock)
    : undefined
  const rideApi = rides && createRideApi({ pool, store: rides, limits: options.rideLimits })
  const log = createRequestLog(options.print)
  const testClock = options.testClock ? clock : undefined

  function findRoute(method: string, path: string): Route | undefined {
    const document = findDiscoveryDocument(path, settings.userPoolId)
    if (document) return { kind: 'keys', respond: (request) => document(request, pool) }
    if (path === '/console' || path.startsWith('/console/')) {
      return {
        kind: 'console',
        respond: (request) => handleConsole(request, { pool, log, report, testClock }),
      }
    }
    const isApiPath = path.startsWith(apiPath) || path === apiPath.slice(0, -1)
    if (isApiPath || (options.apiAtRoot && path === '/' && method !== 'GET')) {
      return { kind: 'api', respond: (request) => handle(request, pool, log) }
    }
    if (rideApi && path.startsWith(`${rideApiPath}/`)) {
      return { kind: 'ride-api', respond: rideApi }
    }
    if (options.apiAtRoot && path === '/') {
      return {
        kind: 'console',
        respond: () => new Response(null, { status: 303, headers: { Location: '/console/' } }),
      }
    }
    return undefined
  }

  return {
    dataFolder: options.dataFolder,
    pool,
    report,
    handle(incoming, outgoing) {
      const method = incoming.method ?? 'GET'
      const path = readPath(incoming)
      const route = findRoute(method, path)
      if (!route) return false
      void respond(route, { method, path, incoming, outgoing, allowedOrigins }, options.print)
      return true
    },
    close() {
      store.close()
      rides?.close()
      release()
    },
  }
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
  const now = new Date(createSystemClock().nowMs()).toISOString()
  const archive = join(dataFolder, `${label}.${now.replace(/[:.]/g, '-')}`)
  mkdirSync(archive, { mode: 0o700 })
  for (const name of readdirSync(dataFolder)) {
    if (/^(user-pool|rides)\.sqlite/.test(name)) {
      renameSync(join(dataFolder, name), join(archive, name))
    }
  }
  return archive
}

/** @throws {SettingsError} for a file that cannot be read or is not a template */
function readTemplate(path: string, values: TemplateValues): Template {
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
    allowedOrigins: ReadonlySet<string>
  },
  print: (line: string) => void,
): Promise<void> {
  const { method, path, incoming, outgoing, allowedOrigins } = exchange
  const rejection = findRejection(
    {
      method,
      path,
      rawHeaders: incoming.rawHeaders,
      remoteAddress: incoming.socket.remoteAddress,
      localPort: incoming.socket.localPort,
    },
    route.kind,
    allowedOrigins,
  )
  try {
    const response = rejection
      ? toErrorResponse(rejection)
      : await route.respond(await toWebRequest(incoming))
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

function createPrintingMailer(print: (line: string) => void): Mailer {
  return {
    send: ({ to, code }) => print(`Email to ${JSON.stringify(to)}: your code is ${code}`),
  }
}
