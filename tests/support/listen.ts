/** Starts a server of a test on a port that is free. */

import { once } from 'node:events'
import type { Server } from 'node:net'

/** @returns its port */
export async function listen(server: Server, host = 'localhost'): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the server has no port')
  return address.port
}
