/**
 * Every state of every page, and how it comes about. Journeys lead through the states that share a way; they
 * know ids and no words, so that they go in every language.
 */

import type { Page } from '@playwright/test'
import { toTotp } from '../../support/totp.ts'
import { ageSignIn, longEmail, meetCalls, otherThan } from './account-actions.ts'
import { poolApi, type Rider, type Site, type TestOptions } from './fixtures.ts'
import { withPool } from './pool-templates.ts'
import { goodRide, meetRides, useSettings } from './ride-actions.ts'

export interface Journey {
  /** completes the sentence "… looks right" */
  readonly name: string
  readonly options?: Partial<Pick<TestOptions, 'rideApi'>> & {
    readonly template?: ReturnType<typeof withPool>
  }
  readonly walk: (visit: Visit) => Promise<void>
}

export interface Visit {
  readonly page: Page
  readonly site: Site
  readonly rider: Rider
  /** Looks at the page as it stands. */
  readonly look: (page: PageName, state: string) => Promise<void>
}

export type PageName =
  | 'home'
  | 'register'
  | 'verify'
  | 'sign-in'
  | 'forgot'
  | 'ride'
  | 'account'
  | 'not found'

const paths = {
  home: '/',
  register: '/register.html',
  verify: '/verify.html',
  'sign-in': '/signin.html',
  forgot: '/forgot.html',
  ride: '/ride.html',
  account: '/account.html',
  'not found': '/no/such/page',
} as const satisfies Record<PageName, string>

const newPassword = 'Pegasus-5678'

/** Opens a page and waits until its script has begun. */
async function open(page: Page, name: PageName): Promise<void> {
  await page.goto(paths[name])
  await page.locator('#themes').waitFor()
}

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, value] of Object.entries(values)) await page.locator(`#${id}`).fill(value)
}

/** Fills a form and sends it. */
async function send(
  page: Page,
  form: string,
  values: Readonly<Record<string, string>> = {},
): Promise<void> {
  await fill(page, values)
  await page.locator(`${form} [type=submit]`).click()
}

async function shows(page: Page, ...selectors: readonly string[]): Promise<void> {
  for (const selector of selectors) await page.locator(selector).first().waitFor()
}

/** Sends a form that is refused. */
async function sendInVain(...sending: Parameters<typeof send>): Promise<void> {
  await send(...sending)
  await shows(sending[0], '#error-summary')
}

function signIn(page: Page, { email, password }: Rider): Promise<void> {
  return send(page, '#signin', { username: email, 'current-password': password })
}

/** Opens a page for signed-in riders by way of sign-in. */
async function signInTo(page: Page, name: 'ride' | 'account', rider: Rider): Promise<void> {
  await page.goto(paths[name])
  await page.waitForURL('**/signin.html*')
  await signIn(page, rider)
  await page.waitForURL(`**${paths[name]}`)
  await shows(page, '#content')
}

async function signOut(page: Page): Promise<void> {
  await page.locator('#sign-out').click()
  await page.waitForURL('**/signin.html')
  await shows(page, '#status:not(:empty)')
}

/** The key of an authenticator app that is being set up, once its picture is there too. */
async function readAppKey(page: Page): Promise<string> {
  await shows(page, '#app-qr svg')
  return ((await page.locator('#app-key').textContent()) ?? '').replaceAll(' ', '')
}

/** Six digits that are no code of an app about now. */
function wrongCode(key: string): string {
  return otherThan(...[-1, 0, 1, 2].map((step) => toTotp(key, Date.now() + step * 30_000)))
}

/** What the service answers from now on, in place of the pool. */
async function answer(page: Page, type: string, message = ''): Promise<void> {
  await page.route(poolApi, (route) =>
    route.fulfill({ status: 400, json: { __type: type, message } }),
  )
}

const walkForAnyone: Journey['walk'] = async ({ page, look }) => {
  for (const name of ['home', 'not found'] as const) {
    await open(page, name)
    await look(name, 'at rest')
  }
}

