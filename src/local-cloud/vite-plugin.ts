/**
 * Mounts the local cloud in Vite's dev and preview servers, and gives every answer the headers that the
 * hosted site has. Nothing of it takes part in a build.
 */

import { existsSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join, relative } from 'node:path'
import type { Connect, Plugin, PreviewServer, ViteDevServer } from 'vite'
import { redirects } from '../shared/redirects.ts'
import { toCacheControl, toSecurityHeaders } from '../shared/response-headers.ts'
import { openLocalCloud, readDataFolder } from './local-cloud.ts'
import { readPath } from './node-bridge.ts'
import { SettingsError } from './settings-error.ts'
import { readSiteConfig, toLocalConfigScript } from './site-config.ts'

export function localCloud(env: NodeJS.ProcessEnv = process.env): Plugin {
  const dataFolder = readDataFolder(env)
  return {
    name: 'wild-rydes-local-cloud',
    apply: (_, { command, mode }) => command === 'serve' && mode !== 'test',

    config: () => ({
      server: {
        cors: false,
        // Vite serves any file under its root; users, verifiers and keys must not be among them.
        fs: {
          deny: ['.env', '.env.*', '*.{crt,pem}', '**/.git/**', ...toDenyPatterns(dataFolder)],
        },
      },
      preview: { cors: false },
    }),

    async configureServer(server) {
      const configPath = join(server.config.publicDir, 'js/config.js')
      await mount(server, { configPath, dataFolder, isDev: true, env })
    },
    async configurePreviewServer(server) {
      const configPath = join(server.config.root, server.config.build.outDir, 'js/config.js')
      await mount(server, { configPath, dataFolder, isDev: false, env })
      // Only what nothing else has answered comes here; a missing file must not be kept as missing.
      return () => {
        server.middlewares.use((_, outgoing, next) => {
          outgoing.setHeader('Cache-Control', 'no-store')
          next()
        })
      }
    },
  }
}

async function mount(
  server: ViteDevServer | PreviewServer,
  options: { configPath: string; dataFolder: string; isDev: boolean; env: NodeJS.ProcessEnv },
): Promise<void> {
  const { configPath, dataFolder, isDev, env } = options
  const { host } = isDev ? server.config.server : server.config.preview
  assertLoopback(host)
  const print = (line: string) => server.config.logger.info(`  ${line}`)
  const readConfig = () =>
    readSiteConfig(existsSync(configPath) ? readFileSync(configPath, 'utf8') : '')

  server.middlewares.use(sendHeaders(() => readConfig().hosts, isDev))
  server.middlewares.use(redirect)
  const { kind } = readConfig()
  if (kind === 'names-pool') {
    print(`The local user pool stays out of the way: ${configPath} names a pool.`)
    return
  }
  if (kind === 'broken') print(`${configPath} cannot be used as it is; the site says why.`)

  const cloud = await openLocalCloud({
    dataFolder,
    testClock: env.LOCAL_CLOUD_TEST_CLOCK === '1',
    template: env.LOCAL_CLOUD_TEMPLATE,
    print,
  })
  server.middlewares.use((incoming, outgoing, next) => {
    if (!cloud.answer(incoming, outgoing)) next()
  })
  server.middlewares.use('/js/config.js', (_, outgoing, next) => {
    const config = readConfig()
    if (config.kind === 'empty') sendScript(outgoing, toLocalConfigScript(config))
    else next()
  })
  server.httpServer?.once('close', () => cloud.close())
  server.httpServer?.once('listening', () => {
    const address = server.httpServer?.address()
    const port = typeof address === 'object' ? address?.port : undefined
    print(`Site     http://localhost:${port}/`)
    print(`Console  http://localhost:${port}/console/ (inbox and users)`)
    print(`Data     ${cloud.dataFolder}`)
    print('Mailed codes appear here and in the inbox.')
  })
}

/** Sets headers before anything answers, so that 404s and the local cloud's own answers have them too. */
function sendHeaders(
  readHosts: () => readonly string[],
  isDev: boolean,
): Connect.NextHandleFunction {
  return (incoming, outgoing, next) => {
    const headers = toSecurityHeaders({ connect: readHosts() })
    for (const [name, value] of Object.entries(headers)) {
      outgoing.setHeader(name, isDev ? relaxForDev(value) : value)
    }
    outgoing.setHeader('Cache-Control', isDev ? 'no-store' : toCacheControl(readPath(incoming)))
    next()
  }
}

/** As the host does by its "Rewrites and redirects". */
const redirect: Connect.NextHandleFunction = (incoming, outgoing, next) => {
  const path = readPath(incoming)
  const found = redirects.find(({ source }) => source === path)
  if (found) outgoing.writeHead(Number(found.status), { Location: found.target }).end()
  else next()
}

/** Hot reload needs style elements and a socket; the rest of the policy stays as it is. */
function relaxForDev(value: string): string {
  return value
    .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    .replace("connect-src 'self'", "connect-src 'self' ws://localhost:*")
}

function sendScript(outgoing: ServerResponse, script: string): void {
  outgoing.setHeader('Content-Type', 'text/javascript; charset=utf-8')
  outgoing.end(script)
}

/** @throws {SettingsError} when other machines could reach the server: the pool is for this one only */
function assertLoopback(host: string | boolean | undefined): void {
  if (host === undefined || host === false) return
  if (typeof host === 'string' && ['localhost', '127.0.0.1', '::1'].includes(host)) return
  throw new SettingsError(
    `host ${JSON.stringify(host)}`,
    'localhost',
    'The local user pool serves this machine only: start without --host.',
  )
}

function toDenyPatterns(dataFolder: string): readonly string[] {
  const path = relative(process.cwd(), dataFolder)
  return ['**/.local-cloud/**', ...(path.startsWith('..') ? [] : [`**/${path}/**`])]
}
