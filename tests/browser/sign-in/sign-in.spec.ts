/** Signing in: errors that do not reveal accounts, a password that stays in the browser, and `next`. */

import { expect, test } from '../support/fixtures.ts'
import { withPool } from '../support/pool-templates.ts'
import {
  expectErrorSummary,
  expectRidePage,
  signIn,
  submitSignIn,
  tokenKeys,
} from '../support/rider-actions.ts'

test('account existence: a wrong password and an unknown user name give the same error', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  for (const credentials of [
    { ...rider, password: 'Unicorn-12345' },
    { email: 'nobody@example.com', password: rider.password },
  ]) {
    await page.goto('/signin.html')
    await submitSignIn(page, credentials)
    await expectErrorSummary(page, [
      "The email or username and the password don't match. Check both and try again.",
    ])
    const password = page.getByLabel('Password', { exact: true })
    await expect(password).toHaveValue('')
    await expect(password).toBeFocused()
    await expect(page.getByLabel('Email or username')).toHaveValue(credentials.email)
    expect(await tokenKeys(page)).toEqual([])
  }
})

test('SRP: the password leaves the browser in no encoding', async ({ page, site }) => {
  const rider = { email: 'rider@example.com', password: 'Pega sus-"ü"-1234' }
  await site.pool.createConfirmedUser(rider)
  const sent: string[] = []
  page.on('request', (request) => {
    sent.push(request.url(), request.postData() ?? '', JSON.stringify(request.headers()))
  })
  const consoleLines: string[] = []
  page.on('console', (message) => consoleLines.push(message.text()))
  await signIn(page, rider)
  const forms = [
    rider.password,
    JSON.stringify(rider.password).slice(1, -1),
    JSON.stringify(rider.password).slice(1, -1).replace('ü', '\\u00fc'),
    encodeURIComponent(rider.password),
    encodeURIComponent(rider.password).replaceAll('%20', '+'),
    ...(['utf8', 'utf16le', 'latin1'] as const).flatMap((encoding) => [
      ...toBase64Parts(Buffer.from(rider.password, encoding)),
      Buffer.from(rider.password, encoding).toString('hex'),
    ]),
    [...rider.password].reverse().join(''),
  ]
  for (const form of forms) {
    expect(sent.join('\n')).not.toContain(form)
    expect(consoleLines.join('\n')).not.toContain(form)
  }
  expect(sent.join('\n')).toContain('PASSWORD_CLAIM_SIGNATURE')
})

/** What the base64 of any text that contains these bytes contains, for each of three offsets. */
function toBase64Parts(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    // The characters at both ends depend on the bytes beside them too.
    const part = text.slice(
      Math.ceil((before * 4) / 3),
      Math.floor(((before + bytes.length) * 4) / 3),
    )
    return [part, part.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

test('next: after signing in a rider gets to exactly the URL they opened', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await page.goto('/ride.html?pickup=1#map')
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await page.getByRole('link', { name: 'Register' }).click()
  await expect(page).toHaveURL(/register\.html\?next=/)
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
  await submitSignIn(page, rider)
  await expectRidePage(page)
  await expect(page).toHaveURL(`${site.origin}/ride.html?pickup=1#map`)
})

test('protected page: the ride page shows no content before it redirects to sign-in', async ({
  page,
}) => {
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      new MutationObserver(() => {
        const content = document.querySelector('#content')
        if (content?.checkVisibility()) sessionStorage.setItem('flashed', 'yes')
      }).observe(document.documentElement, { subtree: true, childList: true, attributes: true })
    })
  })
  await page.goto('/ride.html')
  await expect(page).toHaveURL(/signin/)
  expect(await page.evaluate(() => sessionStorage.getItem('flashed'))).toBeNull()
})

for (const next of [
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '\\\\evil.example/',
  'https:evil.example',
  'javascript:alert(1)',
  'data:text/html,hello',
  '/\t/evil.example/',
  '\n//evil.example',
  '//evil.example@localhost/',
  '/signin.html',
]) {
  test(`open redirect: next=${JSON.stringify(next)} leads to the ride page`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    await page.goto(`/signin.html?${new URLSearchParams({ next })}`)
    await submitSignIn(page, rider)
    await expectRidePage(page)
    expect(new URL(page.url()).origin).toBe(site.origin)
  })
}

test('validation: empty fields are listed before anything is sent', async ({ page }) => {
  await page.goto('/signin.html')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectErrorSummary(page, ['Enter your email or username', 'Enter your password'])
})

test('user name: capitals and spaces around it make no difference', async ({
  page,
  site,
  rider,
}) => {
  await site.pool.createConfirmedUser(rider)
  await signIn(page, { ...rider, email: '  RIDER@Example.COM ' })
})

test.describe('in a pool with case-sensitive user names', () => {
  test.use({ template: withPool({ UsernameConfiguration: { CaseSensitive: true } }) })

  test('user name: where it is case-sensitive, only the exact one signs in', async ({
    page,
    site,
    rider,
  }) => {
    const exact = { ...rider, email: 'Rider@example.com' }
    await site.pool.createConfirmedUser(exact)
    for (const email of [exact.email.toUpperCase(), exact.email.toLowerCase()]) {
      await page.goto('/signin.html')
      await submitSignIn(page, { ...exact, email })
      await expectErrorSummary(page, [/don't match/])
    }
    await signIn(page, exact)
  })
})

for (const [what, days] of [
  ['fast', 1],
  ['slow', -1],
] as const) {
  test(`clock skew: a device whose clock is one day ${what} signs in and refreshes its tokens at most once`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    let refreshes = 0
    page.on('request', (request) => {
      const target = request.headers()['x-amz-target'] ?? ''
      if (target.endsWith('.GetTokensFromRefreshToken')) refreshes += 1
    })
    await page.clock.install({ time: Date.now() + days * 86_400_000 })
    await signIn(page, rider)
    await expect(page.getByText(/Time left: (60 min 0|59 min \d+) s/)).toBeVisible()
    await page.clock.runFor(60_000)
    await expect(page.getByText(/Time left: 5[89] min \d+ s/)).toBeVisible()
    await page.reload()
    await expectRidePage(page)
    await expect(page.getByText(/Time left: 5[89] min \d+ s/)).toBeVisible()
    expect(refreshes).toBeLessThanOrEqual(1)
  })
}
