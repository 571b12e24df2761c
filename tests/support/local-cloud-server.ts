/** The whole local cloud behind a real HTTP server, over a data folder of its own. */

import { createServer } from 'node:http'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type LocalCloudOptions, openLocalCloud } from '../../src/local-cloud/local-cloud.ts'
import { openSqliteStore } from '../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { lendSigningKeys } from './signing-keys.ts'
import { createTempFolder } from './temp-folder.ts'
import { templateSettings, writeOpenTemplate } from './template-settings.ts'
import { type CallablePool, readAnswer, toRequest } from './wire.ts'

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

/** @param options what differs from an empty pool, open to all clients, with a clock that tests may move */
export async function startLocalCloud(
  options: Partial<LocalCloudOptions> = {},
): Promise<LocalCloudServer> {
  const { dataFolder = createTempFolder() } = options
  prepareKeys(join(dataFolder, 'user-pool.sqlite'))
  const printed: string[] = []
  const cloud = await openLocalCloud({
    testClock: true,
    apiAtRoot: true,
    template: writeOpenTemplate(),
    ...options,
    dataFolder,
    print: (line) => printed.push(line),
  })
  const server = createServer((incoming, outgoing) => {
    if (!cloud.handle(incoming, outgoing)) outgoing.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('expected a port')
  const origin = `http://localhost:${address.port}`

  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    cloud.close()
  }
  onTestFinished(close)

  const endpoint = `${origin}/cognito-idp/`
  return {
    ...cloud.pool,
    origin,
    port: address.port,
    endpoint,
    dataFolder,
    printed,
    close,
    call: async (operation, body, options) =>
      readAnswer(await fetch(toRequest(endpoint, { operation, body, ...options }))),
  }
}

function prepareKeys(path: string): void {
  const store = openSqliteStore(path, templateSettings)
  if (store.readSecret('signing-keys') === undefined) lendSigningKeys(store)
  store.close()
}
