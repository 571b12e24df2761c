/** A pool in memory behind a real socket, for clients that bring an HTTP client of their own. */

import { createServer } from 'node:http'
import { onTestFinished } from 'vitest'
import { sendWebResponse, toWebRequest } from '../../src/local-cloud/node-adapter.ts'
import { listen } from './listen.ts'
import type { TestPool } from './test-pool.ts'

/** @returns the endpoint at which the pool answers until the test is over */
export async function servePool(pool: TestPool): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    await sendWebResponse(await pool.respond(await toWebRequest(incoming)), outgoing)
  })
  const port = await listen(server)
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://localhost:${port}/`
}
