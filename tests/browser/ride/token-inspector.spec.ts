/** The token inspector of the ride page: tokens are in the page only while it is open, and are copied by buttons. */

import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import type { Page } from '@playwright/test'
import {
  expectAccountPage,
  expectSignInPage,
  signOut,
  storedToken,
} from '../support/account-actions.ts'
import { stopClock } from '../support/clocks.ts'
import { expect, poolApi, test } from '../support/fixtures.ts'
import { choosePlace, letUnicornArrive, requestUnicorn } from '../support/ride-actions.ts'
import {
  expectRidePage,
  openDeveloperTools,
  openSignedIn,
  openTokenInspector,
} from '../support/rider-actions.ts'
import { openFromMenu } from '../support/user-menu.ts'

test.use({ rideApi: true, contextOptions: { reducedMotion: 'reduce' } })

test.beforeEach(async ({ page, site, rider }) => {
  await site.pool.createConfirmedUser(rider)
  await page.clock.install()
  await openSignedIn(page, site, rider)
  await openDeveloperTools(page)
})

interface StoredTokens {
  readonly idToken: string
  readonly accessToken: string
  readonly refreshToken: string
}

async function storedTokens(page: Page): Promise<StoredTokens> {
  return {
    idToken: await storedToken(page, 'idToken'),
    accessToken: await storedToken(page, 'accessToken'),
    refreshToken: await storedToken(page, 'refreshToken'),
  }
}

function decode(jwt: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
}

/** All text and attributes of the document. */
function readDocument(page: Page): Promise<string> {
  return page.evaluate(() => {
    const attributes = [...document.querySelectorAll('*')].flatMap((element) =>
      [...element.attributes].map(({ value }) => value),
    )
    return [document.title, document.documentElement.textContent, ...attributes].join('\n')
  })
}

/** The parts of a rider's tokens that must not be in the page. */
function secretsOf({ idToken, accessToken, refreshToken }: StoredTokens): readonly string[] {
  const claims = [decode(idToken), decode(accessToken)]
  const parts = [idToken, accessToken].flatMap((jwt) => jwt.split('.').slice(1))
  return [
    ...parts,
    refreshToken,
    ...claims.flatMap(({ sub, jti, origin_jti, event_id }) =>
      [sub, jti, origin_jti, event_id].map(String),
    ),
    'token_use',
    'aws.cognito.signin.user.admin',
  ]
}

async function expectNothingShown(page: Page, tokens: StoredTokens): Promise<void> {
  const text = await readDocument(page)
  expect(secretsOf(tokens).filter((secret) => text.includes(secret))).toEqual([])
}

function copied(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText())
}

async function copy(page: Page, name: string, words: string): Promise<string> {
  await page.getByRole('button', { name, exact: true }).click()
  await expect(page.getByRole('status')).toHaveText(words)
  return copied(page)
}

async function removeClipboard(page: Page): Promise<void> {
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
}

test('token inspector: no token and no claim is in the document before it is opened or after it is closed', async ({
  page,
}) => {
  const tokens = await storedTokens(page)
  await expect(page.locator('#time-left')).not.toBeEmpty()
  await expectNothingShown(page, tokens)
  await openTokenInspector(page)
  await expect(page.locator('#id-token')).toHaveText(tokens.idToken)
  await expect(page.locator('#access-token')).toHaveText(tokens.accessToken)
  await page.getByText('Inspect your tokens').click()
  await expect(page.locator('#id-token')).toBeEmpty()
  await expectNothingShown(page, tokens)
})

test('token inspector: it opens and closes by keyboard', async ({ page }) => {
  const summary = page.getByText('Inspect your tokens')
  await page.getByRole('button', { name: 'Copy as curl line' }).focus()
  await page.keyboard.press('Tab')
  await expect(summary).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('#id-token')).not.toBeEmpty()
  await page.keyboard.press('Enter')
  await expect(page.locator('#id-token')).toBeEmpty()
})

