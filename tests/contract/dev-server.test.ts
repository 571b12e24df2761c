/** The local cloud in Vite's dev server: who reaches it, what it serves, and how it starts anew. */

import { readFileSync, writeFileSync } from 'node:fs'
import { createServer as createNetServer } from 'node:net'
import { join } from 'node:path'
import Database from 'libsql'
import { createLogger, createServer, type ViteDevServer, version } from 'vite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { localCloud } from '../../src/local-cloud/vite-plugin.ts'
import { prepareStore } from '../support/pool-process.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { ClientId, rider } from '../support/users.ts'
import {
  type Answer,
  expectRefusal,
  expectSuccess,
  readAnswer,
  toRequest,
} from '../support/wire.ts'

interface DevSite {
  readonly server: ViteDevServer
  readonly root: string
  readonly dataFolder: string
  readonly port: number
  readonly printed: readonly string[]
}

/** @param host what `--host` would say */
async function startDevServer(host: string | boolean = 'localhost'): Promise<DevSite> {
  const root = createTempFolder()
  const dataFolder = join(root, '.local-cloud')
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
    plugins: [localCloud({ LOCAL_CLOUD_DATA: dataFolder })],
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

async function signUp(port: number, { username, password } = rider): Promise<Answer> {
  const body = {
    ClientId,
    Username: username,
    Password: password,
    UserAttributes: [{ Name: 'email', Value: username }],
  }
  const url = `http://localhost:${port}/cognito-idp/`
  return readAnswer(await fetch(toRequest(url, { operation: 'SignUp', body })))
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
  'a dev server that other machines could reach, host %j, does not start',
  async (host) => {
    await expect(startDevServer(host)).rejects.toThrow(
      `host ${JSON.stringify(host)}: expected localhost. The local user pool serves this machine only: start without --host.`,
    )
  },
)

test('Vite is one that lets no other page listen to its socket', () => {
  // https://github.com/vitejs/vite/security/advisories/GHSA-vg6x-rcgg-rjx6 ends with 6.0.9.
  const [major = 0] = version.split('.').map(Number)

  expect(major).toBeGreaterThanOrEqual(7)
})

describe('a data folder among the served files', () => {
  const shapes: readonly [string, (place: { root: string; file: string }) => string][] = [
    ['its path', ({ file }) => `/.local-cloud/${file}`],
    ['its path as a module', ({ file }) => `/.local-cloud/${file}?import`],
    ['its path as text', ({ file }) => `/.local-cloud/${file}?raw`],
    ['its path as a module of text', ({ file }) => `/.local-cloud/${file}?import&raw`],
    ['its path as an address', ({ file }) => `/.local-cloud/${file}?url&inline`],
    ['its path, escaped', ({ file }) => `/%2elocal-cloud/${file}`],
    ['its path, in a roundabout way', ({ file }) => `/js/..%2f.local-cloud/${file}`],
    ['two slashes', ({ file }) => `//.local-cloud/${file}`],
    ['its place on the disk', ({ root, file }) => `/@fs${root}/.local-cloud/${file}`],
    ['its place, as text', ({ root, file }) => `/@fs${root}/.local-cloud/${file}?raw??`],
    ['its place, as a module', ({ root, file }) => `/@fs/${root}/.local-cloud/${file}?import&raw`],
    ['other letters', ({ file }) => `/.LOCAL-CLOUD/${file}`],
  ]

  test.each(shapes)('is not given away by %s', async (_, toPath) => {
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

  test('does not keep its neighbours from being served', async () => {
    const { port } = await startDevServer()

    expect((await fetch(`http://localhost:${port}/index.html`)).status).toBe(200)
  })
})

test('a dev server that restarts three times is one server, on its port, with its users', async () => {
  const { server, dataFolder, port, printed } = await startDevServer()
  expectSuccess(await signUp(port))
  for (let round = 0; round < 3; round += 1) {
    await server.restart()

    expect(findPort(server)).toBe(port)
    expect(isFree(dataFolder)).toBe(false)
    expectRefusal(await signUp(port), {
      type: 'UsernameExistsException',
      message: 'User already exists',
    })
    const username = `rider-${round}@example.com`
    expectSuccess(await signUp(port, { ...rider, username }))
    const letters = printed.filter((line) => line.includes(`mail to "${username}"`))
    expect(letters).toHaveLength(1)
  }
})

test('a dev server that is closed has let go of its port and of its data folder', async () => {
  const { server, dataFolder, port } = await startDevServer()
  expectSuccess(await signUp(port))
  expect(isFree(dataFolder)).toBe(false)
  await server.restart()
  await server.close()

  expect(isFree(dataFolder)).toBe(true)
  expect(await isPortFree(port)).toBe(true)
})
