/** A site that is not set up, or set up wrongly, says so and does nothing else. */

import { expect, test } from '../support/fixtures.ts'

const pages = [
  '/',
  '/register.html',
  '/verify.html',
  '/signin.html',
  '/forgot.html',
  '/ride.html',
  '/account.html',
]

const html = '<!doctype html><title>Wild Rydes</title><h1>Not what was asked for</h1>'

/** As hosts answer, for better or worse. */
function script(body: string) {
  return { contentType: 'text/javascript', body }
}

for (const [what, answer] of [
  ['nothing', { status: 404, contentType: 'text/html', body: html }],
  ['an HTML page', { contentType: 'text/html', body: html }],
  ['an HTML page that is called a script', script(html)],
  ['an empty file', script('')],
  ['a syntax error', script('window._config = {')],
  [
    'the file as it ships',
    script(
      "window._config = { cognito: { userPoolId: '', userPoolClientId: '', region: '' }, api: { invokeUrl: '' } }",
    ),
  ],
] as const) {
  test(`with ${what} in place of the settings, every page says where to set the pool`, async ({
    page,
  }) => {
    const calls: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST') calls.push(request.url())
    })
    // The syntax error itself is the browser's to report, not ours.
    await page.addInitScript(() => {
      addEventListener('error', (event) => event.preventDefault())
    })
    await page.route('**/js/config.js', (route) => route.fulfill(answer))
    for (const path of pages) {
      await page.goto(path)
      const notice = page.getByRole('region', { name: 'No Cognito user pool configured' })
      await expect(notice).toBeVisible()
      await expect(notice).toContainText('/js/config.js')
      for (const button of await page.locator('button[type=submit]:visible').all()) {
        await expect(button).toBeDisabled()
      }
      expect(new URL(page.url()).pathname).toBe(path)
    }
    expect(calls).toEqual([])
  })
}

const good = { userPoolId: 'eu-west-1_AbCdEf123', userPoolClientId: 'abc123', region: 'eu-west-1' }

for (const [what, config, named] of [
  [
    'a pool without a client',
    { cognito: { ...good, userPoolClientId: '' } },
    'cognito.userPoolClientId',
  ],
  ['a client without a pool', { cognito: { ...good, userPoolId: '' } }, 'cognito.userPoolId'],
  ['a pool without a region', { cognito: { ...good, region: '' } }, 'cognito.region'],
  ['a malformed pool id', { cognito: { ...good, userPoolId: 'my pool' } }, 'cognito.userPoolId'],
  [
    'a region that is not the pool’s',
    { cognito: { ...good, region: 'us-east-1' } },
    'cognito.region',
  ],
  ['an unknown setting', { cognito: { ...good, poolId: 'x' } }, 'cognito.poolId'],
  ['an unknown section', { cognito: good, cognitto: {} }, 'window._config.cognitto'],
  [
    'a number for a text',
    { cognito: { ...good, userPoolClientId: 42 } },
    'cognito.userPoolClientId',
  ],
  ['a list for a section', { cognito: [] }, 'cognito'],
  [
    'a plain http endpoint',
    { cognito: { ...good, endpoint: 'http://pool.example/' } },
    'cognito.endpoint',
  ],
  [
    'an endpoint on another host',
    { cognito: { ...good, endpoint: '//pool.example/' } },
    'cognito.endpoint',
  ],
  ['an API that is no URL', { cognito: good, api: { invokeUrl: 'soon' } }, 'api.invokeUrl'],
] as const) {
  test(`${what} is named to the operator, and nothing is sent`, async ({ page }) => {
    const calls: string[] = []
    page.on('request', (request) => {
      if (request.method() === 'POST') calls.push(request.url())
    })
    await page.route('**/js/config.js', (route) =>
      route.fulfill({
        contentType: 'text/javascript',
        body: `window._config = ${JSON.stringify(config)}`,
      }),
    )
    await page.goto('/signin.html')
    const notice = page.getByRole('region', {
      name: 'The settings in /js/config.js need attention',
    })
    await expect(notice.getByRole('listitem').filter({ hasText: `${named}: ` })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeDisabled()
    expect(calls).toEqual([])
  })
}

test('every problem is told at once', async ({ page }) => {
  await page.route('**/js/config.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: 'window._config = { cognito: { userPoolId: "x", userPoolClientId: "?", extra: 1 }, api: { invokeUrl: "ftp://x" } }',
    }),
  )
  await page.goto('/signin.html')
  await expect(
    page.getByRole('region', { name: /need attention/ }).getByRole('listitem'),
  ).toHaveCount(4)
})
