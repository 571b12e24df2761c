/** Input and pages as no one meant them: keys held, codes guessed, hostile text, documents that others edit. */

import type { Page } from '@playwright/test'
import {
  ClientId,
  expectAccountPage,
  otherThan,
  UserPoolId,
  watchCalls,
} from '../support/account-actions.ts'
import { expect, poolApi, type Site, test } from '../support/fixtures.ts'
import { withPool } from '../support/pool-templates.ts'
import {
  expectProblems,
  expectRidePage,
  fillRegistration,
  fillSignIn,
  openTokenLens,
  register,
  signIn,
} from '../support/rider-actions.ts'

test('Enter that is held sends a form once', async ({ page, site, rider }) => {
  await page.route(poolApi, () => {})
  for (const [path, operation, fill, last] of [
    ['/register.html', 'SignUp', fillRegistration, 'Confirm password'],
    ['/signin.html', 'InitiateAuth', fillSignIn, 'Password'],
    ['/forgot.html', 'ForgotPassword', fillEmail, 'Email'],
    ['/verify.html', 'ConfirmSignUp', fillCode, 'Verification code'],
  ] as const) {
    await page.goto(path)
    const calls = watchCalls(page, operation)
    await fill(page, rider)
    await page.getByLabel(last, { exact: true }).focus()
    for (let repeat = 0; repeat < 20; repeat += 1) await page.keyboard.down('Enter')
    await page.keyboard.up('Enter')
    await expect(page.locator('button[type=submit]:visible').first()).toHaveText(/…$/)
    await expect.poll(() => calls.length, path).toBe(1)
    await page.goto(site.origin)
    expect(calls, path).toHaveLength(1)
  }
})

async function fillEmail(page: Page, { email }: { email: string }): Promise<void> {
  await page.getByLabel('Email').fill(email)
}

async function fillCode(page: Page, { email }: { email: string }): Promise<void> {
  // Without an address a complete code is not sent by itself.
  await page.getByLabel('Email').fill('')
  await page.getByLabel('Verification code').fill('123456')
  await page.getByLabel('Email').fill(email)
}

test('codes that are guessed again and again end in a wait, for the right code too', async ({
  page,
  site,
  rider,
}) => {
  await register(page, rider)
  const code = await site.pool.latestCodeFor(rider.email)
  const field = page.getByLabel('Verification code')
  const verify = page.getByRole('button', { name: 'Verify' })
  await field.fill(otherThan(code))
  await expectProblems(page, [/This code is not right/])
  for (let guess = 2; guess < 15; guess += 1) {
    await site.pool.call('ConfirmSignUp', {
      ClientId,
      Username: rider.email,
      ConfirmationCode: otherThan(code),
    })
  }
  await verify.click()
  await expectProblems(page, [/This code is not right/])
  const wait = 'That was tried too often. It can take up to an hour until you can try again.'
  for (const typed of [otherThan(code), code]) {
    await field.fill(typed)
    await verify.click()
    await expectProblems(page, [wait])
    await expect(field).toHaveValue(typed)
  }
  await site.pool.advanceClock(3600)
  await verify.click()
  await expect(page).toHaveURL(/signin/)
})

const payloads = [
  '<script>window.__pwned=1</script>',
  '<img src=x onerror=window.__pwned=1>',
  '<svg onload=window.__pwned=1>',
  '<svg><script>window.__pwned=1</script></svg>',
  '"><script>window.__pwned=1</script>',
  "'><img src=x onerror='window.__pwned=1'>",
  '</title><script>window.__pwned=1</script>',
  '</textarea><script>window.__pwned=1</script>',
  '<iframe srcdoc="<script>parent.__pwned=1</script>">',
  '<a href="javascript:window.__pwned=1" autofocus onfocus=window.__pwned=1>x</a>',
  '<body onload=window.__pwned=1>',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  '<form action=https://evil.example/><button>',
  '<style>*{display:none}</style>',
  'javascript:window.__pwned=1',
  'data:text/html,<script>window.__pwned=1</script>',
  '{{constructor.constructor("window.__pwned=1")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must not be read as one.
  '${window.__pwned=1}',
  '__proto__[__pwned]=1',
  '%3Cscript%3Ewindow.__pwned=1%3C/script%3E',
  '\u202e\u2066\u0000\ufeff',
  '%',
  '%E0%A4%A',
]

