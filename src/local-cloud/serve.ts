/** The local cloud behind an HTTP server of its own, without the site. */

import { createServer, type Server } from 'node:http'
import { SettingsError } from '../shared/settings-error.ts'
import { type LocalCloud, type LocalCloudOptions, openLocalCloud } from './local-cloud.ts'
import { isLoopbackAddress } from './request-guard.ts'

/** milliseconds that open requests have to finish when it is closed */
const graceMs = 1000

export interface ServeOptions extends LocalCloudOptions {
  /** 0 is any free one */
  readonly port: number
  /** address to listen on; this machine alone by default */
  readonly host?: string | undefined
  /** whether the pool's own address is in `iss` of its tokens */
  readonly isIssuer: boolean
}

export interface ServedCloud extends LocalCloud {
  /** `http://localhost:PORT` */
  readonly origin: string
  /** Lets open requests finish, and closes everything. */
  stop(): Promise<void>
}

/**
 * @throws {SettingsError} when the port is taken, the host is not one of this machine, and for what `openLocalCloud`
 *   throws it
 */
export async function serveLocalCloud(options: ServeOptions): Promise<ServedCloud> {
  const { host = 'localhost', isIssuer } = options
  let origin = ''
  const cloud = await openLocalCloud({
    ...options,
    apiAtRoot: true,
    isOpenToNetwork: host !== 'localhost' && !isLoopbackAddress(host),
    issuerOrigin: isIssuer ? () => origin : undefined,
  })
  const server = createServer((incoming, outgoing) => {
    if (!cloud.handle(incoming, outgoing)) outgoing.writeHead(404).end()
  })
  try {
    origin = `http://localhost:${await listen(server, { ...options, host })}`
  } catch (error) {
    cloud.close()
    throw error
  }
  return {
    ...cloud,
    origin,
    stop: () =>
      new Promise((resolve) => {
        // A client that waits for a message gets its answer.
        cloud.inbox.reset()
        server.close(() => {
          cloud.close()
          resolve()
        })
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), graceMs).unref()
      }),
  }
}

/** @returns the port */
function listen(server: Server, { port, host }: { port: number; host: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, { port, host })))
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' ? (address?.port ?? port) : port)
    })
  })
}

function toListenError(error: Error, { port, host }: { port: number; host: string }): Error {
  const code = 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    return new SettingsError(
      `--port ${port}`,
      'a port that nothing listens on',
      'Stop what does, or choose another with --port.',
      { cause: error },
    )
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new SettingsError(
      `--host ${host}`,
      'an address of this machine',
      'For example --host 0.0.0.0, which is all of them.',
      { cause: error },
    )
  }
  return error
}
