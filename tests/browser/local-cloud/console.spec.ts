/** The local cloud's console: the inbox, the users, the log, and other origins that must not use it. */

import { createServer, type Server } from 'node:http'
import type { Page } from '@playwright/test'
import { openLocalCloud } from '../../../src/local-cloud/local-cloud.ts'
import { expectAccessible } from '../support/accessibility.ts'
import { expect, test } from '../support/fixtures.ts'

test('console inbox: a new email appears without a reload, and its code can be copied', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/console/')
  await expect(page.getByText('No letters yet')).toBeVisible()
  await page.evaluate(() => {
    Reflect.set(window, 'stillHere', true)
  })
  await site.pool.registerUser(rider)
  const email = page.getByRole('article').filter({ hasText: rider.email })
  const code = await site.pool.latestCodeFor(rider.email)
  await expect(email.getByText(code, { exact: true })).toBeVisible()
  await email.getByRole('button', { name: 'Copy code' }).click()
  await expect(page.getByRole('status')).toHaveText('Code copied.')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code)
  expect(await page.evaluate(() => Reflect.get(window, 'stillHere'))).toBe(true)
})

test('console inbox: inbox.json lists emails newest first, each with its documented members', async ({
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  await site.pool.registerUser({ ...rider, email: 'second@example.com' })
  const { messages } = await (await fetch(`${site.origin}/console/inbox.json`)).json()
  expect(messages.map(({ to }: { to: string }) => to)).toEqual(['second@example.com', rider.email])
  expect(Object.keys(messages[0])).toEqual(['id', 'to', 'subject', 'text', 'code', 'sentAt'])
  expect(messages[0].text).toContain(messages[0].code)
})

test('console log: emailed codes are printed when they are sent, and passwords never', async ({
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  const printed = site.printed.join('\n')
  expect(printed).toContain(await site.pool.latestCodeFor(rider.email))
  expect(printed).toMatch(/SignUp 200/)
  expect(printed).not.toContain(rider.password)
})

test('console users: more than 50 users are paginated', async ({ page, site, rider }) => {
  for (let number = 10; number < 62; number += 1) {
    await site.pool.registerUser({ ...rider, email: `rider${number}@example.com` })
  }
  await page.goto('/console/users')
  await expect(page.getByRole('row')).toHaveCount(51)
  await page.getByRole('link', { name: 'Next page' }).click()
  await expect(page.getByRole('row')).toHaveCount(3)
  await expect(page.getByRole('row', { name: /rider61@/ })).toBeVisible()
})

test('console users: confirming a user who is confirmed already changes nothing and says why', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  await page.goto('/console/users')
  await site.pool.call('AdminConfirmSignUp', {
    UserPoolId: 'us-east-1_WildRydes',
    Username: rider.email,
  })
  await page.getByRole('button', { name: `Confirm user ${rider.email}` }).click()
  await expect(page.getByRole('heading', { name: 'Nothing was changed' })).toBeVisible()
  await expect(page.getByText('Current status is CONFIRMED')).toBeVisible()
})

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false })

  test('console without JavaScript: emails can be read and users confirmed', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.registerUser(rider)
    await page.goto('/console/')
    await expect(
      page.getByText(await site.pool.latestCodeFor(rider.email), { exact: true }),
    ).toBeVisible()
    await page.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('button', { name: `Confirm user ${rider.email}` }).click()
    await expect(page.getByRole('status')).toHaveText('The user is confirmed.')
    await expect(page.getByText('CONFIRMED', { exact: true })).toBeVisible()
  })

  test('console without JavaScript: a user can be found, disabled and enabled, and deleting takes a second step', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await site.pool.registerUser({ ...rider, email: 'second@example.com' })
    await page.goto('/console/users')
    await page.getByLabel('User name, e-mail or sub begins with').fill('Rider@')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect(page.getByRole('row')).toHaveCount(2)
    await page.getByRole('link', { name: rider.email }).click()

    await page.getByRole('button', { name: 'Disable user' }).click()
    await expect(page.getByText('CONFIRMED, disabled')).toBeVisible()
    await page.getByRole('button', { name: 'Enable user' }).click()
    await expect(page.getByText('CONFIRMED', { exact: true })).toBeVisible()

    await expect(page.getByRole('button', { name: 'Delete user' })).toBeHidden()
    await page.getByText('Delete user …').click()
    await page.getByRole('button', { name: 'Delete user' }).click()
    await expect(page.getByRole('heading', { name: 'Users' })).toBeVisible()
    await expect(page.getByText('1 user in this pool.')).toBeVisible()
  })
})

