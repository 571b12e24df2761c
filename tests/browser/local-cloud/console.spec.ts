/** The local cloud's console: the inbox, the users, the log, and other origins that must not use it. */

import { createServer, type Server } from 'node:http'
import type { Page } from '@playwright/test'
import { openLocalCloud } from '../../../src/local-cloud/local-cloud.ts'
import { expectAccessible } from '../support/accessibility.ts'
import { longEmail } from '../support/account-actions.ts'
import { expect, type Rider, type Site, test } from '../support/fixtures.ts'
import { ClientId, UserPoolId } from '../support/pool-client.ts'
import { usernamePool } from '../support/pool-templates.ts'

test('console inbox: a new email appears without a reload, and its code can be copied', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/console/')
  await expect(
    page.getByText('No emails yet. Register on the site, and its code appears here.'),
  ).toBeVisible()
  await page.evaluate(() => {
    Reflect.set(window, 'stillHere', true)
  })
  await site.pool.registerUser(rider)
  const email = page.getByRole('article').filter({ hasText: rider.email })
  const code = await site.pool.latestCodeFor(rider.email)
  await expect(email.getByRole('code')).toHaveText(code)
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
  expect(Object.keys(messages[0])).toEqual([
    'id',
    'to',
    'subject',
    'text',
    'code',
    'sentAt',
    'medium',
  ])
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
    UserPoolId,
    Username: rider.email,
  })
  await page.getByRole('button', { name: `Confirm user ${rider.email}` }).click()
  await expect(page.getByRole('heading', { name: 'Nothing was changed' })).toBeVisible()
  await expect(page.getByText('Current status is CONFIRMED')).toBeVisible()
})

test('console users: a user is created with an invitation, gets a password and joins groups', async ({
  page,
  site,
}) => {
  const email = 'newcomer@example.com'
  await page.goto('/console/users')
  await page.getByRole('link', { name: 'Create user' }).click()
  await page.getByLabel('Email', { exact: true }).fill(email)
  await page.getByLabel('Mark the email address as verified').check()
  await page.getByRole('button', { name: 'Create user' }).click()
  await expect(page.getByRole('status')).toHaveText(
    'The user is created. The invitation with the temporary password is in the inbox.',
  )
  await expect(page.getByText('Force change password', { exact: true })).toBeVisible()
  await expect(page.getByText('In no group.')).toBeVisible()
  await expect.poll(() => site.pool.latestCodeFor(email)).toMatch(/^\S{12,}$/)

  await page.getByText('Set password …').click()
  await page.getByLabel('Password', { exact: true }).fill('short')
  await page.getByRole('button', { name: 'Set password' }).click()
  await expect(page.getByRole('heading', { name: 'Nothing was changed' })).toBeVisible()
  await page.goBack()
  await page.getByText('Set password …').click()
  await page.getByLabel('Password', { exact: true }).fill('Console-Passw0rd!')
  await page.getByRole('button', { name: 'Set password' }).click()
  await expect(page.getByRole('status')).toHaveText('The password is set.')
  await expect(page.getByText('Confirmed', { exact: true })).toBeVisible()

  await page.getByText('Create group …').click()
  await page.getByLabel('Name of a new group').fill('trainers')
  await page.getByRole('button', { name: 'Create group' }).click()
  await expect(page.getByRole('status')).toContainText('The group is created')
  await expect(page.getByRole('listitem').filter({ hasText: 'trainers' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove from trainers' }).click()
  await expect(page.getByText('In no group.')).toBeVisible()
  await page.getByLabel('Group', { exact: true }).selectOption('trainers')
  await page.getByRole('button', { name: 'Add to group' }).click()
  await expect(page.getByRole('status')).toContainText('The user is in the group.')
  await expect(page.getByRole('listitem').filter({ hasText: 'trainers' })).toBeVisible()

  await page.goto('/signin.html')
  await page.getByLabel('Email or username').fill(email)
  await page.getByRole('textbox', { name: 'Password' }).fill('Console-Passw0rd!')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(/ride\.html/)
})

test.describe('in a pool of usernames', () => {
  test.use({ template: usernamePool })

  test('console users: a form that the pool rejects comes back as it was sent, with the reason', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.registerUser(rider)
    await page.goto('/console/create-user')
    await page.getByLabel('Username').fill(rider.email)
    await page.getByLabel('Email (optional)').fill('other@example.com')
    await page.getByLabel('Email an invitation with the temporary password').uncheck()
    await page.getByRole('button', { name: 'Create user' }).click()
    await expect(page.getByRole('alert')).toHaveText(
      'Nothing was changed. User account already exists',
    )
    await expect(page.getByLabel('Username')).toHaveValue(rider.email)
    await expect(page.getByLabel('Email (optional)')).toHaveValue('other@example.com')
    await expect(
      page.getByLabel('Email an invitation with the temporary password'),
    ).not.toBeChecked()
    await page.getByLabel('Username').fill('other')
    await page.getByRole('button', { name: 'Create user' }).click()
    await expect(page.getByRole('status')).toHaveText('The user is created.')
  })
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
    await expect(page.getByRole('code')).toHaveText(await site.pool.latestCodeFor(rider.email))
    await page.getByText('Show email').click()
    await expect(page.getByText("here's your Wild Rydes code")).toBeVisible()
    await page.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('button', { name: `Confirm user ${rider.email}` }).click()
    await expect(page.getByRole('status')).toHaveText('The user is confirmed.')
    await expect(page.getByText('Confirmed', { exact: true })).toBeVisible()
  })

  test('console without JavaScript: a request opens to what was asked and answered, and times are UTC', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.registerUser(rider)
    await page.goto('/console/requests')
    await expect(page.getByRole('time')).toHaveText([/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/])
    await page.getByText('SignUp').click()
    await expect(page.getByText('"Password": "(hidden)"')).toBeVisible()
  })

  test('console without JavaScript: a user can be found, disabled and enabled, and deleting takes a second step', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await site.pool.registerUser({ ...rider, email: 'second@example.com' })
    await page.goto('/console/users')
    await page.getByLabel('Username, email, or sub starts with').fill('Rider@')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect(page.getByRole('row')).toHaveCount(2)
    await page.getByRole('link', { name: rider.email }).click()

    await page.getByRole('button', { name: 'Disable user' }).click()
    await expect(page.getByText('Disabled', { exact: true })).toBeVisible()
    await page.getByRole('button', { name: 'Enable user' }).click()
    await expect(page.getByText('Disabled', { exact: true })).toBeHidden()
    await expect(page.getByText('Confirmed', { exact: true })).toBeVisible()

    await expect(page.getByRole('button', { name: 'Delete user' })).toBeHidden()
    await page.getByText('Create group …').click()
    await page.getByLabel('Name of a new group').fill('trainers')
    await page.getByRole('button', { name: 'Create group' }).click()
    await expect(page.getByRole('listitem').filter({ hasText: 'trainers' })).toBeVisible()

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
  await expect(page.getByText('No requests yet.')).toBeVisible()
  await failSignIn(site)
  const request = page.getByRole('group').filter({ hasText: 'InitiateAuth' })
  await expect(request).toContainText('400')
  await expect(request).toContainText(
    'NotAuthorizedException: Incorrect username or password. (SRP_A is not hex, longer than N, or 0 modulo N)',
  )
  await expect(request).toContainText('ghost@example.com')
  await expect(page.getByRole('status')).toHaveText('1 new request.')
})

