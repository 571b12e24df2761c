/**
 * The local pool as a package: built, packed, installed from its tarball into an empty folder, and used there by an app
 * that has nothing else of this repository. The clients and test runners that the app has are those of this repository.
 */

import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000 })

const root = fileURLToPath(new URL('../../..', import.meta.url))
const fixtures = join(root, 'tests/fixtures/foreign-app')
/** What the app has beside the package. */
const linked = [
  '@aws-sdk/client-cognito-identity-provider',
  '@types/node',
  'amazon-cognito-identity-js',
  'typescript',
  'vitest',
]
/** The Node that runs this test runs everything. */
const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` }

let app = ''

/** Runs a command in the app's folder. */
function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: app, env, encoding: 'utf8' })
  expect(status, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0)
  return stdout
}

function readInstalled(path: string): string {
  return readFileSync(join(app, 'node_modules/local-user-pool', path), 'utf8')
}

beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'foreign-app-'))
  execFileSync('npm', ['run', 'build:user-pool'], { cwd: root, env, stdio: 'pipe' })
  execFileSync('npm', ['pack', '--pack-destination', app], {
    cwd: join(root, 'dist-user-pool'),
    env,
    stdio: 'pipe',
  })
  const [tarball = ''] = readdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`)
  for (const name of linked) {
    mkdirSync(dirname(join(app, 'node_modules', name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name), 'dir')
  }
  for (const name of readdirSync(fixtures)) copyFileSync(join(fixtures, name), join(app, name))
  writeFileSync(join(app, 'key.pem'), toPem(inject('signingKeys')))
}, 300_000)
afterAll(() => rmSync(app, { recursive: true, force: true }))

/** @param signingKeys as a store keeps them */
function toPem(signingKeys: string): string {
  const { id } = v.parse(
    v.object({ id: v.record(v.string(), v.string()) }),
    JSON.parse(signingKeys),
  )
  return String(
    createPrivateKey({ key: id, format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' }),
  )
}

test('package: it has code, types, the console and its README, and nothing of the site', () => {
  const files = readdirSync(join(app, 'node_modules/local-user-pool'), {
    recursive: true,
    withFileTypes: true,
  }).filter((entry) => entry.isFile())
  // The license names whose work it is.
  const texts = files
    .filter(({ name }) => name !== 'LICENSE')
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))

  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      'cli.js',
      'console.css',
      'index.d.ts',
      'index.js',
    ]),
  )
  for (const mark of [/wild ?rydes/i, /unicorn/i, /src\/aws/, /npm (start|run cognito)/]) {
    expect(texts.filter((text) => mark.test(text)).map((text) => mark.exec(text)?.[0])).toEqual([])
  }
})

test('package: its dependencies have the exact versions of the repository', () => {
  const manifest = v.looseObject({
    engines: v.record(v.string(), v.string()),
    license: v.string(),
    dependencies: v.record(v.string(), v.string()),
  })
  const own = v.parse(manifest, JSON.parse(readInstalled('package.json')))
  const repository = v.parse(
    v.looseObject({ ...manifest.entries, devDependencies: v.record(v.string(), v.string()) }),
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')),
  )

  expect(own).toMatchObject({ engines: repository.engines, license: repository.license })
  expect(Object.keys(own.dependencies)).toContain('libsql')
  expect({ ...repository.dependencies, ...repository.devDependencies }).toMatchObject(
    own.dependencies,
  )
})

test('package: no file of it, and none that its README shows, is written by hand twice', () => {
  const readme = readInstalled('README.md')

  expect(readme).not.toContain('<!--')
  for (const name of ['pool.yaml', 'seed.json', 'sign-in.node.js', 'sign-in.test.ts']) {
    expect(readme).toContain(readFileSync(join(fixtures, name), 'utf8'))
  }
})

