/** What `auth` offers for pages to come, called as the built modules that they will fetch. */

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { outDir } from '../support/build-site.ts'
import { expect, test } from '../support/fixtures.ts'
import { ClientId } from '../support/pool-client.ts'
import { expectRidePage, openSignedIn } from '../support/rider-actions.ts'
import { addVirtualAuthenticator, registerPasskey } from '../support/virtual-authenticator.ts'

/** Calls an exported function of a built module in the page. */
function call(
  page: Page,
  module: 'user-auth' | 'passkeys',
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

test('passkeys: whoever is signed in starts a registration, lists theirs and deletes one', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const authenticator = await addVirtualAuthenticator(page)
  await registerPasskey(page, site, rider)
  const user = { sub: await site.pool.subOf(rider.email) }
  await openSignedIn(page, site, rider)
  const [id] = (await authenticator.listPasskeys()).map((base64) =>
    base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
  )
  expect(await call(page, 'passkeys', 'listPasskeys', user)).toEqual([
    {
      id,
      createdAtMs: expect.closeTo(Date.now(), -5),
      name: expect.stringMatching(/./),
      relyingPartyId: 'localhost',
      attachment: 'platform',
      transports: ['internal'],
    },
  ])
  expect(await call(page, 'passkeys', 'startPasskeyRegistration', user)).toMatchObject({
    challenge: expect.stringMatching(/./),
    excludeCredentials: [{ id }],
  })
  await call(page, 'passkeys', 'deletePasskey', user, { id })
  expect(await call(page, 'passkeys', 'listPasskeys', user)).toEqual([])
})
