/**
 * Vite plugin that mounts the local cloud in the dev and preview servers, and sets the response headers of the hosted
 * site. It does nothing in a build.
 */

import { existsSync, readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { isAbsolute, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Connect, Plugin, PreviewServer, ResolvedConfig, ViteDevServer } from 'vite'
import { createCustomMessageHandler } from '../aws/custom-message/handler.ts'
import { readConfigScript, toConfigScript, toPolicySources } from '../aws/hosting/config-script.ts'
import { readEmailLanguages } from '../build/email-languages.ts'
import { passkeyEndpointsPath, toPasskeyEndpoints } from '../shared/passkey-endpoints.ts'
import { findNotFoundPage, redirects } from '../shared/redirects.ts'
import {
  type InlineHashes,
  type PolicySources,
  toCacheControl,
  toSecurityHeaders,
} from '../shared/response-headers.ts'
import { SettingsError } from '../shared/settings-error.ts'
import type { Config, SignInMethod } from '../shared/site-config.ts'
import { commandLineOptions } from './command-line.ts'
import { siteLook } from './console/site-look.ts'
import { apiPath, openLocalCloud, readDataFolder } from './local-cloud.ts'
import { readPath } from './node-adapter.ts'
import { rideApiWith } from './ride-api/open-ride-api.ts'
import { rideApiPath } from './ride-api/ride-api.ts'
import { localPool } from './user-pool/local-pool.ts'
import { parseQuotas, type Quotas, toQuotaLines } from './user-pool/quotas.ts'
import type { FirstAuthFactor, UserPoolSettings } from './user-pool/settings.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/**
 * @param inline what the policy lets in besides the site's files and hosts
 * @param commandLine the arguments after `--`, such as `--ride-api`
 */
export function localCloud(
  inline: InlineHashes,
  env: NodeJS.ProcessEnv = process.env,
  commandLine: readonly string[] = readCommandLine(process.argv),
): Plugin {
  const dataFolder = readDataFolder(env)
  return {
    name: 'wild-rydes-local-cloud',
    apply: (_, { command, mode }) => command === 'serve' && mode !== 'test',

    config: () => ({
      server: {
        cors: false,
        // Vite's dev server serves any file under its root; the data folder must not be among them.
        fs: {
          deny: ['.env', '.env.*', '*.{crt,pem}', '**/.git/**', ...toDenyPatterns(dataFolder)],
        },
      },
      preview: { cors: false },
    }),

    async configureServer(server) {
      const configPath = join(server.config.publicDir, 'js/config.js')
      await mount(server, { configPath, dataFolder, isDev: true, env, commandLine, inline })
    },
    async configurePreviewServer(server) {
      const outDir = resolve(server.config.root, server.config.build.outDir)
      const configPath = join(outDir, 'js/config.js')
      await mount(server, { configPath, dataFolder, isDev: false, env, commandLine, inline })
      return () => server.middlewares.use(sendNotFound(outDir))
    },
  }
}

async function mount(
  server: ViteDevServer | PreviewServer,
  options: {
    configPath: string
    dataFolder: string
    isDev: boolean
    env: NodeJS.ProcessEnv
    commandLine: readonly string[]
    inline: InlineHashes
  },
): Promise<void> {
  const { configPath, dataFolder, isDev, env } = options
  const commandLine = parseCommandLine(options.commandLine)
  const wantsRideApi = commandLine.rideApi || env.RIDE_API === '1'
  const wantsCustomMessage = commandLine.customMessage || env.CUSTOM_MESSAGE === '1'
  const { host } = isDev ? server.config.server : server.config.preview
  assertLoopback(host)
  assertNotServed(dataFolder, server.config)
  const print = (line: string) => server.config.logger.info(`  ${line}`)
  const readConfig = createConfigReader(configPath)

  server.middlewares.use(sendHeaders(() => toPolicySources(readConfig(), options.inline), isDev))
  server.middlewares.use(redirect)
  const { kind } = readConfig()
  if (kind === 'configured') {
    print(`The site uses the user pool in ${configPath}, so the local one is off.`)
    if (wantsRideApi)
      print('The local ride API is off too: it takes only tokens of the local user pool.')
    if (wantsCustomMessage)
      print('The function for emails is off too: that user pool calls its own.')
    return
  }
  if (kind === 'invalid')
    print(`The settings in ${configPath} have a problem. Open the site to see what to fix.`)

  const { port: wantedPort } = isDev ? server.config.server : server.config.preview
  const cloud = await openLocalCloud({
    dataFolder,
    siteUrl: wantedPort ? `http://localhost:${wantedPort}` : undefined,
    testClock: env.LOCAL_CLOUD_TEST_CLOCK === '1',
    template: env.LOCAL_CLOUD_TEMPLATE,
    quotas: commandLine.quotas,
    openRideApi: wantsRideApi ? rideApiWith() : undefined,
    look: siteLook,
    triggers: wantsCustomMessage ? { CustomMessage: createEmails(server) } : undefined,
    issuerOrigin: commandLine.issuer ? () => toOrigin(server) : undefined,
    print,
  })
  server.middlewares.use((incoming, outgoing, next) => {
    if (!cloud.handle(incoming, outgoing)) next()
  })
  server.middlewares.use('/js/config.js', (_, outgoing, next) => {
    const config = readConfig()
    if (config.kind !== 'not-configured') return next()
    const signIn = toSignInMethods(cloud.pool.settings)
    const cognito = { ...localPool, endpoint: apiPath, signIn }
    const invokeUrl = config.api.invokeUrl ?? (wantsRideApi ? rideApiPath : undefined)
    sendScript(outgoing, toConfigScript({ ...config, cognito, api: { invokeUrl } }))
  })
  server.middlewares.use(passkeyEndpointsPath, (_, outgoing, next) => {
    if (!toSignInMethods(cloud.pool.settings).includes('passkey')) return next()
    outgoing.setHeader('Content-Type', 'application/json')
    outgoing.setHeader('Cache-Control', 'no-cache')
    outgoing.end(toPasskeyEndpoints(toOrigin(server)))
  })
  server.httpServer?.once('close', () => cloud.close())
  server.httpServer?.once('listening', () => {
    const origin = toOrigin(server)
    print(`Site     ${origin}/`)
    print(`Console  ${origin}/console/ (inbox, users, and requests)`)
    if (wantsRideApi) {
      print(`Rides    ${origin}${rideApiPath}/ride (POST, with an ID token)`)
      const config = readConfig()
      if (config.kind !== 'invalid' && config.api.invokeUrl) {
        print(`The site calls the ride API in ${configPath}, not this one.`)
      }
    }
    if (wantsCustomMessage) print('Emails   by the function in src/aws/custom-message')
    print(`Data     ${dataFolder}`)
    for (const line of toQuotaLines(cloud.pool)) print(line)
    print('Emailed codes appear here and in the inbox.')
  })
}

/** The function that writes the emails on AWS, with links to this server. */
function createEmails(server: ViteDevServer | PreviewServer) {
  const languages = readEmailLanguages(repository)
  return createCustomMessageHandler({ siteUrl: () => toOrigin(server), languages })
}

/** Where the server listens, by the name for which browsers make passkeys: an IP address can have none. */
function toOrigin({ httpServer }: ViteDevServer | PreviewServer): string {
  const address = httpServer?.address()
  return `http://localhost:${typeof address === 'object' ? address?.port : undefined}`
}

/** How riders can sign in to the local pool. */
function toSignInMethods({
  explicitAuthFlows,
  firstAuthFactors,
  webAuthn,
}: UserPoolSettings): readonly SignInMethod[] {
  const has = (factor: FirstAuthFactor) =>
    explicitAuthFlows.has('ALLOW_USER_AUTH') && firstAuthFactors.has(factor)
  return [
    'password',
    ...(has('WEB_AUTHN') && webAuthn.relyingPartyId !== undefined ? (['passkey'] as const) : []),
    ...(has('EMAIL_OTP') ? (['email-code'] as const) : []),
  ]
}

/** Reads the settings for every request, so that an edit takes effect at once. An unchanged script is not run again. */
function createConfigReader(path: string): () => Config {
  let script: string | undefined
  let config: Config = readConfigScript('')
  return () => {
    const present = existsSync(path) ? readFileSync(path, 'utf8') : ''
    if (present !== script) {
      script = present
      config = readConfigScript(script)
    }
    return config
  }
}

/** Sets headers before any other middleware, so that every response has them, also 404s and the local cloud's. */
function sendHeaders(readSources: () => PolicySources, isDev: boolean): Connect.NextHandleFunction {
  return (incoming, outgoing, next) => {
    const headers = toSecurityHeaders(readSources())
    for (const [name, value] of Object.entries(headers)) {
      outgoing.setHeader(name, isDev ? relaxForDev(value) : value)
    }
    const cacheControl = isDev ? 'no-store' : toCacheControl(readPath(incoming))
    if (cacheControl !== undefined) outgoing.setHeader('Cache-Control', cacheControl)
    next()
  }
}

/** Redirects as Amplify does by its "Rewrites and redirects". */
const redirect: Connect.NextHandleFunction = (incoming, outgoing, next) => {
  const path = readPath(incoming)
  const found = redirects.find(({ source }) => source === path)
  if (found) outgoing.writeHead(Number(found.status), { Location: found.target }).end()
  else next()
}

/** The last middleware: responds with the 404 page, unless the path is a page, which Vite sends after this. */
function sendNotFound(outDir: string): Connect.NextHandleFunction {
  return (incoming, outgoing, next) => {
    const path = readPath(incoming)
    if (path.endsWith('.html') && existsSync(join(outDir, path))) return next()
    outgoing
      .writeHead(404, {
        'Content-Type': 'text/html; charset=utf-8',
        // The file may exist after the next build.
        'Cache-Control': 'no-store',
      })
      .end(readFileSync(join(outDir, findNotFoundPage(path))))
  }
}

/** Allows what hot reload needs, style elements and a WebSocket, in the content security policy. */
function relaxForDev(value: string): string {
  return value
    .replace(/style-src [^;]*/, "style-src 'self' 'unsafe-inline'")
    .replace("connect-src 'self'", "connect-src 'self' ws://localhost:*")
}

function sendScript(outgoing: ServerResponse, script: string): void {
  outgoing.setHeader('Content-Type', 'text/javascript; charset=utf-8')
  outgoing.end(script)
}

/** @throws {SettingsError} when other machines could reach the server */
function assertLoopback(host: string | boolean | undefined): void {
  if (host === undefined || host === false) return
  if (typeof host === 'string' && ['localhost', '127.0.0.1', '::1'].includes(host)) return
  throw new SettingsError(
    `host ${JSON.stringify(host)}`,
    'localhost',
    'The local user pool is for this machine only. Start without --host.',
  )
}

/** @returns the arguments after `--`. The npm scripts end with `--`, because Vite rejects unknown options. */
function readCommandLine(argv: readonly string[]): readonly string[] {
  const dashes = argv.indexOf('--')
  return dashes === -1 ? [] : argv.slice(dashes + 1)
}

/** @throws {SettingsError} for an unknown option, or a quota that there is not */
function parseCommandLine(commandLine: readonly string[]): {
  readonly rideApi: boolean
  readonly customMessage: boolean
  readonly issuer: boolean
  readonly quotas: Quotas
} {
  const { quota, ...flags } = readOptions(commandLine)
  return {
    rideApi: flags['ride-api'],
    customMessage: flags['custom-message'],
    issuer: flags.issuer,
    quotas: parseQuotas(quota),
  }
}

/** @throws {SettingsError} for an unknown option, or a value that is missing */
function readOptions(commandLine: readonly string[]) {
  try {
    return parseArgs({
      args: [...commandLine],
      options: {
        issuer: commandLineOptions.issuer,
        quota: commandLineOptions.quota,
        'custom-message': { type: 'boolean', default: false },
        'ride-api': { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(
      'arguments',
      '--ride-api, --custom-message, --issuer, --quota NAME=N, or none',
      `${reason}. PORT sets the port.`,
      {
        cause: error,
      },
    )
  }
}

/** @returns glob patterns of the data folder's files, whatever characters are in its name */
function toDenyPatterns(dataFolder: string): readonly string[] {
  const path = relative(process.cwd(), dataFolder).replaceAll('\\', '/')
  const escaped = path.replace(/[^\w/.-]/g, '\\$&')
  return ['**/.local-cloud/**', ...(isOutside(path) ? [] : [`**/${escaped}/**`])]
}

function isOutside(relativePath: string): boolean {
  return relativePath === '..' || relativePath.startsWith('../') || isAbsolute(relativePath)
}

/** @throws {SettingsError} when the data folder is one whose files the servers send, or contains one */
function assertNotServed(dataFolder: string, { root, publicDir, build }: ResolvedConfig): void {
  const contains = (outer: string, inner: string) => !isOutside(relative(outer, inner))
  const served = [publicDir, resolve(root, build.outDir)]
  if (!contains(dataFolder, root) && !served.some((folder) => contains(folder, dataFolder))) return
  throw new SettingsError(
    `LOCAL_CLOUD_DATA ${JSON.stringify(dataFolder)}`,
    'a folder of its own',
    'The files of this one are sent to browsers. Choose another, such as .local-cloud.',
  )
}
