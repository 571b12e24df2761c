/** Errors and unusual responses of the user pool give one plain sentence. */

import type { Route } from '@playwright/test'
import { routeCalls, watchCalls } from '../support/calls.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { entered } from '../support/forms.ts'
import { unreachable } from '../support/messages.ts'
import { useTemplate } from '../support/pool-templates.ts'
import {
  autofillSignIn,
  expectErrorSummary,
  expectRidePage,
  fillRegistration,
  fillSignIn,
  pressSignIn,
} from '../support/rider-actions.ts'
import { scripts } from '../support/scripts.ts'

for (const [what, answer, sentence] of [
  [
    'a 502 page',
    { status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' },
    /is having trouble/,
  ],
  [
    'a 500 error',
    { status: 500, json: { __type: 'InternalErrorException', message: 'x' } },
    /is having trouble/,
  ],
  ['a 500 without a body', { status: 500, body: '' }, /is having trouble/],
  ['an empty response with status 200', { status: 200, body: '' }, /is having trouble/],
  ['a response without its members', { status: 200, json: {} }, /is having trouble/],
  [
    'a challenge without its parameters',
    { status: 200, json: { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters: null } },
    /is having trouble/,
  ],
  [
    'an HTML page with status 200',
    { status: 200, contentType: 'text/html', body: '<p>hi' },
    /is having trouble/,
  ],
  ['a 403 of a firewall', { status: 403, json: { message: 'Forbidden' } }, /is having trouble/],
  [
    'TooManyRequestsException',
    { status: 400, json: { __type: 'TooManyRequestsException', message: 'Rate exceeded' } },
    /Many riders are signing in right now/,
  ],
  [
    'LimitExceededException',
    { status: 400, json: { __type: 'LimitExceededException', message: 'Attempt limit exceeded' } },
    /an hour at most/,
  ],
  [
    '"Password attempts exceeded"',
    {
      status: 400,
      json: { __type: 'NotAuthorizedException', message: 'Password attempts exceeded' },
    },
    /Too many tries/,
  ],
  [
    'ResourceNotFoundException',
    {
      status: 400,
      json: {
        __type: 'com.amazonaws#ResourceNotFoundException',
        message: 'User pool client x does not exist.',
      },
    },
    /set up right, and only its operator can fix it\. cognito\.userPoolClientId in \/js\/config\.js: expected an app client of a user pool in this region\./,
  ],
  [
    'an unknown error',
    { status: 400, json: { __type: 'SurpriseException', message: 'stack at x.js:1' } },
    /Something went wrong/,
  ],
] as const) {
  test(`service error at sign-in: ${what} gives one plain sentence after one call, and the user name stays`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    let calls = 0
    await page.route(poolApi, (route) => {
      calls += 1
      return route.fulfill(answer)
    })
    await page.clock.install()
    await page.goto('/signin.html')
    await autofillSignIn(page, rider)
    await pressSignIn(page)
    await expect(page.locator('#error-summary')).toContainText(sentence)
    expect(calls).toBe(1)
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
    await expect(page.locator('body')).not.toContainText(/Exception|undefined|reading|stack/)

    await page.unroute(poolApi)
    // Another name typed: nothing is sent by itself. After too many requests the form waits all the same.
    await fillSignIn(page, rider)
    await page.clock.fastForward(13_000)
    await pressSignIn(page)
    await expectRidePage(page)
  })
}

