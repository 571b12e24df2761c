/** The local cloud as one thing: user pool, console and ride API over one data folder, behind the guard. */

import { mkdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SettingsError } from '../shared/settings-error.ts'
import { handleConsole } from './console/console.ts'
import { holdFolder } from './folder-lock.ts'
import { BodyTooLargeError, readPath, sendWebResponse, toWebRequest } from './node-adapter.ts'
import { createSystemClock, type Outbox, systemRandom } from './ports.ts'
import { type Door, findRefusal } from './request-guard.ts'
import { createRequestLog } from './request-log.ts'
import { createRideApi, rideApiPath } from './ride-api/ride-api.ts'
import { openSqliteRideStore } from './ride-api/sqlite-ride-store.ts'
import { corsHeaders, handle } from './user-pool/http.ts'
import { cognitoLimits, type Limits } from './user-pool/limits.ts'
import type { UserPool } from './user-pool/operations/operation.ts'
import { readSettings } from './user-pool/settings.ts'
import { openSqliteStore } from './user-pool/store/sqlite-store.ts'
import { parseTemplate, type Template } from './user-pool/template.ts'
import { openUserPool } from './user-pool/user-pool.ts'

const defaultTemplate = fileURLToPath(new URL('../aws/user-pool.yaml', import.meta.url))

/** Where the user pool's API answers beside the site; alone it answers at `/` too. */
export const apiPath = '/cognito-idp/'

export interface LocalCloudOptions {
  readonly dataFolder: string
  /** lets `POST /console/clock` move the clock that codes, sessions and tokens live by */
  readonly testClock: boolean
  /** CloudFormation template that the pool takes its settings from; else the site's own */
  readonly template?: string | undefined
  /** the site that letters link to, where the template's parameter SiteUrl asks for it */
  readonly siteUrl?: string | undefined
  readonly limits?: Limits
  /** origins whose pages may call the API, beside the local cloud's own */
  readonly allowedOrigins?: ReadonlySet<string>
  /** also answers the API at `/`, where a client with an endpoint and no path calls it */
  readonly apiAtRoot?: boolean
  /** has a ride API too */
  readonly rideApi?: boolean
  readonly print: (line: string) => void
}

export interface LocalCloud {
  readonly dataFolder: string
  readonly pool: UserPool
  /** Answers a request if its path is the local cloud's, else leaves it alone and says so. */
  answer(incoming: IncomingMessage, outgoing: ServerResponse): boolean
  close(): void
}

/** The data folder all commands share. */
export function readDataFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env.LOCAL_CLOUD_DATA || '.local-cloud')
}

/**
 * @throws {SettingsError} when the template asks for what the local pool cannot do
 * @throws {StoreError} when the store cannot be used
 */
export async function openLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { template = defaultTemplate, siteUrl } = options
  const settings = readSettings(readTemplate(template, siteUrl ? { SiteUrl: siteUrl } : {}))
  const { limits = cognitoLimits, allowedOrigins = new Set() } = options
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 })
  const release = holdFolder(options.dataFolder)
  const store = openSqliteStore(join(options.dataFolder, 'user-pool.sqlite'), settings)
  const clock = createSystemClock()
  const pool = await openUserPool({
    settings,
    limits,
    store,
    clock,
    random: systemRandom,
    outbox: createPrintingOutbox(options.print),
  })
  const rides = options.rideApi
    ? openSqliteRideStore(join(options.dataFolder, 'rides.sqlite'))
    : undefined
  const rideApi = rides && createRideApi({ pool, store: rides })
  const log = createRequestLog(options.print)
  const testClock = options.testClock ? clock : undefined
  const jwksPath = `${apiPath}${settings.userPoolId}/.well-known/jwks.json`

  function findRoute(method: string, path: string): Route | undefined {
    if (path === jwksPath) return { door: 'keys', respond: () => toJwks(pool) }
    if (path === '/console' || path.startsWith('/console/')) {
      return {
        door: 'console',
        respond: (request) => handleConsole(request, { pool, log, testClock }),
      }
    }
    const isApi = path.startsWith(apiPath) || path === apiPath.slice(0, -1)
    if (isApi || (options.apiAtRoot && path === '/' && method !== 'GET')) {
      return { door: 'api', respond: (request) => handle(request, pool, log) }
    }
    if (rideApi && path.startsWith(`${rideApiPath}/`)) {
      return { door: 'ride-api', respond: rideApi }
    }
    if (options.apiAtRoot && path === '/') {
      return {
        door: 'console',
        respond: () => new Response(null, { status: 303, headers: { Location: '/console/' } }),
      }
    }
    return undefined
  }

  return {
    dataFolder: options.dataFolder,
    pool,
    answer(incoming, outgoing) {
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

/** @throws {SettingsError} for a file that cannot be read, or is no template */
function readTemplate(path: string, parameters: Readonly<Record<string, string>>): Template {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(path, 'a CloudFormation template that can be read', reason, {
      cause: error,
    })
  }
  return parseTemplate(text, path, parameters)
}

interface Route {
  readonly door: Door
  respond(request: Request): Promise<Response> | Response
}

/** The other of the program's two edges: nothing thrown below gets past here. */
async function respond(
  route: Route,
  visit: {
    method: string
    path: string
    incoming: IncomingMessage
    outgoing: ServerResponse
    allowedOrigins: ReadonlySet<string>
  },
  print: (line: string) => void,
): Promise<void> {
  const { method, path, incoming, outgoing, allowedOrigins } = visit
  const refusal = findRefusal(
    {
      method,
      path,
      rawHeaders: incoming.rawHeaders,
      remoteAddress: incoming.socket.remoteAddress,
      localPort: incoming.socket.localPort,
    },
    route.door,
    allowedOrigins,
  )
  try {
    const response = refusal
      ? toRefusal(refusal)
      : await route.respond(await toWebRequest(incoming))
    await sendWebResponse(response, outgoing)
  } catch (error) {
    if (error instanceof BodyTooLargeError) {
      await sendWebResponse(toRefusal({ status: 413, reason: 'the body is too long' }), outgoing)
    } else if (!incoming.destroyed || !outgoing.destroyed) {
      print(`${method} ${path} failed: ${error instanceof Error ? error.stack : String(error)}`)
      await sendWebResponse(toRefusal({ status: 500, reason: 'something went wrong' }), outgoing)
    }
  }
}

/** A refusal in the shape of Cognito's errors, so that every client can read it. */
function toRefusal({ status, reason }: { status: number; reason: string }): Response {
  const type = refusalTypes.get(status) ?? 'InvalidParameterException'
  return new Response(JSON.stringify({ __type: type, message: reason }), {
    status,
    headers: {
      // Whoever passed the guard's first check may read what is wrong with the call.
      ...(status !== 403 && corsHeaders),
      'Content-Type': 'application/x-amz-json-1.1',
      'x-amzn-ErrorType': `${type}:`,
    },
  })
}

const refusalTypes: ReadonlyMap<number, string> = new Map([
  [400, 'UnknownOperationException'],
  [403, 'ForbiddenException'],
  [500, 'InternalErrorException'],
])

function toJwks({ keys }: UserPool): Response {
  const body = JSON.stringify({ keys: [keys.id.publicJwk, keys.access.publicJwk] })
  return new Response(body, {
    headers: { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' },
  })
}

function createPrintingOutbox(print: (line: string) => void): Outbox {
  return {
    deliver: ({ to, code }) => print(`mail to ${JSON.stringify(to)}: your code is ${code}`),
  }
}