test('console requests: a request opens to what was asked and answered, with its secrets masked', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  const { accessToken, refreshToken } = await site.pool.signIn(rider)
  await page.goto('/console/requests')
  await page.getByText('RespondToAuthChallenge').click()
  const request = page.getByRole('group').filter({ hasText: 'RespondToAuthChallenge' })
  await expect(request.getByText('"ChallengeName": "PASSWORD_VERIFIER"')).toBeVisible()
  await expect(
    request.getByText(`"USERNAME": "${await site.pool.subOf(rider.email)}"`),
  ).toBeVisible()
  await expect(request.getByText('"PASSWORD_CLAIM_SIGNATURE": "(hidden)"')).toBeVisible()
  await expect(request.getByText('"AccessToken": "(hidden)"')).toBeVisible()
  await expect(request.getByText('"ExpiresIn": 3600')).toBeVisible()
  const html = await page.content()
  for (const secret of [rider.password, accessToken, refreshToken])
    expect(html).not.toContain(secret)
})

test('console lists: new items wait for a press while an item is being read, which stays as it is', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  await page.goto('/console/')
  const read = page.getByRole('article').filter({ hasText: rider.email })
  await read.getByText('Show email').click()
  await expect(read.getByText('It works for 24 hours')).toBeVisible()
  const place = await read.boundingBox()
  for (const name of ['second', 'third', 'fourth']) {
    await site.pool.registerUser({ ...rider, email: `${name}@example.com` })
  }
  const showNew = page.getByRole('button', { name: 'Show 3 new emails' })
  await expect(showNew).toBeVisible()
  await expect(page.getByRole('article')).toHaveCount(1)
  expect(await read.boundingBox()).toEqual(place)

  await showNew.click()
  await expect(page.getByRole('article')).toHaveCount(4)
  await expect(page.getByRole('article').first()).toContainText('fourth@example.com')
  await expect(read.getByText('It works for 24 hours')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Emails' })).toBeFocused()
  await expect(showNew).toBeHidden()
})

