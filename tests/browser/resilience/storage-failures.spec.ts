/** Web storage that is full, blocked, damaged or cleared: sessions are stored whole or not at all, without redirect loops. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { expectAccountPage } from '../support/account-actions.ts'
import { watchCalls } from '../support/calls.ts'
import { requireChromium } from '../support/chromium.ts'
import { advanceClocks } from '../support/clocks.ts'
import { expect, test, watchForPageErrors } from '../support/fixtures.ts'
import {
  expectErrorSummary,
  expectRidePage,
  fillSignIn,
  openSignedIn,
  signIn,
  submitSignIn,
  tokenKeys,
} from '../support/rider-actions.ts'

const storageRefused =
  "Your browser doesn't let this site keep you signed in. Allow it to store data, then try again."

test.beforeEach(async ({ site, rider }) => {
  await site.pool.createConfirmedUser(rider)
})

/** @returns the pages that are opened from now on */
function watchVisits(page: Page): readonly string[] {
  const visits: string[] = []
  page.on('framenavigated', (frame) => {
    if (frame === page.mainFrame()) visits.push(new URL(frame.url()).pathname)
  })
  return visits
}

/** Makes writes to web storage fail after this number of them. */
async function fillStorage(page: Page, writesLeft: number): Promise<void> {
  await page.evaluate((left) => {
    const setItem = Storage.prototype.setItem
    let writes = 0
    Storage.prototype.setItem = function (key, value) {
      writes += 1
      if (writes > left) throw new DOMException('full', 'QuotaExceededError')
      setItem.call(this, key, value)
    }
  }, writesLeft)
}

test('storage quota: storage that is full at any write keeps the whole session or nothing, and the page says so', async ({
  page,
  rider,
}) => {
  // One write for the typed user name, then five for the session.
  for (let writesLeft = 0; writesLeft < 6; writesLeft += 1) {
    await page.goto('/signin.html')
    await fillSignIn(page, rider)
    await page.getByLabel('Keep me signed in').setChecked(writesLeft % 2 === 1)
    await fillStorage(page, writesLeft)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await expectErrorSummary(page, [storageRefused])
    expect(await tokenKeys(page), `${writesLeft} writes`).toEqual([])
    await expect(page.getByLabel('Email or username')).toHaveValue(rider.email)
  }
  await page.goto('/ride.html')
  await expect(page).toHaveURL(/signin/)
  await fillSignIn(page, rider)
  await fillStorage(page, 6)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expectRidePage(page)
  expect(await tokenKeys(page)).toHaveLength(5)
})

test('storage quota: storage that is full when tokens are refreshed ends the session with a sentence', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  // The page's first call must not be the one that finds the tokens expired.
  await page.waitForLoadState('networkidle')
  await fillStorage(page, 2)
  const visits = watchVisits(page)
  await advanceClocks(page, site, 2 * 3600)
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await expect(page.getByRole('alert')).toHaveText(storageRefused)
  expect(await tokenKeys(page)).toEqual([])
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page).toHaveURL(/signin/)
  await expect(page.getByLabel('Email or username')).toBeVisible()
  expect(visits).toEqual(['/signin.html'])
})

for (const [what, block] of [
  [
    'whose property throws',
    () => {
      for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, {
          get() {
            throw new DOMException('denied', 'SecurityError')
          },
        })
      }
    },
  ],
  [
    'whose methods all throw',
    () => {
      for (const name of ['getItem', 'setItem', 'removeItem', 'clear', 'key'] as const) {
        Storage.prototype[name] = () => {
          throw new DOMException('denied', 'SecurityError')
        }
      }
    },
  ],
  [
    'whose writes throw',
    () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError')
      }
    },
  ],
] as const) {
  test(`blocked storage: storage ${what} gives a sentence at sign-in, and no page redirects in a loop`, async ({
    page,
    rider,
  }) => {
    await page.addInitScript(block)
    for (const path of ['/ride.html', '/account.html']) {
      const visits = watchVisits(page)
      await page.goto(path)
      await expect(page).toHaveURL(/signin/)
      await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
      expect(visits).toEqual([path, '/signin.html'])
    }
    await submitSignIn(page, rider)
    await expectErrorSummary(page, [storageRefused])
    await expect(page).toHaveURL(/signin/)
    await page.goto('/')
    await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
  })
}

for (const [what, preferences, isBlocked] of [
  ['third-party cookies are off', { profile: { block_third_party_cookies: true } }, false],
  [
    'all cookies and site data are off',
    { profile: { default_content_setting_values: { cookies: 2 } } },
    true,
  ],
] as const) {
  test(`cookie settings: where ${what} a rider ${isBlocked ? 'is told what to allow' : 'signs in'}, and no cookie is set`, async ({
    site,
    rider,
    launchOptions,
  }) => {
    const profile = mkdtempSync(join(tmpdir(), 'wild-rydes-profile-'))
    mkdirSync(join(profile, 'Default'))
    writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences))
    const context = await chromium.launchPersistentContext(profile, {
      ...launchOptions,
      // The headless shell does not read preferences.
      executablePath: requireChromium(),
      baseURL: site.origin,
    })
    try {
      const page = await context.newPage()
      const pageErrors = watchForPageErrors(page)
      if (isBlocked) {
        await page.goto('/ride.html')
        await expect(page).toHaveURL(/signin/)
        await submitSignIn(page, rider)
        await expectErrorSummary(page, [storageRefused])
      } else {
        await signIn(page, rider, { rememberMe: true })
        await page.reload()
        await expectRidePage(page)
      }
      expect(await context.cookies()).toEqual([])
      expect(pageErrors).toEqual([])
    } finally {
      await context.close()
      rmSync(profile, { recursive: true, maxRetries: 5 })
    }
  })
}

