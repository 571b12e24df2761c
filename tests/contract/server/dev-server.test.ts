/** The local cloud in Vite's dev server: which hosts reach it, what it serves, and restarts. */

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createNetServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import Database from 'libsql'
import { createLogger, createServer, type ViteDevServer, version } from 'vite'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { inlineHashes } from '../../../src/build/inline.ts'
import { localCloud } from '../../../src/local-cloud/vite-plugin.ts'
import { SettingsError } from '../../../src/shared/settings-error.ts'
import {
  type ApiResponse,
  expectError,
  expectSuccess,
  readResponse,
  toRequest,
} from '../../support/cognito-api.ts'
import { emailTaken } from '../../support/cognito-errors.ts'
import { prepareStore } from '../../support/pool-process.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { ClientId, rider, UserPoolId } from '../../support/users.ts'

interface DevSite {
  readonly server: ViteDevServer
  readonly root: string
  readonly dataFolder: string
  readonly port: number
  readonly printed: readonly string[]
}

interface DevServerOptions {
  /** what `--host` would say */
  readonly host?: string | boolean
  readonly env?: NodeJS.ProcessEnv
  /** what is given after `--` */
  readonly commandLine?: readonly string[]
  /** text of `public/js/config.js`, which is missing otherwise */
  readonly config?: string
  /** path of the data folder in the root */
  readonly data?: string
  readonly root?: string
}

async function startDevServer({
  host = 'localhost',
  env = {},
  commandLine = [],
  config,
  data = '.local-cloud',
  root = createTempFolder(),
}: DevServerOptions = {}): Promise<DevSite> {
  if (config !== undefined) {
    mkdirSync(join(root, 'public/js'), { recursive: true })
    writeFileSync(join(root, 'public/js/config.js'), config)
  }
  const dataFolder = join(root, data)
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Wild Rydes</title>')
  prepareStore(dataFolder)
  const printed: string[] = []
  const customLogger = createLogger('info')
  customLogger.info = (line) => printed.push(line)
  customLogger.warn = () => {}
  customLogger.warnOnce = () => {}
  customLogger.error = () => {}
  const server = await createServer({
    configFile: false,
    root,
    appType: 'mpa',
    mode: 'development',
    customLogger,
    optimizeDeps: { noDiscovery: true },
    plugins: [localCloud(inlineHashes, { ...env, LOCAL_CLOUD_DATA: dataFolder }, commandLine)],
    server: { host, port: 0, ws: false },
  })
  await server.listen()
  onTestFinished(() => server.close())
  return { server, root, dataFolder, port: findPort(server), printed }
}

function findPort({ httpServer }: ViteDevServer): number {
  const address = httpServer?.address()
  if (typeof address !== 'object' || !address) throw new Error('expected a port')
  return address.port
}

async function signUp(port: number, { username, password } = rider): Promise<ApiResponse> {
  const body = {
    ClientId,
    Username: username,
    Password: password,
    UserAttributes: [{ Name: 'email', Value: username }],
  }
  const url = `http://localhost:${port}/cognito-idp/`
  return readResponse(await fetch(toRequest(url, { operation: 'SignUp', body })))
}

/** Whether another process could take the data folder. */
function isFree(dataFolder: string): boolean {
  const lock = new Database(join(dataFolder, 'server.lock'))
  try {
    lock.exec('BEGIN EXCLUSIVE; ROLLBACK')
    return true
  } catch (error) {
    if (error instanceof Error && error.message === 'database is locked') return false
    throw error
  } finally {
    lock.close()
  }
}

function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createNetServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, 'localhost', () => probe.close(() => resolve(true)))
  })
}

test.each(['0.0.0.0', '::', true, '192.168.0.1', 'wildrydes.test'])(
  'dev server: it does not start on host %j, which other machines can reach',
  async (host) => {
    await expect(startDevServer({ host })).rejects.toThrow(
      `host ${JSON.stringify(host)}: expected localhost. The local user pool is for this machine only. Start without --host.`,
    )
  },
)

