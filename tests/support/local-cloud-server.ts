/** The whole local cloud behind a real HTTP server, over a data folder of its own. */

import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { RideLimits } from '../../src/aws/ride-api/handler.ts'
import { siteLook } from '../../src/local-cloud/console/site-look.ts'
import { type LocalCloudOptions, openLocalCloud } from '../../src/local-cloud/local-cloud.ts'
import { rideApiWith } from '../../src/local-cloud/ride-api/open-ride-api.ts'
import { openSqliteStore } from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { type CallablePool, readResponse, toRequest } from './cognito-api.ts'
import { listen } from './listen.ts'
import { writeSharedSigningKeys } from './shared-signing-keys.ts'
import { createTempFolder, type OnCleanup } from './temp-folder.ts'
import { templateSettings, writeOpenTemplate } from './template-settings.ts'

export interface LocalCloudServer extends CallablePool {
  /** `http://localhost:PORT` */
  readonly origin: string
  readonly port: number
  /** the API's endpoint as the client library takes it */
  readonly endpoint: string
  readonly dataFolder: string
  /** what a developer would see in the terminal */
  readonly printed: readonly string[]
  /** Stops it before the test ends. */
  close(): Promise<void>
}

/** How it is started, with the data folder that it has anyway. */
export interface ServerOptions extends Partial<LocalCloudOptions> {
  /** whether there is a ride API */
  readonly rideApi?: boolean
  /** of the ride API; its handler's own by default */
  readonly rideLimits?: RideLimits
}

/** @param options what differs from an empty pool, open to all clients, with a clock that tests may move */
export async function startLocalCloud(
  { rideApi, rideLimits, ...options }: ServerOptions = {},
  onCleanup: OnCleanup = onTestFinished,
): Promise<LocalCloudServer> {
  const { dataFolder = createTempFolder(onCleanup) } = options
  prepareKeys(join(dataFolder, 'user-pool.sqlite'))
  const printed: string[] = []
  const cloud = await openLocalCloud({
    testClock: true,
    apiAtRoot: true,
    template: writeOpenTemplate(onCleanup),
    openRideApi: rideApi ? rideApiWith(rideLimits) : undefined,
    look: siteLook,
    ...options,
    dataFolder,
    print: (line) => printed.push(line),
  })
  const server = createServer((incoming, outgoing) => {
    if (!cloud.handle(incoming, outgoing)) outgoing.writeHead(404).end()
  })
  // A process that computes for seconds would meet connections that have just been closed.
  server.keepAliveTimeout = 0
  const port = await listen(server)
  const origin = `http://localhost:${port}`

  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    cloud.close()
  }
  onCleanup(close)

  const endpoint = `${origin}/cognito-idp/`
  return {
    ...cloud.pool,
    origin,
    port,
    endpoint,
    dataFolder,
    printed,
    close,
    call: async (operation, body, options) =>
      readResponse(await fetch(toRequest(endpoint, { operation, body, ...options }))),
  }
}

/**
 * One server for all tests of a file or of a `describe` that leave its data as it was.
 *
 * @returns a function that gives `prepare`'s result to a test
 */
export function shareLocalCloud<Shared>(
  options: ServerOptions,
  prepare: (server: LocalCloudServer) => Promise<Shared>,
): () => Shared {
  const cleanups: (() => void | Promise<void>)[] = []
  let shared: { readonly value: Shared } | undefined
  beforeAll(async () => {
    const server = await startLocalCloud(options, (undo) => cleanups.push(undo))
    shared = { value: await prepare(server) }
  })
  afterAll(async () => {
    for (const undo of cleanups.reverse()) await undo()
  })
  return () => {
    if (!shared) throw new Error('expected a test to ask for the shared server')
    return shared.value
  }
}

function prepareKeys(path: string): void {
  const store = openSqliteStore(path, templateSettings)
  if (store.readSecret('signing-keys') === undefined) writeSharedSigningKeys(store)
  store.close()
}