const unusualResponses: readonly (readonly [string, Parameters<Route['fulfill']>[0], RegExp])[] = [
  ['a 204', { status: 204 }, /is having trouble/],
  [
    'a redirect',
    { status: 302, headers: { Location: '/signin.html' } },
    /This address redirects to another/,
  ],
  [
    'a redirect to another host',
    { status: 307, headers: { Location: 'https://elsewhere.test/' } },
    /cognito\.endpoint in .* expected the API of a user pool\. This address redirects to another/,
  ],
  ['a 407 of a proxy', { status: 407, body: 'Proxy' }, /is having trouble/],
  ['a 404', { status: 404, contentType: 'text/html', body: '<h1>404' }, /Something else answers/],
  ['a 405', { status: 405, body: '' }, /Something else answers/],
  ['a 501', { status: 501, body: '' }, /Something else answers/],
  ['a 413', { status: 413, body: '' }, /is having trouble/],
  ['a 429 without a type', { status: 429, body: 'Slow down' }, /is having trouble/],
  ['a 503', { status: 503, json: { message: 'Unavailable' } }, /is having trouble/],
  ['a 504', { status: 504, body: 'timeout' }, /is having trouble/],
  ['a list', { json: [] }, /is having trouble/],
  ['null', { json: null }, /is having trouble/],
  ['a number', { json: 7 }, /is having trouble/],
  ['half an object', { contentType: 'application/json', body: '{"Chall' }, /is having trouble/],
  ['bytes that are not UTF-8', { body: Buffer.from([0xff, 0xfe, 0x00]) }, /is having trouble/],
  ['a million characters', { body: 'x'.repeat(1_000_000) }, /is having trouble/],
  [
    'an error whose type is a number',
    { status: 400, json: { __type: 7, message: 'x' } },
    /is having trouble/,
  ],
  ['an error of an unknown type', { status: 400, json: { __type: 'XException' } }, /went wrong/],
  [
    'an error with an inherited property name',
    { status: 400, json: { __type: '__proto__', message: 'constructor' } },
    /went wrong/,
  ],
]

test('service error: unusual responses give one plain sentence and show nothing of the response', async ({
  page,
  rider,
}) => {
  await page.goto('/signin.html')
  await autofillSignIn(page, rider)
  const typed = await entered(page)
  const calls = watchCalls(page, 'InitiateAuth')
  const posts = () => calls.filter((body) => body !== null).length
  for (const [what, answer, sentence] of unusualResponses) {
    await test.step(what, async () => {
      await routeCalls(page, 'InitiateAuth', (route) => route.fulfill(answer))
      const before = posts()
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await expectErrorSummary(page, [sentence])
      expect(posts()).toBe(before + 1)
      expect(await entered(page)).toEqual(typed)
      await expect(page.locator('body')).not.toContainText(/Exception|undefined|null|proto|Slow/)
      await page.unrouteAll()
    })
  }
})

for (const { what, client, words } of [
  {
    what: 'without SRP',
    client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
    words: 'expected an app client that allows SRP. Switch ALLOW_USER_SRP_AUTH and',
  },
  {
    what: 'with a secret',
    client: { GenerateSecret: true },
    words: 'expected an app client without a secret. A static site cannot keep a secret',
  },
]) {
  test.describe(`an app client ${what}`, () => {
    test.use({ template: useTemplate({ client }) })

    test(`wrong settings: an app client ${what} is named at sign-in, as \`npm run configure\` names it, and what was typed stays`, async ({
      page,
      rider,
    }) => {
      await page.goto('/signin.html')
      await autofillSignIn(page, rider)
      const typed = await entered(page)
      await pressSignIn(page)
      await expect(page.locator('#error-summary')).toContainText(
        "This site isn't set up right, and only its operator can fix it. cognito.userPoolClientId in /js/config.js: ",
      )
      await expect(page.locator('#error-summary')).toContainText(words)
      await expect(page.locator('#error-summary')).not.toContainText(/Check|Try again|our side/)
      expect(await entered(page)).toEqual(typed)
    })
  })
}

test('wrong settings: an app client with a secret is named when a rider registers, too', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.route(poolApi, (route) =>
    route.fulfill({
      status: 400,
      json: {
        __type: 'NotAuthorizedException',
        message: 'Client 1h57 is configured for secret but secret was not received',
      },
    }),
  )
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expectErrorSummary(page, [/expected an app client without a secret\./])
})

for (const [what, script] of [
  ['what it means', scripts.serviceErrors],
  ['its sentence', scripts.errorMessages],
] as const) {
  test(`service error: when ${what} cannot be fetched, the form says so, and the next submit shows it`, async ({
    page,
    rider,
  }) => {
    await page.goto('/signin.html')
    await autofillSignIn(page, rider)
    await page.route(script, (route) => route.abort())
    await page.route(poolApi, (route) =>
      route.fulfill({ status: 400, json: { __type: 'ResourceNotFoundException', message: 'x' } }),
    )
    await pressSignIn(page)
    await expectErrorSummary(page, [unreachable])
    await page.unroute(script)
    await pressSignIn(page)
    await expectErrorSummary(page, [/only its operator can fix it/])
  })
}
