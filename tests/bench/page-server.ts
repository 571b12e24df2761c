/** Serves built pages as the host does, by HTTP/2 and compressed ahead, beside a user pool of another origin, on a slow line. */

import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import {
  readConfigScript,
  toConfigScript,
  toPolicySources,
} from '../../src/aws/hosting/config-script.ts'
import { inlineHashes } from '../../src/build/inline.ts'
import { type LocalCloud, openLocalCloud } from '../../src/local-cloud/local-cloud.ts'
import { localPool } from '../../src/local-cloud/user-pool/local-pool.ts'
import { toCacheControl, toSecurityHeaders } from '../../src/shared/response-headers.ts'
import { type Server, serve } from '../browser/support/proxy.ts'
import { listen } from '../support/listen.ts'
import { createCertificate } from './certificate.ts'
import { openSlowLine } from './slow-line.ts'

const certificate = createCertificate()
/** the key that the browser must trust */
export const { keyHash } = certificate

/** Where a page calls the pool that names no endpoint. */
export const awsPoolHost = `cognito-idp.${localPool.region}.amazonaws.com`

export interface PoolAndPages {
  /** origin of the user pool, not over the slow line */
  readonly pool: string
  /** host and port of the user pool over the slow line, for pages that know AWS's address alone */
  readonly awsPool: string
  /** of each folder's pages, in their order */
  readonly pages: readonly string[]
  close(): void
}

const contentTypes: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.webp', 'image/webp'],
  ['.json', 'application/json'],
  ['.txt', 'text/plain; charset=utf-8'],
])

/** what compression makes smaller */
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt'])

/**
 * The user pool has an origin of its own, as in AWS: browsers ask it first whether they may ask. Browsers reach pool and
 * pages over a slow line.
 *
 * @param foreign folder of pages that the site's policy would stop
 */
export async function servePoolAndPages(
  folders: readonly string[],
  foreign?: string,
): Promise<PoolAndPages> {
  let cloud: LocalCloud | undefined
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (!cloud?.handle(incoming, outgoing)) outgoing.writeHead(404).end()
  }
  const direct = await serve(answer)
  const pool = await serveSlowly(createHttpsServer(certificate, answer))
  const config = toConfigScript({
    cognito: {
      ...localPool,
      endpoint: pool.origin,
      signIn: ['password', 'passkey', 'email-code'],
    },
    api: { invokeUrl: undefined },
    map: undefined,
  })
  const security = toSecurityHeaders(toPolicySources(readConfigScript(config), inlineHashes))
  const pages: Server[] = []
  for (const folder of folders) pages.push(await servePages(folder, config, security))
  if (foreign) pages.push(await servePages(foreign, config, {}))
  const dataFolder = mkdtempSync(join(tmpdir(), 'wild-rydes-'))
  const awsPool = new URL(pool.origin).host
  cloud = await openLocalCloud({
    dataFolder,
    testClock: false,
    apiAtRoot: true,
    allowedOrigins: new Set(pages.map(({ origin }) => origin)),
    // The guard takes a host without a port for one on port 80.
    allowedHosts: new Set([awsPool, `${awsPoolHost}:80`]),
    print: () => undefined,
  })
  return {
    pool: direct.origin,
    awsPool,
    pages: pages.map(({ origin }) => origin),
    close() {
      for (const server of [direct, pool, ...pages]) server.close()
      cloud?.close()
      rmSync(dataFolder, { recursive: true })
    },
  }
}

/** @param config what `/js/config.js` says */
async function servePages(
  folder: string,
  config: string,
  // It would be for the pool too, which has the same name.
  { 'Strict-Transport-Security': _, ...security }: Readonly<Record<string, string>>,
): Promise<Server> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
  const files = new Map(paths.map((path) => [path, readFileSync(join(folder, path))]))
  files.set('/js/config.js', Buffer.from(config))
  const bodies = new Map(
    [...files].map(([path, body]) => [
      path,
      compressible.has(extname(path)) ? brotliCompressSync(body) : body,
    ]),
  )
  const server = createSecureServer(certificate, (incoming, outgoing) => {
    const [url = ''] = incoming.url.split('?')
    const path = url.replace(/\/$/, '/index.html')
    const body = bodies.get(path)
    if (!body) return void outgoing.writeHead(404).end()
    const headers = {
      ...security,
      'Cache-Control': toCacheControl(path) ?? 'no-cache',
      ETag: `"${createHash('sha256').update(body).digest('hex')}"`,
    }
    if (incoming.headers['if-none-match'] === headers.ETag) {
      return void outgoing.writeHead(304, headers).end()
    }
    outgoing
      .writeHead(200, {
        ...headers,
        'Content-Type': contentTypes.get(extname(path)) ?? 'application/octet-stream',
        ...(compressible.has(extname(path)) && { 'Content-Encoding': 'br' }),
        'Content-Length': body.length,
      })
      .end(body)
  })
  return serveSlowly(server)
}

async function serveSlowly(server: HttpsServer | Http2SecureServer): Promise<Server> {
  const line = await openSlowLine(await listen(server))
  return {
    origin: `https://localhost:${line.port}`,
    close() {
      line.close()
      server.close()
    },
  }
}
