/** What the site's own headers stop is told as that, and a missing page is a page. */

import { expect, test } from '../support/fixtures.ts'
import { expectProblems, fillSignIn } from '../support/rider-actions.ts'

const pool = 'https://cognito-idp.eu-west-1.amazonaws.com'

test('a pool that the headers leave out is named, in place of a network that failed', async ({
  browser,
  site,
  rider,
}) => {
  // A page of its own: what it breaks, the policy, is what others must not.
  const page = await browser.newPage({ baseURL: site.origin })
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.route('**/js/config.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: "window._config = { cognito: { userPoolId: 'eu-west-1_AbCdEf123', userPoolClientId: 'abc', region: 'eu-west-1' } }",
    }),
  )
  const sentence = `The security headers of this site do not list ${pool}. Its operator must add it to them.`

  await page.goto('/signin.html')
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectProblems(page, [sentence])

  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expectProblems(page, [sentence])
  expect(asked.filter((url) => url.startsWith(pool))).toEqual([])
  await page.close()
})

test('an address that leads nowhere has a page with ways on', async ({ page }) => {
  const response = await page.goto('/rides/of/last/year.html')
  expect(response?.status()).toBe(404)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page does not exist')
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.getByRole('link', { name: 'Go to the home page' }).click()
  await expect(page.getByRole('link', { name: 'Giddy Up!' })).toBeVisible()
})