test('console requests: a failed sign-in appears with its reason, without a reload', async ({
  page,
  site,
}) => {
  await page.goto('/console/requests')
  await expect(page.getByText('None yet.')).toBeVisible()
  await site.pool.call('InitiateAuth', {
    ClientId: 'wildrydeswebapplocal000000',
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: 'ghost@example.com', SRP_A: '0' },
  })
  const row = page.getByRole('row').filter({ hasText: 'InitiateAuth' })
  await expect(row).toContainText('400 NotAuthorizedException: Incorrect username or password.')
  await expect(row).toContainText('(SRP_A is not hex, longer than N, or 0 modulo N)')
  await expect(row).toContainText('ghost@example.com')
  await expect(page.getByRole('status')).toHaveText('New requests.')
})

test.describe('the console has no accessibility faults', () => {
  async function expectNoFaults(page: Page, path: string): Promise<void> {
    await page.goto(path)
    await expectAccessible(page)
  }

  for (const path of [
    '/console/',
    '/console/users',
    '/console/users?search=x',
    '/console/requests',
  ]) {
    test(`console accessibility: ${path} has no faults, empty or with a user`, async ({
      page,
      site,
      rider,
    }) => {
      await expectNoFaults(page, path)
      await site.pool.registerUser(rider)
      await expectNoFaults(page, path)
    })
  }

  test('console accessibility: the page of a user has no faults', async ({ page, site, rider }) => {
    await site.pool.registerUser(rider)
    const sub = await site.pool.subOf(rider.email)
    await expectNoFaults(page, `/console/user?sub=${sub}&done=confirm`)
  })
})

test('CORS: a page of another origin can neither read the console nor act on users', async ({
  browser,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  const sub = await site.pool.subOf(rider.email)
  const { server, port } = await servePage()
  try {
    for (const origin of [`http://localhost:${port}`, `http://127.0.0.1:${port}`]) {
      const page = await browser.newPage()
      await page.goto(origin)
      expect(await tryAllRequests(page, site.origin, sub)).toEqual([])
      const answered = page.waitForResponse(/users\/confirm/)
      await page.evaluate(() => document.querySelector('form')?.submit())
      expect((await answered).status()).toBe(403)
      await page.close()
    }
    expect(await site.pool.statusOf(rider.email)).toBe('UNCONFIRMED')
    expect(site.printed.join('\n')).not.toContain('ListUsers')
  } finally {
    server.close()
  }
})

test('CORS: a page of an allowed origin can use the API, and nothing else', async ({
  browser,
  dataFolder,
}) => {
  const otherSite = await servePage()
  const origin = `http://localhost:${otherSite.port}`
  const cloud = await openLocalCloud({
    dataFolder,
    testClock: true,
    allowedOrigins: new Set([origin]),
    print: () => {},
  })
  const host = await listen(
    createServer((incoming, outgoing) => {
      if (!cloud.handle(incoming, outgoing)) outgoing.writeHead(404).end()
    }),
  )
  try {
    const page = await browser.newPage()
    await page.goto(origin)
    const target = `http://localhost:${host.port}`
    const answers = await page.evaluate(async (pool) => {
      const call = async (body: object) => {
        const response = await fetch(`${pool}/cognito-idp/`, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/x-amz-json-1.1',
            'X-Amz-Target': 'AWSCognitoIdentityProviderService.SignUp',
          },
          body: JSON.stringify(body),
        })
        return [response.status, response.headers.get('x-amzn-errortype')]
      }
      const keys = await fetch(`${pool}/cognito-idp/us-east-1_WildRydes/.well-known/jwks.json`)
      return [
        await call({
          ClientId: 'wildrydeswebapplocal000000',
          Username: 'guest@example.com',
          Password: 'Unicorn-1234',
        }),
        await call({}),
        [keys.status, null],
      ]
    }, target)
    expect(answers).toEqual([
      [200, null],
      [400, 'InvalidParameterException:'],
      [200, null],
    ])
    const sub = cloud.pool.store.findUser('guest@example.com')?.sub ?? ''
    expect(await tryAllRequests(page, target, sub)).toEqual(['api'])
    expect(cloud.pool.store.findUser('guest@example.com')?.status).toBe('UNCONFIRMED')
    await page.close()
  } finally {
    otherSite.server.close()
    host.server.close()
    cloud.close()
  }
})