test('token inspector: it shows every claim of both tokens with its value and its meaning', async ({
  page,
  rider,
}) => {
  const { idToken, accessToken } = await storedTokens(page)
  await openTokenInspector(page)
  for (const [id, jwt] of [
    ['#claims', idToken],
    ['#access-claims', accessToken],
  ] as const) {
    const claims = decode(jwt)
    expect(Object.keys(claims).length).toBeGreaterThan(8)
    const shown = await page
      .locator(id)
      .evaluate((list) =>
        [...list.children].map(({ tagName, textContent }) => [tagName, textContent]),
      )
    expect(shown).toEqual(
      Object.entries(claims).flatMap(([name, value]) => [
        ['DT', name],
        ['DD', typeof value === 'string' ? value : JSON.stringify(value)],
        ['DD', expect.stringMatching(/^[A-Z].{10,}\.$/s)],
      ]),
    )
    // An unknown claim gets this sentence; all of Cognito's own have one of their own.
    for (const text of shown.flat()) expect(text).not.toMatch(/A claim this pool adds/)
  }
  await expect(page.locator('#claims')).toContainText(rider.email)
  // A time is shown as date and time too.
  const issuedAt = new Date(Number(decode(idToken).iat) * 1000)
  await expect(page.locator('#claims')).toContainText(
    `When the token was issued: ${await page.evaluate(
      (ms) => new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'medium' }).format(ms),
      issuedAt.getTime(),
    )}.`,
  )
})

test('token inspector: the time left counts down by seconds to "expired"', async ({
  page,
  site,
}) => {
  await page.waitForLoadState('networkidle')
  await stopClock(page)
  const left = page.locator('#time-left')
  const seconds = async () => {
    const [, minutes, rest] = /^(\d+) min (\d+) s$/.exec((await left.textContent()) ?? '') ?? []
    return Number(minutes) * 60 + Number(rest)
  }
  await page.clock.runFor(1000)
  const before = await seconds()
  expect(before).toBeGreaterThan(3500)
  expect(before).toBeLessThanOrEqual(3600)
  for (let passed = 1; passed <= 5; passed += 1) {
    await page.clock.runFor(1000)
    expect(await seconds()).toBe(before - passed)
  }
  // No new token can be fetched, and the old one expires.
  await page.route(poolApi, (route) => route.abort())
  await site.pool.advanceClock(3600)
  await page.clock.fastForward(3600_000)
  await expect(left).toHaveText('expired')
})