test('cross-site WebSocket hijacking: the installed Vite has the fix', () => {
  // https://github.com/vitejs/vite/security/advisories/GHSA-vg6x-rcgg-rjx6 ends with 6.0.9.
  const [major = 0] = version.split('.').map(Number)

  expect(major).toBeGreaterThanOrEqual(7)
})

describe('data folder among the served files', () => {
  const shapes: readonly [string, (place: { root: string; file: string }) => string][] = [
    ['its path', ({ file }) => `/.local-cloud/${file}`],
    ['its path with ?import', ({ file }) => `/.local-cloud/${file}?import`],
    ['its path with ?raw', ({ file }) => `/.local-cloud/${file}?raw`],
    ['its path with ?import&raw', ({ file }) => `/.local-cloud/${file}?import&raw`],
    ['its path with ?url&inline', ({ file }) => `/.local-cloud/${file}?url&inline`],
    ['a percent-encoded path', ({ file }) => `/%2elocal-cloud/${file}`],
    ['a path with an encoded ../', ({ file }) => `/js/..%2f.local-cloud/${file}`],
    ['a path with two slashes', ({ file }) => `//.local-cloud/${file}`],
    ['/@fs and its absolute path', ({ root, file }) => `/@fs${root}/.local-cloud/${file}`],
    ['/@fs with ?raw??', ({ root, file }) => `/@fs${root}/.local-cloud/${file}?raw??`],
    ['/@fs with ?import&raw', ({ root, file }) => `/@fs/${root}/.local-cloud/${file}?import&raw`],
    ['a path in upper case', ({ file }) => `/.LOCAL-CLOUD/${file}`],
  ]

  test.each(shapes)('path traversal: the data folder is not served by %s', async (_, toPath) => {
    const { port, root } = await startDevServer()
    expectSuccess(await signUp(port))
    for (const file of ['user-pool.sqlite', 'user-pool.sqlite-wal', 'server.pid']) {
      const path = toPath({ root, file })
      const response = await fetch(`http://localhost:${port}${path}`)
      const text = await response.text()

      expect(response.status, path).toBeGreaterThanOrEqual(400)
      expect(text).not.toContain('SQLite format 3')
      expect(text).not.toContain(rider.username)
      expect(text).not.toBe(readFileSync(join(root, '.local-cloud', 'server.pid'), 'utf8'))
    }
  })

  // The working directory is the root, as with `npm run dev`.
  test.each(['pool (copy)', '..pool', 'pool [1]', 'a+b', '{x,y}', '!pool', 'pool*', '@(x)', 'a/b'])(
    'path traversal: a data folder named %j is not served',
    async (data) => {
      const root = createTempFolder()
      const cwd = vi.spyOn(process, 'cwd').mockReturnValue(root)
      onTestFinished(() => cwd.mockRestore())
      const { port } = await startDevServer({ root, data })
      for (const query of ['', '?raw', '?import&raw']) {
        const path = data.split('/').map(encodeURIComponent).join('/')
        const url = `http://localhost:${port}/${path}/user-pool.sqlite${query}`
        const response = await fetch(url)

        expect(response.status, url).toBeGreaterThanOrEqual(400)
        expect(await response.text()).not.toContain('SQLite format 3')
      }
    },
  )

  test.each(['.', 'public/pool', 'public', 'dist/pool'])(
    'dev server: it does not start with the data folder %j, whose files are sent',
    async (data) => {
      await expect(startDevServer({ data })).rejects.toThrow(/expected a folder of its own/)
    },
  )

  test('dev server: files beside the data folder are served', async () => {
    const { port } = await startDevServer()

    expect((await fetch(`http://localhost:${port}/index.html`)).status).toBe(200)
  })
})