/** Starts the command with `--port 0`, and waits until it listens. */
async function startByNpx(
  ...options: readonly string[]
): Promise<{ origin: string; printed: string }> {
  const child = spawn('npx', ['--no-install', 'local-user-pool', '--port', '0', ...options], {
    cwd: app,
    env,
    detached: true,
  })
  onTestFinished(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
  })
  let printed = ''
  let failure = ''
  child.stdout.setEncoding('utf8')
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    failure += text
  })
  const ended = once(child, 'close').then(() => {
    throw new Error(`expected the pool to start: ${failure}`)
  })
  ended.catch(() => {})
  while (!/^Emailed codes/m.test(printed)) {
    const [text] = await Promise.race([once(child.stdout, 'data'), ended])
    printed += String(text)
  }
  const [, origin = ''] = /^API {6}(http:\/\/localhost:\d+)\/ /m.exec(printed) ?? []
  return { origin, printed }
}

test('npx: the command starts the pool, answers, and signs in a user of the seed', async () => {
  const data = readdirSync(app)
  const { origin, printed } = await startByNpx(
    ...['--template', 'pool.yaml', '--seed', 'seed.json', '--key', 'key.pem', '--memory'],
  )
  const health = v.parse(
    v.object({ status: v.string(), clientIds: v.tuple([v.string()]) }),
    await (await fetch(`${origin}/health`)).json(),
  )
  const response = await fetch(origin, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': 'AWSCognitoIdentityProviderService.InitiateAuth',
    },
    body: JSON.stringify({
      ClientId: health.clientIds[0],
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: 'ada@example.com', PASSWORD: 'Correct-Horse-1' },
    }),
  })
  const page = await (await fetch(`${origin}/console/`)).text()
  const style = await fetch(`${origin}/console/console.css`)

  expect(printed).toContain('Pool     us-east-1_LocalPool, client localuserpoolclient0000000')
  expect(health.status).toBe('ok')
  expect(await response.json()).toMatchObject({ AuthenticationResult: { TokenType: 'Bearer' } })
  expect(page).toContain('<title>Inbox – Local user pool')
  expect([style.status, (await style.text()).length > 1000]).toEqual([200, true])
  expect(readdirSync(app)).toEqual(data)
})

test('npx: without any option but the port the pool has the defaults of Cognito, and a data folder', async () => {
  const { origin, printed } = await startByNpx()

  expect(printed).toContain(`Data     ${join(app, '.local-user-pool')}`)
  expect((await fetch(`${origin}/console/template`)).status).toBe(200)
  rmSync(join(app, '.local-user-pool'), { recursive: true })
})

test('npx: --help names every option', () => {
  const help = run('npx', '--no-install', 'local-user-pool', '--help')

  expect(help).toMatch(/^Usage: npx local-user-pool/)
  for (const option of ['--memory', '--seed FILE', '--key FILE', '--host', '--allow-host']) {
    expect(help).toContain(option)
  }
})

test('a foreign app signs its user in, in a test of node:test', () => {
  expect(run(process.execPath, '--test', 'sign-in.node.js')).toMatch(/^# pass 2$|pass 2/m)
})

test('a foreign app signs its user in, in a test of Vitest', () => {
  expect(run(process.execPath, 'node_modules/vitest/vitest.mjs', 'run')).toMatch(/1 passed/)
})

test('a foreign app is type checked against the declarations, and a wrong option is found', () => {
  const tsc = 'node_modules/typescript/bin/tsc'
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022']
  const types = ['--types', 'node', '--skipLibCheck', 'false']
  writeFileSync(
    join(app, 'wrong.ts'),
    `import { startUserPool } from 'local-user-pool'\nexport const pool = startUserPool({ prot: 1 })\n`,
  )
  writeFileSync(
    join(app, 'right.ts'),
    `import { startUserPool, type InboxMessage } from 'local-user-pool'
await using pool = await startUserPool({ users: [{ username: 'ada', password: 'Passw0rd!' }] })
export const message: InboxMessage = await pool.inbox.next({ to: 'ada@example.com' })
`,
  )
  run(process.execPath, tsc, ...options, ...types, 'right.ts')
  const wrong = spawnSync(process.execPath, [tsc, ...options, ...types, 'wrong.ts'], {
    cwd: app,
    encoding: 'utf8',
  })

  expect(wrong.status).not.toBe(0)
  expect(wrong.stdout).toContain("'prot' does not exist in type 'UserPoolOptions'")
  expect(existsSync(join(app, 'node_modules/local-user-pool/index.js'))).toBe(true)
})