for (const path of [
  '/',
  '/register.html',
  '/verify.html',
  '/signin.html',
  '/forgot.html',
  '/ride.html',
  '/account.html',
]) {
  test(`hostile text in the address of ${path} is neither markup nor a way out`, async ({
    page,
    site,
  }) => {
    const outside: string[] = []
    page.on('request', (request) => {
      if (new URL(request.url()).origin !== site.origin) outside.push(request.url())
    })
    const shape = () =>
      page.evaluate(() =>
        [...document.body.querySelectorAll('*')].map(({ tagName }) => tagName).join(),
      )
    const leave = path === '/ride.html' || path === '/account.html' ? '/signin.html' : path
    const open = async (address: string) => {
      await page.goto(address)
      await expect.poll(() => new URL(page.url()).pathname).toBe(leave)
      await expect(page.getByRole('link', { name: 'Sign in' }).first()).toBeVisible()
    }
    await open(path)
    const clean = await shape()
    for (const payload of [payloads.join(' '), ...payloads.slice(-6)]) {
      const encoded = encodeURIComponent(payload)
      // Once as a form would write it, once as somebody types it.
      for (const part of payload.includes('<') ? [encoded] : [encoded, payload]) {
        await open(`${path}?email=${part}&next=${part}&x=${part}#code=${part}`)
        expect(await shape(), payload).toBe(clean)
        expect(await page.evaluate(() => Reflect.get(window, '__pwned'))).toBeUndefined()
        expect(new URL(page.url()).origin).toBe(site.origin)
      }
    }
    expect(outside).toEqual([])
  })
}

/** Makes a rider whose name and address are these. */
async function createRider(
  { pool }: Site,
  { username, ...attributes }: { username: string; email: string; name: string },
): Promise<void> {
  const made = await pool.call('SignUp', {
    ClientId,
    Username: username,
    Password: 'Unicorn-1234',
    UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
  })
  expect(made).toMatchObject({ status: 200 })
  const confirmed = await pool.call('AdminConfirmSignUp', { UserPoolId, Username: username })
  expect(confirmed).toMatchObject({ status: 200 })
}

/** Whoever's text it is, it stays in its place: no scrolling sideways, and no turning round of what follows. */
async function expectContained(page: Page, text: string): Promise<void> {
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    page.url(),
  ).toBeLessThanOrEqual(0)
  const loose = await page.evaluate((needle) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: string[] = []
    while (walker.nextNode()) {
      const { textContent, parentElement } = walker.currentNode
      if (!textContent?.includes(needle) || !parentElement?.checkVisibility()) continue
      let place = parentElement
      const isApart = (element: Element) => {
        const { display, unicodeBidi } = getComputedStyle(element)
        return display !== 'inline' || unicodeBidi.startsWith('isolate')
      }
      while (!isApart(place) && place.parentElement) place = place.parentElement
      if (place.textContent !== textContent) found.push(place.outerHTML)
    }
    return found
  }, text)
  expect(loose, 'text that can turn its neighbours round').toEqual([])
}

test.describe('where riders may tell their names', () => {
  test.use({ template: withPool({}) })

  for (const [what, rider] of [
    [
      '2,000 characters',
      {
        username: 'x'.repeat(128),
        email: `${'x'.repeat(1900)}@example.com`,
        name: 'W'.repeat(2000),
      },
    ],
    [
      'a right-to-left override',
      {
        username: 'rider',
        email: 'a\u202emoc.elpmaxe@example.com',
        name: '\u202e'.repeat(100),
      },
    ],
    [
      'characters without width',
      {
        username: 'rider',
        email: 'r\u200bi\u2060der@example.com',
        name: '\u200b'.repeat(2000),
      },
    ],
    [
      'right-to-left letters',
      { username: 'אבג', email: 'שלום@example.com', name: 'مرحبا '.repeat(300) },
    ],
  ] as const) {
    test(`names and addresses of ${what} fit 320 px and turn nothing round`, async ({
      page,
      site,
    }) => {
      await createRider(site, rider)
      await page.setViewportSize({ width: 320, height: 640 })
      await signIn(page, { email: rider.username, password: 'Unicorn-1234' })
      const who = page.getByText('You are signed in as').locator('bdi')
      await expect(who).toHaveText(rider.email)
      // Only there the name is shown: it is a claim.
      await openTokenLens(page)
      await expectContained(page, rider.email)
      await expectContained(page, rider.name)
      await page.goto('/account.html')
      await expectAccountPage(page)
      await expectContained(page, rider.email)
      await expectContained(page, rider.username)
    })
  }
})