function servePage(): Promise<{ server: Server; port: number }> {
  return listen(
    createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html')
      response.end('<!doctype html><title>Another page</title>')
    }),
  )
}

async function listen(server: Server): Promise<{ server: Server; port: number }> {
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('expected a port')
  return { server, port: address.port }
}

/**
 * Tries to read the local cloud and to act on it from a page of another origin.
 *
 * @returns the ways by which something could be read; the caller checks that nothing was changed
 */
function tryAllRequests(page: Page, target: string, sub: string): Promise<readonly string[]> {
  return page.evaluate(
    async ({ pool, userSub }) => {
      const json = { 'Content-Type': 'application/json' }
      const act = new URLSearchParams({ sub: userSub })
      const attempts: Record<string, () => Promise<Response>> = {
        inbox: () => fetch(`${pool}/console/inbox.json`),
        users: () => fetch(`${pool}/console/users`),
        requests: () => fetch(`${pool}/console/requests`),
        blind: () => fetch(`${pool}/console/inbox.json`, { mode: 'no-cors' }),
        clock: () =>
          fetch(`${pool}/console/clock`, {
            method: 'POST',
            headers: json,
            body: '{"advanceSeconds":1}',
          }),
        act: () => fetch(`${pool}/console/users/confirm`, { method: 'POST', body: act }),
        'blind act': () =>
          fetch(`${pool}/console/users/confirm`, { method: 'POST', mode: 'no-cors', body: act }),
        api: () =>
          fetch(`${pool}/cognito-idp/`, {
            method: 'POST',
            headers: {
              'Content-Type': 'application/x-amz-json-1.1',
              'X-Amz-Target': 'AWSCognitoIdentityProviderService.ListUsers',
            },
            body: '{}',
          }),
        'api as text': () =>
          fetch(`${pool}/cognito-idp/`, { method: 'POST', mode: 'no-cors', body: '{}' }),
      }
      const read: string[] = []
      for (const [name, attempt] of Object.entries(attempts)) {
        const text = await attempt().then(
          (response) => response.text(),
          () => '',
        )
        if (text !== '') read.push(name)
      }
      navigator.sendBeacon(`${pool}/console/users/confirm`, act)
      const load = (tag: 'img' | 'script' | 'iframe', path: string) =>
        new Promise<void>((resolve) => {
          const element = document.createElement(tag)
          element.addEventListener('load', () => {
            if (tag !== 'iframe') read.push(tag)
            resolve()
          })
          element.addEventListener('error', () => resolve())
          element.src = `${pool}${path}`
          document.body.append(element)
        })
      await load('img', '/console/icon.svg')
      await load('script', '/console/console.js')
      await load('iframe', '/console/')
      const form = document.createElement('form')
      form.method = 'post'
      form.action = `${pool}/console/users/confirm`
      const field = document.createElement('input')
      field.name = 'sub'
      field.value = userSub
      form.append(field)
      document.body.append(form)
      return read
    },
    { pool: target, userSub: sub },
  )
}