const walkRegister: Journey['walk'] = async ({ page, site, rider, look }) => {
  await site.pool.createConfirmedUser(rider)
  await open(page, 'register')
  await look('register', 'at rest')
  await sendInVain(page, '#register')
  await look('register', 'every field wrong')

  await open(page, 'register')
  await fill(page, { email: 'rider@gmial.com', 'new-password': 'unicorn' })
  await page.locator('[data-reveals=new-password]').click()
  await shows(page, '#email-suggestion button')
  await look('register', 'a slip in the address, some rules met')
  await page.locator('#new-password').focus()
  await page.locator('#new-password').dispatchEvent('keydown', { modifierCapsLock: true })
  await shows(page, '[data-caps-lock=new-password]')
  await look('register', 'Caps Lock is on')

  const filled = {
    email: rider.email,
    'new-password': rider.password,
    'confirm-password': rider.password,
  }
  await sendInVain(page, '#register', filled)
  await look('register', 'the account exists')
  await meetCalls(page, 'SignUp', () => undefined)
  await send(page, '#register', filled)
  await shows(page, '#register [aria-disabled=true]')
  await look('register', 'busy')
}

const walkVerify: Journey['walk'] = async ({ page, site, rider, look }) => {
  await open(page, 'verify')
  await look('verify', 'at rest')
  await sendInVain(page, '#verify')
  await look('verify', 'every field wrong')

  await open(page, 'register')
  await send(page, '#register', {
    email: rider.email,
    'new-password': rider.password,
    'confirm-password': rider.password,
  })
  await page.waitForURL('**/verify.html')
  await shows(page, '#status:not(:empty)', '#sent-to')
  await look('verify', 'a code is sent')
  await fill(page, { code: otherThan(await site.pool.latestCodeFor(rider.email)) })
  await shows(page, '#error-summary')
  await look('verify', 'the code is refused')
  await send(page, '#resend')
  await shows(page, '#resend .wait:not(:empty)')
  await look('verify', 'a new code is sent')
  await send(page, '#verify', { code: await site.pool.latestCodeFor(rider.email) })
  await page.waitForURL('**/signin.html')
  await shows(page, '#status:not(:empty)')
  await look('sign-in', 'the address is verified')
}

const walkSignIn: Journey['walk'] = async ({ page, site, rider, look }) => {
  await site.pool.createConfirmedUser(rider)
  const wrong = { ...rider, password: 'wrong' }
  const refuse = async () => {
    await signIn(page, wrong)
    await shows(page, '#error-summary')
  }
  await open(page, 'sign-in')
  await look('sign-in', 'at rest')
  await sendInVain(page, '#signin')
  await look('sign-in', 'every field wrong')
  await refuse()
  await look('sign-in', 'a wrong password')

  await page.context().setOffline(true)
  await refuse()
  await look('sign-in', 'offline')
  await open(page, 'sign-in').catch(() => undefined)
  await page.context().setOffline(false)

  await answer(page, 'NotAuthorizedException', 'Incorrect username or password.')
  await open(page, 'sign-in')
  for (const _ of 'fiver') await refuse()
  await look('sign-in', 'too many wrong passwords')
  await answer(page, 'TooManyRequestsException')
  await refuse()
  await shows(page, '#signin [aria-disabled=true]')
  await look('sign-in', 'resting after too many requests')

  await page.route(poolApi, () => undefined)
  await open(page, 'sign-in')
  await signIn(page, rider)
  await shows(page, '#signin [aria-disabled=true]')
  await look('sign-in', 'busy')

  await page.route('**/assets/pages/*.js', (route) => route.abort())
  await page.goto(paths['sign-in'])
  await shows(page, '#script-error')
  await look('sign-in', 'without its script')
}

const walkSteps: Journey['walk'] = async ({ page, site, rider, look }) => {
  const long = { ...rider, email: longEmail }
  await site.pool.inviteUser(long)
  await open(page, 'sign-in')
  await signIn(page, long)
  await shows(page, '#new-password-form')
  await look('sign-in', 'a new password')
  await sendInVain(page, '#new-password-form')
  await look('sign-in', 'a new password, wrong')
  await send(page, '#new-password-form', { 'new-password': newPassword })

  const key = await readAppKey(page)
  await look('sign-in', 'an app to set up')
  await sendInVain(page, '#app')
  await look('sign-in', 'an app to set up, every field wrong')
  await page.locator('#app-kept').check()
  await send(page, '#app', { 'app-code': toTotp(key, Date.now()) })
  await page.waitForURL('**/ride.html')
  await signOut(page)
  await look('sign-in', 'signed out')

  await signIn(page, { ...long, password: newPassword })
  await shows(page, '#second-factor-form')
  await look('sign-in', 'a code of the app')
  await sendInVain(page, '#second-factor-form', { code: wrongCode(key) })
  await look('sign-in', 'a code of the app, refused')
  await site.pool.advanceClock(1000)
  await send(page, '#second-factor-form', { code: toTotp(key, Date.now()) })
  await shows(page, '#credentials')
  await look('sign-in', 'the code came too late')
}

