/** What `auth` offers for pages to come, called as the built modules that they will fetch. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { outDir } from '../support/build-site.ts'
import { expect, test } from '../support/fixtures.ts'
import { ClientId } from '../support/pool-client.ts'
import { expectRidePage } from '../support/rider-actions.ts'

/** Calls an exported function of a built module in the page. */
function call(
  page: Page,
  module: 'user-auth',
  name: string,
  ...values: readonly unknown[]
): Promise<unknown> {
  const file = readdirSync(join(outDir, 'assets')).find(
    (one) => one.startsWith(`${module}-`) && one.endsWith('.js'),
  )
  return page.evaluate(
    async ([url, exported, parameters]) => {
      const functions = await import(url)
      return functions[exported](...parameters)
    },
    [`/assets/${file}`, name, values] as const,
  )
}

test('sign-up session: the session of ConfirmSignUp signs in with nothing typed again, once', async ({
  page,
  site,
  rider,
}) => {
  const { body: signedUp } = await site.pool.call('SignUp', {
    ClientId,
    Username: rider.email,
    Password: rider.password,
    UserAttributes: [{ Name: 'email', Value: rider.email }],
  })
  const { body: confirmed } = await site.pool.call('ConfirmSignUp', {
    ClientId,
    Username: rider.email,
    ConfirmationCode: await site.pool.latestCodeFor(rider.email),
    Session: signedUp.Session,
  })
  await page.goto('/')
  const attempt = { username: rider.email, session: confirmed.Session, rememberMe: false }
  expect(await call(page, 'user-auth', 'signInWithSession', attempt)).toEqual({ kind: 'signed-in' })
  await page.goto('/ride.html')
  await expectRidePage(page)
  await expect(page.locator('#user-name')).toHaveText(rider.email)
  await expect(call(page, 'user-auth', 'signInWithSession', attempt)).rejects.toThrow(
    'the service answered with an error',
  )
})
