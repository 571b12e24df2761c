/** Serves built pages as the host does, by HTTP/2 and compressed ahead, beside a user pool of another origin. */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import {
  readConfigScript,
  toConfigScript,
  toPolicySources,
} from '../../src/aws/hosting/config-script.ts'
import { inlineHashes } from '../../src/build/inline.ts'
import { apiPath, type LocalCloud, openLocalCloud } from '../../src/local-cloud/local-cloud.ts'
import { localPool } from '../../src/local-cloud/user-pool/local-pool.ts'
import { toCacheControl, toSecurityHeaders } from '../../src/shared/response-headers.ts'
import { type Server, serve } from '../browser/support/proxy.ts'
import { createCertificate } from './certificate.ts'

const certificate = createCertificate()
/** the key that the browser must trust */
export const { keyHash } = certificate

export interface PoolAndPages {
  /** of the user pool */
  readonly pool: string
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

/**
 * The user pool has an origin of its own, as in AWS: browsers ask it first whether they may ask.
 *
 * @param foreign folder of pages that the site's policy would stop
 */
export async function servePoolAndPages(
  folders: readonly string[],
  foreign?: string,
): Promise<PoolAndPages> {
  let cloud: LocalCloud | undefined
  const pool = await serve((incoming, outgoing) => {
    if (!cloud?.handle(incoming, outgoing)) outgoing.writeHead(404).end()
  })
  const config = toConfigScript({
    cognito: {
      ...localPool,
      endpoint: `${pool.origin}${apiPath}`,
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
  cloud = await openLocalCloud({
    dataFolder,
    testClock: false,
    allowedOrigins: new Set(pages.map(({ origin }) => origin)),
    print: () => undefined,
  })
  return {
    pool: pool.origin,
    pages: pages.map(({ origin }) => origin),
    close() {
      for (const server of [pool, ...pages]) server.close()
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
  const compressed = new Map([...files].map(([path, body]) => [path, brotliCompressSync(body)]))
  const server = createSecureServer(certificate, (incoming, outgoing) => {
    const [url = ''] = incoming.url.split('?')
    const path = url.replace(/\/$/, '/index.html')
    const body = compressed.get(path)
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
        'Content-Encoding': 'br',
        'Content-Length': body.length,
      })
      .end(body)
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the server has no port')
  return { origin: `https://localhost:${address.port}`, close: () => void server.close() }
}