const walkForgot: Journey['walk'] = async ({ page, site, rider, look }) => {
  const setForm = '#reset form:has(#code)'
  await site.pool.createConfirmedUser(rider)
  await open(page, 'forgot')
  await look('forgot', 'at rest')
  await sendInVain(page, '#request')
  await look('forgot', 'every field wrong')
  await send(page, '#request', { email: rider.email })
  await shows(page, '#reset')
  await look('forgot', 'a code is sent')
  await sendInVain(page, setForm)
  await look('forgot', 'a code is sent, every field wrong')
  const code = await site.pool.latestCodeFor(rider.email)
  await sendInVain(page, setForm, { code: otherThan(code), 'new-password': newPassword })
  await look('forgot', 'the code is refused')
  await send(page, setForm, { code, 'new-password': newPassword })
  await page.waitForURL('**/signin.html')
  await shows(page, '#status:not(:empty)')
  await look('sign-in', 'the password is changed')
}

const walkTokens: Journey['walk'] = async ({ page, site, rider, look }) => {
  const long = { ...rider, email: longEmail }
  await site.pool.createConfirmedUser(long)
  await signInTo(page, 'ride', long)
  await look('ride', 'without an API')
  await page.locator('#token-lens summary').click()
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await page.locator('#copy-curl').click()
  await shows(page, '#access-token:not(:empty)', '#copy-selection:not(:empty)')
  await look('ride', 'tokens, and one to copy by hand')
  await open(page, 'home')
  await look('home', 'signed in')
  await open(page, 'account')
  await shows(page, '#content')
  await look('account', 'the longest address')

  // The tokens are too old, and renewing them takes a while or fails.
  await page.clock.setSystemTime(Date.now() + 2 * 60 * 60_000)
  await page.route(poolApi, () => undefined)
  await page.goto(paths.ride)
  await shows(page, '#loading')
  await look('ride', 'checking')
  await page.route(poolApi, (route) => route.abort())
  await page.goto(paths.ride)
  await shows(page, '#load-error')
  await look('ride', 'trouble')
}

const walkRide: Journey['walk'] = async ({ page, site, rider, look }) => {
  const showMap = async () => {
    await page.locator('#map').scrollIntoViewIfNeeded()
    await shows(page, '#map svg')
  }
  await site.pool.createConfirmedUser(rider)
  await signInTo(page, 'ride', rider)
  await showMap()
  await look('ride', 'at rest')
  await page.locator('#request').click()
  await shows(page, '#place-error')
  await look('ride', 'a pick-up is missing')

  await page.locator('#place').selectOption('Space Needle')
  await page.locator('#map-in-words summary').click()
  await shows(page, '#map img[src$="pin.svg"]', '#map-words')
  await look('ride', 'a pick-up, and the map in words')
  await meetRides(page, (route) => route.fulfill({ status: 500, body: '' }))
  await page.locator('#request').click()
  await shows(page, '#updates li:nth-child(2)')
  await look('ride', 'refused')

  await page.reload()
  await showMap()
  await meetRides(page, () => undefined)
  await page.locator('#request').click()
  await shows(page, '#request[aria-disabled=true]')
  await look('ride', 'a unicorn is sent for')
  await page.reload()
  await showMap()
  await meetRides(page, (route) => route.fulfill({ json: goodRide }))
  await page.locator('#request').click()
  await shows(page, '#updates li:nth-child(4)', '#map img[src$="unicorn.svg"]')
  await look('ride', 'a unicorn has arrived')
  await page.locator('#locate').click()
  await shows(page, '#status:not(:empty)')
  await look('ride', 'the position is not found')

  await page.route(/\/assets\/map-.*\.js/, (route) => route.abort())
  await page.reload()
  await page.locator('#map').scrollIntoViewIfNeeded()
  await shows(page, '#map-note')
  await look('ride', 'the map is missing')
  await page.unrouteAll()
  const map = { tileUrl: '/images/unicorn.svg?{z}/{x}/{y}', attribution: '© Example Maps' }
  await useSettings(page, site, { map })
  await page.reload()
  await page.locator('#map').scrollIntoViewIfNeeded()
  await shows(page, '#map img')
  await look('ride', 'a map of tiles')
}

