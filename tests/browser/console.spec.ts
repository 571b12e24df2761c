/** The local cloud's console: mail as it comes, users, and nobody else let in. */

import { createServer } from 'node:http'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from './fixtures.ts'

test('a letter appears without a reload, its code large and copyable', async ({
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
  const letter = page.getByRole('article').filter({ hasText: rider.email })
  const code = await site.pool.latestCodeFor(rider.email)
  await expect(letter.getByText(code, { exact: true })).toBeVisible()
  await letter.getByRole('button', { name: 'Copy code' }).click()
  await expect(page.getByRole('status')).toHaveText('Code copied.')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code)
  expect(await page.evaluate(() => Reflect.get(window, 'stillHere'))).toBe(true)
})

test('the inbox as data is newest first and names its parts', async ({ site, rider }) => {
  await site.pool.registerUser(rider)
  await site.pool.registerUser({ ...rider, email: 'second@example.com' })
  const { messages } = await (await fetch(`${site.origin}/console/inbox.json`)).json()
  expect(messages.map(({ to }: { to: string }) => to)).toEqual(['second@example.com', rider.email])
  expect(Object.keys(messages[0])).toEqual(['id', 'to', 'subject', 'text', 'code', 'sentAt'])
  expect(messages[0].text).toContain(messages[0].code)
})

test('mailed codes are printed as they are sent, and passwords never', async ({ site, rider }) => {
  await site.pool.registerUser(rider)
  const printed = site.printed.join('\n')
  expect(printed).toContain(await site.pool.latestCodeFor(rider.email))
  expect(printed).toMatch(/SignUp 200/)
  expect(printed).not.toContain(rider.password)
})

test('more users than fit on a page are paged through', async ({ page, site, rider }) => {
  for (let number = 10; number < 62; number += 1) {
    await site.pool.registerUser({ ...rider, email: `rider${number}@example.com` })
  }
  await page.goto('/console/users')
  await expect(page.getByRole('row')).toHaveCount(51)
  await page.getByRole('link', { name: 'Next page' }).click()
  await expect(page.getByRole('row')).toHaveCount(3)
  await expect(page.getByRole('row', { name: /rider61@/ })).toBeVisible()
})

test('confirming a user who is gone or confirmed already changes nothing and says why', async ({
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

  test('letters can be read and users confirmed', async ({ page, site, rider }) => {
    await site.pool.registerUser(rider)
    await page.goto('/console/')
    await expect(
      page.getByText(await site.pool.latestCodeFor(rider.email), { exact: true }),
    ).toBeVisible()
    await page.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('button', { name: `Confirm user ${rider.email}` }).click()
    await expect(page.getByRole('cell', { name: 'CONFIRMED', exact: true })).toBeVisible()
  })
})

test('the console has no accessibility faults, empty or full', async ({ page, site, rider }) => {
  const check = async (path: string) => {
    await page.goto(path)
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  }
  await check('/console/')
  await check('/console/users')
  await site.pool.registerUser(rider)
  await check('/console/')
  await check('/console/users')
})

test('a page of another origin can neither read the mail nor act', async ({
  browser,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  const stranger = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end('<!doctype html><title>Another page</title>')
  })
  await new Promise<void>((resolve) => {
    stranger.listen(0, 'localhost', resolve)
  })
  const address = stranger.address()
  const port = typeof address === 'object' ? address?.port : undefined
  try {
    for (const origin of [`http://localhost:${port}`, `http://127.0.0.1:${port}`]) {
      const page = await browser.newPage()
      await page.goto(origin)
      const reached = await page.evaluate(async (target) => {
        const attempts = [
          () => fetch(`${target}/console/inbox.json`),
          () => fetch(`${target}/console/inbox.json`, { mode: 'no-cors' }),
          () =>
            fetch(`${target}/console/users/confirm`, {
              method: 'POST',
              mode: 'no-cors',
              body: new URLSearchParams({ username: 'rider@example.com' }),
            }),
          () =>
            fetch(`${target}/cognito-idp/`, {
              method: 'POST',
              headers: {
                'Content-Type': 'application/x-amz-json-1.1',
                'X-Amz-Target': 'AWSCognitoIdentityProviderService.ListUsers',
              },
              body: '{}',
            }),
          () => fetch(`${target}/cognito-idp/`, { method: 'POST', body: '{}' }),
        ]
        const read: string[] = []
        for (const attempt of attempts) {
          const text = await attempt().then(
            (response) => response.text(),
            () => '',
          )
          if (text !== '') read.push(text)
        }
        navigator.sendBeacon(`${target}/console/users/confirm`, 'username=rider%40example.com')
        const form = document.createElement('form')
        form.method = 'post'
        form.action = `${target}/console/users/confirm`
        const field = document.createElement('input')
        field.name = 'username'
        field.value = 'rider@example.com'
        form.append(field)
        document.body.append(form)
        return read
      }, site.origin)
      expect(reached).toEqual([])
      const answered = page.waitForResponse(/users\/confirm/)
      await page.evaluate(() => document.querySelector('form')?.submit())
      expect((await answered).status()).toBe(403)
      await page.close()
    }
    expect(await site.pool.statusOf(rider.email)).toBe('UNCONFIRMED')
  } finally {
    stranger.close()
  }
})