test('dev server: after three restarts it is one server on the same port with the same users', async () => {
  const { server, dataFolder, port, printed } = await startDevServer()
  expectSuccess(await signUp(port))
  for (let round = 0; round < 3; round += 1) {
    await server.restart()

    expect(findPort(server)).toBe(port)
    expect(isFree(dataFolder)).toBe(false)
    expectError(await signUp(port), emailTaken)
    const username = `rider-${round}@example.com`
    expectSuccess(await signUp(port, { ...rider, username }))
    const letters = printed.filter((line) => line.includes(`Email to "${username}"`))
    expect(letters).toHaveLength(1)
  }
})

test('dev server: closing it frees its port and its data folder', async () => {
  const { server, dataFolder, port } = await startDevServer()
  expectSuccess(await signUp(port))
  expect(isFree(dataFolder)).toBe(false)
  await server.restart()
  await server.close()

  expect(isFree(dataFolder)).toBe(true)
  expect(await isPortFree(port)).toBe(true)
})

/** Runs `/js/config.js` as a browser does. */
async function readSettings({ port }: DevSite): Promise<unknown> {
  const window: { _config?: unknown } = {}
  const response = await fetch(`http://localhost:${port}/js/config.js`)
  runInNewContext(await response.text(), { window })
  return window._config
}

/** @returns the status for a ride that is asked for without a token */
async function callRideApiWithoutToken({ port }: DevSite): Promise<number> {
  const response = await fetch(`http://localhost:${port}/ride-api/ride`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  })
  return response.status
}

const withRides: readonly (readonly [string, DevServerOptions])[] = [
  ['--ride-api', { commandLine: ['--ride-api'] }],
  ['RIDE_API=1', { env: { RIDE_API: '1' } }],
  ['the option and the variable together', { commandLine: ['--ride-api'], env: { RIDE_API: '1' } }],
]

describe('ride API of the dev server', () => {
  test.each(withRides)(
    'ride API: %s starts it, prints its address and configures the pages',
    async (_, options) => {
      const site = await startDevServer(options)

      expect(await callRideApiWithoutToken(site)).toBe(401)
      expect(site.printed.map((line) => line.trim())).toContain(
        `Rides    http://localhost:${site.port}/ride-api/ride (POST, with an ID token)`,
      )
      expect(await readSettings(site)).toMatchObject({
        cognito: { userPoolClientId: ClientId, endpoint: '/cognito-idp/' },
        api: { invokeUrl: '/ride-api' },
      })
    },
  )

  test.each([
    ['starting without the option', {}],
    ['RIDE_API=0', { env: { RIDE_API: '0' } }],
    ['RIDE_API=', { env: { RIDE_API: '' } }],
    ['RIDE_API=true', { env: { RIDE_API: 'true' } }],
  ] satisfies [string, DevServerOptions][])('ride API: %s leaves it off', async (_, options) => {
    const site = await startDevServer(options)

    expect(await callRideApiWithoutToken(site)).not.toBe(401)
    expect(site.printed.join('\n')).not.toContain('Rides')
    expect(await readSettings(site)).toMatchObject({ api: { invokeUrl: '' } })
  })
})