const encode = (claims: unknown) =>
  `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`

/** Values that are no tokens. */
const invalidTokens: readonly (readonly [string, string | null])[] = [
  ['nothing', null],
  ['an empty string', ''],
  ['a word', 'nonsense'],
  ['a part of a token', 'e30'],
  ['dots', '...'],
  ['parts that are not base64', '$.$.$'],
  ['bytes that are not UTF-8', `e30.${Buffer.from([0xff, 0xfe]).toString('base64url')}.x`],
  ['half an object', `e30.${Buffer.from('{"exp":').toString('base64url')}.x`],
  ['claims that are null', encode(null)],
  ['claims that are a list', encode([])],
  ['claims that are a number', encode(12)],
  ['claims without times', encode({ sub: 'x' })],
  ['times that are strings', encode({ sub: 'x', iat: 'now', exp: 'soon' })],
  ['times that are null', encode({ sub: 'x', iat: null, exp: null })],
  ['four million characters', 'x'.repeat(4_000_000)],
]

const damagedSessions: readonly (readonly [string, Readonly<Record<string, string | null>>])[] = [
  ['no refresh token', { refreshToken: null }],
  ['an empty refresh token', { refreshToken: '' }],
  ...invalidTokens.map(([what, value]) => [`${what} for an ID token`, { idToken: value }] as const),
  ...invalidTokens
    .slice(0, 4)
    .map(([what, value]) => [`${what} for an access token`, { accessToken: value }] as const),
  ['an ID token without a sub', { idToken: encode({ iat: 1, exp: 4_102_444_800 }) }],
  [
    'an ID token whose sub is a number',
    { idToken: encode({ sub: 7, iat: 1, exp: 4_102_444_800 }) },
  ],
  ['another user name', { LastAuthUser: 'somebody' }],
  ['the user name __proto__', { LastAuthUser: '__proto__' }],
  [
    'a user name without tokens',
    { idToken: null, accessToken: null, refreshToken: null, clockDrift: null },
  ],
]

test('damaged session: tokens that are missing or malformed are cleared and lead to sign-in, without a redirect loop', async ({
  page,
  site,
  rider,
}) => {
  test.slow()
  await openSignedIn(page, site, rider)
  await page.goto('/')
  const validSession = await page.evaluate(() => Object.entries(sessionStorage))
  for (const [index, [what, damage]] of damagedSessions.entries()) {
    await test.step(what, async () => {
      await page.evaluate(
        ([entries, changes, isLasting]) => {
          localStorage.clear()
          sessionStorage.clear()
          const storage = isLasting ? localStorage : sessionStorage
          for (const [key, value] of entries) storage.setItem(key, value)
          for (const [ending, value] of Object.entries(changes)) {
            const key = entries.find(([name]) => name.endsWith(`.${ending}`))?.[0]
            if (key === undefined) throw new Error(`no ${ending} is stored`)
            if (value === null) storage.removeItem(key)
            else storage.setItem(key, value)
          }
        },
        [validSession, damage, index % 2 === 1] as const,
      )
      const path = index % 3 === 0 ? '/account.html' : '/ride.html'
      const visits = watchVisits(page)
      await page.goto(path)
      await expect(page).toHaveURL(/signin/)
      await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeEnabled()
      expect(visits, what).toEqual([path, '/signin.html'])
      expect(await tokenKeys(page), what).toEqual([])
      await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
    })
  }
  await signIn(page, rider)
})

/** Opens the account page with this clock skew stored, and waits until its calls have ended. */
async function openWithSkew(page: Page, skew: string): Promise<void> {
  await page.evaluate((value) => {
    const key = Object.keys(sessionStorage).find((name) => name.endsWith('.clockDrift'))
    sessionStorage.setItem(key ?? '', value)
  }, skew)
  const calls = watchCalls(page, 'GetUser')
  await page.goto('/account.html')
  await expectAccountPage(page)
  await page.waitForLoadState('networkidle', { timeout: 5000 })
  expect(calls).toHaveLength(1)
}

test('clock skew: a stored skew that is no number, a day or ten minutes ends no session and makes no further calls', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  for (const skew of ['later', '', '86400', '-600']) await openWithSkew(page, skew)
})

test('clock skew: a stored skew of a month or Infinity makes no page call without end', async ({
  page,
  site,
  rider,
}) => {
  await openSignedIn(page, site, rider)
  for (const skew of [30 * 86_400, Infinity]) await openWithSkew(page, String(skew))
})

test('damaged tab state: every page opens, and signing in works', async ({ page, rider }) => {
  for (const value of [
    '',
    'null',
    '{"a":1}',
    '9e99',
    '-1',
    '\u202e\u0000<b>',
    'x'.repeat(100_000),
  ]) {
    await page.goto('/')
    await page.evaluate(
      ([text, keys]) => {
        for (const storage of [sessionStorage, localStorage]) {
          for (const key of keys) storage.setItem(key, text)
        }
      },
      [
        value,
        [
          ...[
            'email',
            'code.sign-up.',
            'failures',
            'lastUsername',
            'signedOut',
            'waitingAddress',
            'user.rememberMe',
            'user.pickup',
            'user.requestedRide',
            'user.signUp',
          ].map((name) => `wildrydes.${name}`),
          'wildrydes.pendingEmail.',
        ],
      ] as const,
    )
    for (const path of ['/register.html', '/verify.html', '/forgot.html', '/signin.html']) {
      await page.goto(path)
      await expect(page.locator('button[type=submit]:visible').first()).toBeEnabled()
      await expect(page.getByRole('status')).toHaveText('')
    }
  }
  await signIn(page, rider)
})