test('console lists: the focus on a button stays when something new arrives', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  await page.goto('/console/')
  const copy = page.getByRole('button', { name: 'Copy code' })
  await copy.focus()
  await site.pool.registerUser({ ...rider, email: 'second@example.com' })
  await expect(page.getByRole('button', { name: 'Show 1 new email' })).toBeVisible()
  await expect(copy).toBeFocused()
})

test('console lists: nothing is fetched while the tab is hidden, and coming back shows what is new', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/console/users')
  await expect(page.getByText('No users yet.')).toBeVisible()
  const setHidden = (isHidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: hidden })
      document.dispatchEvent(new Event('visibilitychange'))
    }, isHidden)
  await page.clock.install()
  await page.reload()
  await setHidden(true)
  const calls: string[] = []
  page.on('request', (request) => calls.push(request.url()))
  await site.pool.registerUser(rider)
  await page.clock.runFor(10_000)
  expect(calls).toEqual([])
  await setHidden(false)
  await expect(page.getByRole('row', { name: rider.email })).toContainText('Unconfirmed')
  await expect(page.getByText('1 user in this pool.')).toBeVisible()
})

test('console users: a status that changes is updated in its row', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.registerUser(rider)
  await page.goto('/console/users')
  const row = page.getByRole('row', { name: rider.email })
  await expect(row).toContainText('Unconfirmed')
  await expect(row).toContainText('Not verified')
  await site.pool.call('ConfirmSignUp', {
    ClientId,
    Username: rider.email,
    ConfirmationCode: await site.pool.latestCodeFor(rider.email),
  })
  await expect(row.getByText('Confirmed', { exact: true })).toBeVisible()
  await expect(row.getByText('Verified', { exact: true })).toBeVisible()
})

test.describe('in another time zone', () => {
  test.use({ timezoneId: 'Asia/Tokyo', locale: 'de-DE' })

  test('console times: they are local, say how long ago that is, and go on counting', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.registerUser(rider)
    const sentAt = Date.parse((await site.pool.emailsTo(rider.email))[0]?.sentAt ?? '')
    await page.clock.install({ time: sentAt })
    await page.goto('/console/')
    const time = page.getByRole('time')
    await expect(time).toHaveText('just now')
    await page.clock.runFor(125_000)
    await expect(time).toHaveText('2 min ago')
    await page.clock.runFor(60 * 60_000)
    await expect(time).toHaveText('1 h ago')
    const local = new Date(sentAt).toLocaleTimeString('de-DE', { timeZone: 'Asia/Tokyo' })
    await expect(time).toHaveAttribute('title', new RegExp(`${local}$`))
  })

  test('console times: they count from the pool’s clock, which a test has moved', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.advanceClock(3 * 3600)
    await site.pool.registerUser(rider)
    await page.goto('/console/')
    await expect(page.getByRole('time')).toHaveText('just now')
  })
})

test('console inbox: an email opens as a mail program shows it', async ({ page, site, rider }) => {
  await site.pool.registerUser(rider)
  await page.goto('/console/')
  const email = page.getByRole('article').filter({ hasText: rider.email })
  await email.getByText('Show email').click()
  await expect(email.getByText('no-reply@verificationemail.com')).toBeVisible()
  await expect(email.getByText('It works for 24 hours')).toBeVisible()
  await expect(email.getByText(await site.pool.latestCodeFor(rider.email)).last()).toBeVisible()
})

test('console inbox: a code to sign in with, of eight digits, is a code to copy', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await site.pool.call('InitiateAuth', {
    AuthFlow: 'USER_AUTH',
    ClientId,
    AuthParameters: { USERNAME: rider.email, PREFERRED_CHALLENGE: 'EMAIL_OTP' },
  })
  const code = await site.pool.latestCodeFor(rider.email)
  expect(code).toMatch(/^\d{8}$/)
  await page.goto('/console/')
  const email = page.getByRole('article').filter({ hasText: code })
  await email.getByRole('button', { name: 'Copy code' }).click()
  await expect(page.getByRole('status')).toHaveText('Code copied.')
})

test('console inbox: an invitation has the temporary password to copy', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createInvitedUser(rider)
  await page.goto('/console/')
  const email = page.getByRole('article').filter({ hasText: 'Your Wild Rydes account' })
  await email.getByRole('button', { name: 'Copy password' }).click()
  await expect(page.getByRole('status')).toHaveText('Password copied.')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(rider.password)
})

test('console: it says so when the local cloud has stopped, and goes on when it is back', async ({
  page,
  site,
  rider,
}) => {
  await page.goto('/console/')
  await page.route('**/console/', (route) => route.abort())
  await expect(page.getByRole('status')).toHaveText(
    "The local cloud doesn't answer. Is it still running?",
  )
  await page.unroute('**/console/')
  await expect(page.getByRole('status')).toBeEmpty()
  await site.pool.registerUser(rider)
  await expect(page.getByRole('article')).toContainText(rider.email)
})