const walkAccount: Journey['walk'] = async ({ page, site, rider, look }) => {
  await site.pool.createConfirmedUser(rider)
  await signInTo(page, 'account', rider)
  await look('account', 'at rest')
  await send(page, '#new-password-form', {
    'current-password': rider.password,
    'new-password': newPassword,
  })
  await shows(page, '#status:not(:empty)')
  await look('account', 'the password is changed')

  await send(page, '#new-email-form', { 'new-email': longEmail })
  await shows(page, '#pending-place h3')
  await look('account', 'an address waits')
  await send(page, '#app-start')
  const key = await readAppKey(page)
  await look('account', 'an app to set up')
  for (const form of [
    'verify-email',
    'new-email-form',
    'new-password-form',
    'app',
    'delete-form',
  ]) {
    await sendInVain(page, `#${form}`)
  }
  await look('account', 'every field wrong')
  await page.locator('#app-kept').check()
  await send(page, '#app', { 'app-code': toTotp(key, Date.now()) })
  await shows(page, '#app-on')
  await look('account', 'an app is on')

  await ageSignIn(page)
  await send(page, '#app-stop')
  await shows(page, '#identity')
  await look('account', 'who is there')
  await sendInVain(page, '#identity form', { 'identity-password': 'wrong' })
  await look('account', 'who is there, a wrong password')
  await send(page, '#identity form', { 'identity-password': newPassword })
  await shows(page, '#identity-code')
  await look('account', 'who is there, a code of the app')
  await sendInVain(page, '#identity form', { 'identity-code': wrongCode(key) })
  await look('account', 'who is there, a code refused')

  await meetCalls(page, 'GetUser', () => undefined)
  await page.goto(paths.account)
  await shows(page, '#loading')
  await look('account', 'checking')
  await meetCalls(page, 'GetUser', (route) => route.abort())
  await page.goto(paths.account)
  await shows(page, '#load-error')
  await look('account', 'trouble')
}

const walkHindrances: Journey['walk'] = async ({ page, look }) => {
  const notice = '[aria-labelledby=notice-title]'
  await page.route('**/js/config.js', (route) => route.fulfill({ status: 404 }))
  for (const name of [
    'home',
    'register',
    'verify',
    'sign-in',
    'forgot',
    'ride',
    'account',
  ] as const) {
    await open(page, name)
    await shows(page, notice)
    await look(name, 'no pool')
  }
  await page.route('**/js/config.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: 'window._config = { cognito: { userPoolId: "x", extra: 1 }, api: { invokeUrl: "ftp://x" } }',
    }),
  )
  await open(page, 'sign-in')
  await shows(page, notice)
  await look('sign-in', 'wrong settings')
  await page.addInitScript(() => Reflect.deleteProperty(window, 'AbortController'))
  await open(page, 'sign-in')
  await shows(page, notice)
  await look('sign-in', 'a browser too old')
  await page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }))
  await open(page, 'sign-in')
  await shows(page, notice)
  await look('sign-in', 'a connection that is not safe')
}

const walkWithoutScript: Journey['walk'] = async ({ page, look }) => {
  const devTools = await page.context().newCDPSession(page)
  const disable = (value: boolean) =>
    devTools.send('Emulation.setScriptExecutionDisabled', { value })
  for (const name of ['home', 'register', 'sign-in', 'ride'] as const) {
    await disable(true)
    await page.goto(paths[name])
    // The page stays as it was read; whoever looks needs scripts.
    await disable(false)
    await look(name, 'no JavaScript')
  }
}

export const journeys: readonly Journey[] = [
  { name: 'the account page', walk: walkAccount },
  { name: 'the ride page', options: { rideApi: true }, walk: walkRide },
  {
    name: 'each step of signing in',
    options: { template: withPool({ MfaConfiguration: 'ON' }) },
    walk: walkSteps,
  },
  { name: 'the ride page without an API', walk: walkTokens },
  { name: 'the sign-in page', walk: walkSignIn },
  { name: 'what keeps a page from its work', walk: walkHindrances },
  { name: 'the register page', walk: walkRegister },
  { name: 'the verify page', walk: walkVerify },
  { name: 'the page of forgotten passwords', walk: walkForgot },
  { name: 'what anyone may see', walk: walkForAnyone },
  { name: 'a page without script', walk: walkWithoutScript },
]
