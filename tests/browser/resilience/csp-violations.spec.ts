/** What the site’s own Content-Security-Policy blocks is named as that. */

import { expect, test } from '../support/fixtures.ts'
import { expectErrorSummary, submitSignIn } from '../support/rider-actions.ts'

const pool = 'https://cognito-idp.eu-west-1.amazonaws.com'

test('CSP: a user pool that connect-src does not list is named in the error, in place of a network error', async ({
  browser,
  site,
  rider,
}) => {
  // A page of its own: the fixture's page would report the policy violation.
  const page = await browser.newPage({ baseURL: site.origin })
  const requested: string[] = []
  page.on('request', (request) => requested.push(request.url()))
  await page.route('**/js/config.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: "window._config = { cognito: { userPoolId: 'eu-west-1_AbCdEf123', userPoolClientId: 'abc', region: 'eu-west-1' } }",
    }),
  )
  const sentence = `This site's security headers don't list ${pool}. Ask its operator to add it.`

  await page.goto('/signin.html')
  await submitSignIn(page, rider)
  await expectErrorSummary(page, [sentence])

  await page.goto('/forgot.html')
  await page.getByLabel('Email').fill(rider.email)
  await page.getByRole('button', { name: 'Send code' }).click()
  await expectErrorSummary(page, [sentence])
  expect(requested.filter((url) => url.startsWith(pool))).toEqual([])
  await page.close()
})
