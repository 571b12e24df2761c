/** Setup notices: a site without settings, or with wrong ones, says so and sends nothing. */

import { watchPosts } from '../support/calls.ts'
import { expect, pagePaths, test } from '../support/fixtures.ts'

const html = '<!doctype html><title>Wild Rydes</title><h1>Not what was asked for</h1>'

/** A response with the content type of a script. */
function script(body: string) {
  return { contentType: 'text/javascript', body }
}

for (const [what, answer] of [
  ['a 404', { status: 404, contentType: 'text/html', body: html }],
  ['an HTML page', { contentType: 'text/html', body: html }],
  ['an HTML page served as a script', script(html)],
  ['an empty file', script('')],
  ['a syntax error', script('window._config = {')],
  [
    'the file as it ships',
    script(
      "window._config = { cognito: { userPoolId: '', userPoolClientId: '', region: '' }, api: { invokeUrl: '' } }",
    ),
  ],
] as const) {
  test(`setup notice: with ${what} for /js/config.js every page says where to set the user pool, and sends nothing`, async ({
    page,
  }) => {
    const calls = watchPosts(page)
    // The syntax error itself is an uncaught error of the browser, which the fixture would report.
    await page.addInitScript(() => {
      addEventListener('error', (event) => event.preventDefault())
    })
    await page.route('**/js/config.js', (route) => route.fulfill(answer))
    for (const path of pagePaths) {
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
    'a number in place of a string',
    { cognito: { ...good, userPoolClientId: 42 } },
    'cognito.userPoolClientId',
  ],
  ['an array in place of a section', { cognito: [] }, 'cognito'],
  [
    'an endpoint over plain HTTP',
    { cognito: { ...good, endpoint: 'http://pool.example/' } },
    'cognito.endpoint',
  ],
  [
    'a protocol-relative endpoint',
    { cognito: { ...good, endpoint: '//pool.example/' } },
    'cognito.endpoint',
  ],
  ['an API address that is no URL', { cognito: good, api: { invokeUrl: 'soon' } }, 'api.invokeUrl'],
] as const) {
  test(`setup notice: ${what} is named on the sign-in page, and nothing is sent`, async ({
    page,
  }) => {
    const calls = watchPosts(page)
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
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeDisabled()
    expect(calls).toEqual([])
  })
}

test('setup notice: all problems of the settings are listed at once', async ({ page }) => {
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
