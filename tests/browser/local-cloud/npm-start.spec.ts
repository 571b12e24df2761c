/** `npm start` as a newcomer runs it. */

import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, expect } from '@playwright/test'
import { openSqliteStore } from '../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import { createPoolClient } from '../support/pool-client.ts'
import { passRideTime } from '../support/ride-actions.ts'
import { expectRidePage, register, signIn } from '../support/rider-actions.ts'

interface Fixtures {
  /** what the data folder has in it before the start */
  readonly prepare: { readonly run: (folder: string) => void }
  readonly script: 'start' | 'dev'
  /** arguments of `npm start` */
  readonly options: readonly string[]
  readonly started: { origin: string; output: () => string; folder: string }
}

const test = base.extend<Fixtures>({
  script: ['start', { option: true }],
  options: [[], { option: true }],
  prepare: [{ run: () => undefined }, { option: true }],
  started: async ({ script, options, prepare }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-'))
    prepare.run(folder)
    const port = await findFreePort()
    const child = spawn('npm', ['run', script, ...options], {
      env: { ...process.env, PORT: String(port), LOCAL_CLOUD_DATA: folder },
      detached: true,
    })
    let output = ''
    const serving = new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += String(chunk)
        if (output.includes('Emailed codes')) resolve()
      }
      child.stdout.on('data', read)
      child.stderr.on('data', read)
      child.once('exit', () => reject(new Error(`npm run ${script} ended:\n${output}`)))
    })
    await serving
    await use({ origin: `http://localhost:${port}`, output: () => output, folder })
    const ended = new Promise((resolve) => {
      child.removeAllListeners('exit')
      child.once('exit', resolve)
    })
    if (child.pid) process.kill(-child.pid, 'SIGTERM')
    await ended
    rmSync(folder, { recursive: true, maxRetries: 5 })
  },
})

// Both build into `dist`.
test.describe.configure({ mode: 'default' })

test('npm start: the site, the console and the user pool work together, and the output says where they are', async ({
  browser,
  started,
}) => {
  const { origin, output, folder } = started
  expect(output()).toContain(`${origin}/`)
  expect(output()).toContain(`${origin}/console/`)
  expect(output()).toContain(folder)
  const pool = createPoolClient(origin)
  const page = await browser.newPage({ baseURL: origin })
  const rider = { email: 'newcomer@example.com', password: 'Unicorn-1234' }
  await register(page, rider)
  const code = await pool.latestCodeFor(rider.email)
  await expect.poll(output).toContain(code)
  const [email] = await pool.emailsTo(rider.email)
  expect(email?.text).toContain(` ${origin}/verify.html#code=${code} `)
  await page.goto('/console/')
  await page.getByText('Show email').click()
  await page.getByRole('link', { name: 'open Wild Rydes' }).click()
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await expectRidePage(page)
  await signIn(page, rider)
  await expect(page.getByText('api.invokeUrl')).toBeVisible()
  await expect(pool.advanceClock(60)).rejects.toThrow(/test-clock/)
  for (const path of [
    '/.local-cloud/user-pool.sqlite',
    '/user-pool.sqlite',
    `/@fs${folder}/user-pool.sqlite`,
    '/src/local-cloud/main.ts',
    '/package.json',
  ]) {
    expect((await fetch(origin + path)).status, path).toBe(404)
  }
  await page.close()
})

test.describe('with a ride API', () => {
  test.use({ options: ['--', '--ride-api'] })

  test('npm start -- --ride-api: a new rider registers and gets a unicorn', async ({
    browser,
    started,
  }) => {
    const { origin, output } = started
    expect(output()).toContain(`${origin}/ride-api/ride`)
    const page = await browser.newPage({ baseURL: origin })
    const rider = { email: 'newcomer@example.com', password: 'Unicorn-1234' }
    await register(page, rider)
    await page
      .getByLabel('Verification code')
      .fill(await createPoolClient(origin).latestCodeFor(rider.email))
    await expectRidePage(page)
    await page.getByLabel('Or choose a place').selectOption('Fremont')
    await page.getByRole('button', { name: 'Request unicorn' }).click()
    await expect(page.getByRole('log')).toContainText(/is on the way/)
    await passRideTime(page)
    await expect(page.getByRole('log')).toContainText(/has arrived/)
    await page.close()
  })
})

test.describe('with the data folder of a pool of user names', () => {
  test.use({
    prepare: {
      run(folder) {
        const made = mkdtempSync(join(tmpdir(), 'wild-rydes-'))
        const rules = { caseSensitive: false, usernameModel: 'username' } as const
        openSqliteStore(join(made, 'user-pool.sqlite'), rules).close()
        // A copy, which no connection of this process uses.
        cpSync(made, folder, { recursive: true })
        rmSync(made, { recursive: true })
      },
    },
  })

  test('npm start: data that a start with the earlier default has left is put aside, and a newcomer signs in by email', async ({
    browser,
    started: { origin, output, folder },
  }) => {
    expect(output()).toContain('The data here is of a pool with sign-in by username, any case.')
    const [, archive = ''] = /The data of the other one is kept in (\S+)/.exec(output()) ?? []
    expect(readdirSync(archive)).toEqual(['user-pool.sqlite'])
    expect(archive).toContain(join(folder, 'sign-in-by-username.'))
    const page = await browser.newPage({ baseURL: origin })
    const rider = { email: 'newcomer@example.com', password: 'Unicorn-1234' }
    await createPoolClient(origin).createConfirmedUser(rider)
    await signIn(page, rider)
    await page.close()
  })
})

test.describe('from the sources', () => {
  test.use({ script: 'dev' })

  test('npm run dev signs a new user in, with the client library’s shims in place', async ({
    browser,
    started: { origin },
  }) => {
    const page = await browser.newPage({ baseURL: origin })
    const rider = { email: 'newcomer@example.com', password: 'Unicorn-1234' }
    await createPoolClient(origin).createConfirmedUser(rider)
    await signIn(page, rider)
    await page.close()
  })
})

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve)
  })
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}