/** Asks for a sign-in that the pool refuses. */
async function failSignIn({ pool }: Pick<Site, 'pool'>): Promise<void> {
  await pool.call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: 'ghost@example.com', SRP_A: '0' },
  })
}

/** A user of every status, with the longest username and address, and requests that failed. */
async function createEveryState({ pool }: Pick<Site, 'pool'>, rider: Rider): Promise<void> {
  const owner = (Username: string) => ({ UserPoolId, Username })
  await pool.createConfirmedUser(rider)
  await pool.registerUser({ ...rider, email: longEmail })
  await pool.createInvitedUser({ ...rider, email: 'invited@example.com' })
  await pool.createConfirmedUser({ ...rider, email: 'reset@example.com' })
  await pool.call('AdminResetUserPassword', owner('reset@example.com'))
  await pool.createConfirmedUser({ ...rider, email: 'disabled@example.com' })
  await pool.call('AdminDisableUser', owner('disabled@example.com'))
  await pool.signIn(rider)
  await failSignIn({ pool })
}

test.describe('the console has no faults of accessibility or layout', () => {
  /** By axe in light and dark, and without sideways scrolling from 320 px on. */
  async function expectNoFaults(page: Page, state: string): Promise<void> {
    await expectAccessible(page, state)
    for (const width of [320, 768, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      const contentWidth = await page.evaluate(() => document.documentElement.scrollWidth)
      expect.soft(contentWidth, `${state}, ${width} px`).toBeLessThanOrEqual(width)
    }
  }

  test('console accessibility: no empty list and no error has faults', async ({ page }) => {
    for (const path of [
      '/console/',
      '/console/users',
      '/console/users?search=x',
      '/console/requests',
      '/console/requests?failed',
      '/console/create-user',
      '/console/template',
      '/console/groups',
      '/console/clients',
      '/console/user?sub=ghost',
      '/console/nowhere',
    ]) {
      await page.goto(path)
      await expectNoFaults(page, path)
    }
  })

  test('console accessibility: no list with users of every status has faults, closed or open', async ({
    page,
    site,
    rider,
  }) => {
    await createEveryState(site, rider)
    const group = { UserPoolId, GroupName: `riders-${'of-the-city-'.repeat(9)}` }
    await site.pool.call('CreateGroup', { ...group, Description: 'All of them', Precedence: 1 })
    for (const path of ['/console/', '/console/users', '/console/requests', '/console/groups']) {
      await page.goto(path)
      await expectNoFaults(page, path)
      for (const summary of await page.locator('summary').all()) await summary.click()
      await expectNoFaults(page, `${path}, open`)
    }
  })

  test('console accessibility: no page of a user has faults, whatever the status', async ({
    page,
    site,
    rider,
  }) => {
    await createEveryState(site, rider)
    await site.pool.call('CreateGroup', { UserPoolId, GroupName: 'unicorn-trainers-of-the-city' })
    await site.pool.call('AdminAddUserToGroup', {
      UserPoolId,
      GroupName: 'unicorn-trainers-of-the-city',
      Username: rider.email,
    })
    for (const email of [rider.email, longEmail, 'invited@example.com', 'disabled@example.com']) {
      await page.goto(`/console/user?sub=${await site.pool.subOf(email)}&done=enable`)
      for (const summary of await page.locator('summary').all()) await summary.click()
      await expectNoFaults(page, email)
    }
  })

  test('console accessibility: a message and waiting items have no faults', async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.registerUser(rider)
    await page.goto('/console/')
    await page.getByRole('button', { name: 'Copy code' }).click()
    await site.pool.registerUser({ ...rider, email: 'second@example.com' })
    await expect(page.getByRole('button', { name: 'Show 1 new email' })).toBeVisible()
    await expectNoFaults(page, 'an email is waiting')
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

test('CORS: the browser tells the developer of another page which option lets it in', async ({
  browser,
  dataFolder,
}) => {
  const otherSite = await servePage()
  const cloud = await openLocalCloud({ dataFolder, testClock: false, print: () => {} })
  const host = await listen(
    createServer((incoming, outgoing) => {
      if (!cloud.handle(incoming, outgoing)) outgoing.writeHead(404).end()
    }),
  )
  try {
    const page = await browser.newPage()
    const origin = `http://localhost:${otherSite.port}`
    await page.goto(origin)
    const told = page.waitForEvent('console', (message) => message.text().includes('CORS'))
    const outcome = await page.evaluate(
      (url) =>
        fetch(url, { method: 'POST', headers: { 'X-Amz-Target': 'any' }, body: '{}' }).then(
          () => 'let in',
          () => 'refused',
        ),
      `http://localhost:${host.port}/cognito-idp/`,
    )

    expect(outcome).toBe('refused')
    expect((await told).text()).toContain(`--allow-origin=${origin}`)
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