describe('emails by the function of src/aws/custom-message', () => {
  const readEmail = async ({ port }: DevSite) => {
    expect((await signUp(port)).status).toBe(200)
    const inbox = await fetch(`http://localhost:${port}/console/inbox.json`)
    const { messages }: { messages: readonly { text: string; code: string }[] } = await inbox.json()
    return { text: messages[0]?.text ?? '', code: messages[0]?.code ?? '' }
  }

  test.each([
    ['--custom-message', { commandLine: ['--custom-message'] }],
    ['CUSTOM_MESSAGE=1', { env: { CUSTOM_MESSAGE: '1' } }],
  ] satisfies [string, DevServerOptions][])(
    'emails: %s starts it, with links to this server, and the terminal says so',
    async (_, options) => {
      const site = await startDevServer(options)
      const { text, code } = await readEmail(site)
      const link = `http://localhost:${site.port}/verify.html#code=${code}&email=`

      expect(text).toContain(` ${link}${encodeURIComponent(rider.username)}`)
      expect(site.printed.map((line) => line.trim())).toContain(
        'Emails   by the function in src/aws/custom-message',
      )
    },
  )

  test.each([
    ['starting without the option', {}],
    ['CUSTOM_MESSAGE=0', { env: { CUSTOM_MESSAGE: '0' } }],
  ] satisfies [string, DevServerOptions][])(
    "emails: %s leaves the template's text as it is",
    async (_, options) => {
      const site = await startDevServer(options)
      const { text, code } = await readEmail(site)

      expect(text).toMatch(/^Hi, here's your Wild Rydes code:\n\n\d{6}\n\nEnter it on the page/)
      expect(text).toContain(code)
      expect(site.printed.join('\n')).not.toContain('Emails   ')
    },
  )

  test('emails: a config.js with a user pool switches it off and the terminal says so', async () => {
    const cognito = {
      userPoolId: 'us-east-1_Ab3dEf9Gh',
      userPoolClientId: 'abc',
      region: 'us-east-1',
    }
    const config = `window._config = ${JSON.stringify({ cognito })}`
    const site = await startDevServer({ commandLine: ['--custom-message'], config })

    expect(site.printed.map((line) => line.trim())).toContain(
      'The function for emails is off too: that user pool calls its own.',
    )
  })
})

describe('the pool beside the site as its own issuer', () => {
  test.each([
    [['--issuer'], (port: number) => `http://localhost:${port}/${UserPoolId}`],
    [[], () => `https://cognito-idp.us-east-1.amazonaws.com/${UserPoolId}`],
  ])('issuer: with the options %j', async (commandLine, toIssuer) => {
    const { port } = await startDevServer({ commandLine })
    const url = `http://localhost:${port}/${UserPoolId}/.well-known/openid-configuration`

    expect(await (await fetch(url)).json()).toMatchObject({ issuer: toIssuer(port) })
  })
})

describe('quotas of the pool beside the site', () => {
  test('--quota: those that are named take effect, and the terminal says which', async () => {
    const site = await startDevServer({
      commandLine: ['--quota', 'UserRead=1', '--quota=UserCreation=2'],
    })
    const getUser = async () =>
      readResponse(
        await fetch(
          toRequest(`http://localhost:${site.port}/cognito-idp/`, {
            operation: 'GetUser',
            body: {},
          }),
        ),
      )
    await getUser()

    expectError(await getUser(), { type: 'TooManyRequestsException', message: 'Rate exceeded' })
    expect(site.printed.join('\n')).toContain('Quotas   UserRead 1, UserCreation 2 a second')
  })

  test('--quota: the dev server does not start with one that there is not', async () => {
    const start = startDevServer({ commandLine: ['--quota', 'UserReads=1'] })

    await expect(start).rejects.toThrow(SettingsError)
    await expect(start).rejects.toThrow(/^--quota UserReads=1: .*; did you mean UserRead\?/)
  })
})

describe('ride API beside a config.js', () => {
  const invokeUrl = 'https://abc123.execute-api.us-east-1.amazonaws.com/prod'
  const commandLine = ['--ride-api']
  const toScript = (settings: object) => `window._config = ${JSON.stringify(settings)}`

  test('config.js with an API of its own keeps it and the terminal says so', async () => {
    const site = await startDevServer({ commandLine, config: toScript({ api: { invokeUrl } }) })

    expect(await readSettings(site)).toMatchObject({ api: { invokeUrl } })
    expect(site.printed.join('\n')).toContain(
      `The site calls the ride API in ${join(site.root, 'public/js/config.js')}, not this one.`,
    )
    expect(await callRideApiWithoutToken(site)).toBe(401)
  })

  test('config.js without an API gets the local one', async () => {
    const site = await startDevServer({ commandLine, config: toScript({ api: {} }) })

    expect(await readSettings(site)).toMatchObject({ api: { invokeUrl: '/ride-api' } })
    expect(site.printed.join('\n')).not.toContain('not this one')
  })

  test('config.js with map tiles keeps them', async () => {
    const map = { tileUrl: 'https://tiles.example.com/{z}/{x}/{y}.png', attribution: '© us' }
    const site = await startDevServer({ commandLine, config: toScript({ map }) })
    const page = await fetch(`http://localhost:${site.port}/index.html`)

    expect(await readSettings(site)).toMatchObject({ api: { invokeUrl: '/ride-api' }, map })
    expect(page.headers.get('content-security-policy')).toContain(
      "img-src 'self' https://tiles.example.com;",
    )
  })

  test('config.js with a user pool switches the local ride API off and the terminal says so', async () => {
    const cognito = {
      userPoolId: 'us-east-1_Ab3dEf9Gh',
      userPoolClientId: 'abc',
      region: 'us-east-1',
    }
    const config = toScript({ cognito, api: { invokeUrl } })
    const site = await startDevServer({ commandLine, config })

    expect(await readSettings(site)).toEqual({ cognito, api: { invokeUrl } })
    expect(await callRideApiWithoutToken(site)).not.toBe(401)
    expect(site.printed.map((line) => line.trim())).toContain(
      'The local ride API is off too: it takes only tokens of the local user pool.',
    )
  })

  test('config.js is read again after an edit', async () => {
    const site = await startDevServer({ commandLine, config: toScript({}) })
    expect(await readSettings(site)).toMatchObject({ api: { invokeUrl: '/ride-api' } })
    writeFileSync(join(site.root, 'public/js/config.js'), toScript({ api: { invokeUrl } }))

    expect(await readSettings(site)).toMatchObject({ api: { invokeUrl } })
  })
})

describe('unknown command line options', () => {
  test.each([
    [['--rides'], "Unknown option '--rides'"],
    [['--port', '3000'], "Unknown option '--port'"],
    [['-p'], "Unknown option '-p'"],
    [['ride-api'], "Unexpected argument 'ride-api'"],
    [['--ride-api=yes'], "Option '--ride-api' does not take an argument"],
    [['--ride-api', '--ride_api'], "Unknown option '--ride_api'"],
  ])('the dev server does not start with %j', async (commandLine, reason) => {
    const start = startDevServer({ commandLine })

    await expect(start).rejects.toThrow(SettingsError)
    await expect(start).rejects.toThrow(
      `arguments: expected --ride-api, --custom-message, --issuer, --quota NAME=N, or none. ${reason}`,
    )
    await expect(start).rejects.toThrow(/[^.]\. PORT sets the port\.$/)
  })
})

/** Starts Vite as `npm run dev -- …` does, with this repository's settings, over another root. */
function spawnDev(commandLine: readonly string[]): {
  readonly root: string
  readonly child: ChildProcessWithoutNullStreams
} {
  const root = createTempFolder()
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>Wild Rydes</title>')
  const dataFolder = join(root, '.local-cloud')
  prepareStore(dataFolder)
  const vite = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url))
  const child = spawn(
    process.execPath,
    [vite, root, '--config', 'vite.config.ts', '--logLevel', 'info', '--', ...commandLine],
    {
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
      env: { ...process.env, NODE_ENV: '', PORT: '0', LOCAL_CLOUD_DATA: dataFolder, RIDE_API: '' },
    },
  )
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'close')
    }
  })
  return { root, child }
}

describe('options after -- of npm run dev', () => {
  test('npm run dev: options after -- reach the local cloud through Vite', async () => {
    const { child } = spawnDev(['--ride-api'])
    let printed = ''
    for await (const piece of child.stdout.setEncoding('utf8')) {
      printed += piece
      if (printed.includes('Emailed codes')) break
    }

    expect(printed).toMatch(/^ {2}Rides {4}http:\/\/localhost:\d+\/ride-api\/ride /m)
  })

  test('npm run dev: an unknown option after -- ends Vite with an error', async () => {
    const { child } = spawnDev(['--rides'])
    const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')])

    expect(child.exitCode).toBe(1)
    expect(stderr).toContain(
      'arguments: expected --ride-api, --custom-message, --issuer, --quota NAME=N, or none.',
    )
    expect(stderr).toContain("Unknown option '--rides'. PORT sets the port.")
  })
})