test('copy buttons: each one copies what its label says', async ({ page, site }) => {
  const { idToken, accessToken } = await storedTokens(page)
  expect(await copy(page, 'Copy token', 'Token copied.')).toBe(idToken)
  expect(await copy(page, 'Copy as Authorization header', 'Authorization header copied.')).toBe(
    `Authorization: ${idToken}`,
  )
  const line = await copy(page, 'Copy as curl line', 'Curl line copied.')
  expect(line).toMatch(/^curl '/)
  expect(line).toContain(`'${site.origin}/ride-api/ride'`)
  expect(line).toContain(idToken)
  expect(line).not.toContain('\n')
  // No copied text is left in the page.
  await expectNothingShown(page, await storedTokens(page))
  await openTokenInspector(page)
  expect(await copy(page, 'Copy access token', 'Access token copied.')).toBe(accessToken)
})

test('copy buttons: the copied curl line requests a unicorn', async ({ page }) => {
  let hasCurl = true
  try {
    execFileSync('curl', ['--version'], { stdio: 'ignore' })
  } catch {
    hasCurl = false
  }
  test.skip(!hasCurl, 'curl is not installed on this machine')
  const line = await copy(page, 'Copy as curl line', 'Curl line copied.')
  const format = ' -sS -w "\\n%{http_code} %{content_type}"'
  const { stdout } = await promisify(execFile)('sh', ['-c', line + format])
  const [body = '', outcome] = stdout.split('\n')
  expect(outcome).toBe('201 application/json')
  expect(JSON.parse(body)).toMatchObject({
    RideId: expect.any(String),
    Unicorn: { Name: expect.any(String), Color: expect.any(String) },
  })
})

for (const [what, breakClipboard] of [
  ['there is no clipboard', removeClipboard],
  [
    'writing to the clipboard is denied',
    (page: Page) =>
      page.evaluate(() => {
        navigator.clipboard.writeText = () =>
          Promise.reject(new DOMException('Write permission denied.', 'NotAllowedError'))
      }),
  ],
] as const) {
  test(`clipboard: where ${what}, the text is selected instead, and a sentence says so`, async ({
    page,
  }) => {
    const { idToken, accessToken } = await storedTokens(page)
    await openTokenInspector(page)
    await breakClipboard(page)
    for (const [name, text] of [
      ['Copy token', idToken],
      ['Copy as Authorization header', `Authorization: ${idToken}`],
      ['Copy access token', accessToken],
    ] as const) {
      await page.getByRole('status').evaluate((status) => {
        status.textContent = ''
      })
      await page.getByRole('button', { name, exact: true }).click()
      await expect(page.getByRole('status')).toHaveText(
        'The text is selected. Copy it with your keyboard or menu.',
      )
      expect(await page.evaluate(() => String(getSelection()))).toBe(text)
      await expect(page.locator('#copy-selection')).toHaveText(text)
      await expect(page.locator('#copy-selection')).toBeInViewport()
    }
    await expect(page.getByText('permission denied')).toHaveCount(0)
  })
}

for (const [what, leave] of [
  ['signs out', signOut],
  [
    'is signed out in another tab',
    async (page: Page) => {
      await page.evaluate(() => {
        for (const key of Object.keys(sessionStorage)) sessionStorage.removeItem(key)
      })
      await page.getByRole('button', { name: 'Copy token' }).click()
      await expectSignInPage(page, 'Your session has ended. Sign in again.')
    },
  ],
] as const) {
  test(`sign-out: a rider who ${what} leaves no token in the document, not even while the page unloads`, async ({
    page,
  }) => {
    const tokens = await storedTokens(page)
    await openTokenInspector(page)
    await removeClipboard(page)
    await page.getByRole('button', { name: 'Copy token' }).click()
    await expect(page.locator('#copy-selection')).toHaveText(tokens.idToken)
    await page.evaluate(() => {
      addEventListener('pagehide', () => {
        sessionStorage.setItem('lastSeen', document.documentElement.innerHTML)
      })
    })
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
    await leave(page)
    const lastSeen = await page.evaluate(() => sessionStorage.getItem('lastSeen'))
    expect(lastSeen).toContain('Inspect your tokens')
    expect(secretsOf(tokens).filter((secret) => lastSeen?.includes(secret))).toEqual([])
    await expectNothingShown(page, tokens)
  })
}

test('tokens: they are sent to the user pool and the ride API, and nowhere else', async ({
  page,
  site,
}) => {
  const consoleLines: string[] = []
  page.on('console', (message) => consoleLines.push(message.text()))
  const sent: { url: string; text: string }[] = []
  page.on('request', (request) => {
    sent.push({
      url: request.url(),
      text: `${JSON.stringify(request.headers())} ${request.postData() ?? ''}`,
    })
  })
  await page.reload()
  await expectRidePage(page)
  const tokens = await storedTokens(page)
  await openTokenInspector(page)
  for (const button of await page.getByRole('button', { name: /^Copy / }).all())
    await button.click()
  await choosePlace(page)
  await requestUnicorn(page)
  await letUnicornArrive(page)
  await openFromMenu(page, 'Your account')
  await expectAccountPage(page)

  for (const jwt of [tokens.idToken, tokens.accessToken, tokens.refreshToken]) {
    const pieces = [jwt, ...jwt.split('.').filter((piece) => piece.length > 60)]
    const isIn = (text: string) => pieces.some((piece) => text.includes(piece))
    expect(sent.filter(({ url }) => isIn(decodeURIComponent(url)))).toEqual([])
    expect(consoleLines.filter(isIn)).toEqual([])
    const receivers = sent.filter(({ text }) => isIn(text)).map(({ url }) => url)
    for (const url of receivers) {
      expect([`${site.origin}/cognito-idp/`, `${site.origin}/ride-api/ride`]).toContain(url)
    }
    // The ride API gets the ID token only.
    const isSentToApi = receivers.includes(`${site.origin}/ride-api/ride`)
    expect(isSentToApi).toBe(jwt === tokens.idToken)
  }
  expect(await page.evaluate(() => document.cookie)).toBe('')
})

test.describe('without a ride API', () => {
  test.use({ rideApi: false })

  test('copy buttons: without a ride API the curl line has a placeholder for its URL', async ({
    page,
  }) => {
    const line = await copy(page, 'Copy as curl line', 'Curl line copied.')
    expect(line).toContain("curl 'https://API_ID.execute-api.us-east-1.amazonaws.com/prod/ride'")
    expect(line).toContain((await storedTokens(page)).idToken)
  })
})