test('an address of right-to-left letters turns nothing round where its code was sent', async ({
  page,
  rider,
}) => {
  const email = 'שלום@example.com'
  await register(page, { ...rider, email })
  await expect(page.getByText('We emailed a 6-digit code to')).toContainText(email)
  await expectContained(page, email)
})

/** As a translator and other extensions do: other text nodes, other orders, elements added and gone. */
function editDocument(): void {
  const wrap = (root: Node) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    const texts: Node[] = []
    while (walker.nextNode()) texts.push(walker.currentNode)
    for (const text of texts) {
      const { parentElement, textContent } = text
      if (!parentElement || !textContent?.trim() || parentElement.closest('font, script')) continue
      const font = document.createElement('font')
      font.append(document.createElement('font'))
      font.firstElementChild?.append(textContent)
      text.parentNode?.replaceChild(font, text)
    }
  }
  addEventListener('load', () => {
    for (const span of document.querySelectorAll('span.visually-hidden, .wait')) span.remove()
    for (const line of document.querySelectorAll('p')) {
      if (line.childNodes.length > 1 && line.lastChild) line.prepend(line.lastChild)
    }
    for (const input of document.querySelectorAll('input')) {
      input.after(Object.assign(document.createElement('span'), { className: 'extension' }))
      input.setAttribute('data-extension', 'x')
    }
    document.body.prepend(document.createElement('div'))
    wrap(document.body)
    new MutationObserver(() => wrap(document.body)).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    })
  })
}

test('a page that a translator and other extensions have edited still leads all the way', async ({
  page,
  site,
  rider,
}) => {
  await page.addInitScript(editDocument)
  for (const path of ['/', '/forgot.html', '/ride.html', '/account.html']) {
    await page.goto(path)
    await expect(page.locator('font font').first()).toBeAttached()
  }
  await page.goto('/register.html')
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expectProblems(page, [/email address$/, /Enter a password$/, /the password again$/])
  await fillRegistration(page, rider)
  await page.getByRole('button', { name: 'Show password' }).click()
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(/verify/)
  await expect(page.locator('.extension').first()).toBeAttached()
  const code = await site.pool.latestCodeFor(rider.email)
  await page.getByLabel('Verification code').fill(otherThan(code))
  await expectProblems(page, [/This code is not right/])
  await page.getByRole('button', { name: 'Resend code' }).click()
  await expect(page.getByRole('status')).toHaveText(/new code is on its way/)
  await page.getByLabel('Verification code').fill(await site.pool.latestCodeFor(rider.email))
  await page.getByRole('button', { name: 'Verify' }).click()
  await expect(page).toHaveURL(/signin/)
  await expect(page.locator('.extension').first()).toBeAttached()
  await fillSignIn(page, { ...rider, password: 'wrong' })
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectProblems(page, [/do not match/])
  await fillSignIn(page, rider)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectRidePage(page)
  await page.getByRole('button', { name: 'Copy token' }).click()
  await expect(page.getByRole('status')).toHaveText('The token is copied.')

  await page.getByRole('link', { name: 'Your account' }).click()
  await expectAccountPage(page)
  await expect(page.locator('.extension').first()).toBeAttached()
  await page.getByLabel('Current password', { exact: true }).fill(rider.password)
  await page.getByLabel('New password', { exact: true }).fill('Pegasus-5678')
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('status')).toHaveText(/^Your password is changed/)
  await page.getByRole('button', { name: 'Set up an authenticator app' }).click()
  await expect(page.getByRole('heading', { name: 'Set up your app' })).toBeFocused()
  await page.getByRole('button', { name: 'Not now' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page).toHaveURL(/signin/)
})
