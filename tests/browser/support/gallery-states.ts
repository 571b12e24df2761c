/**
 * Every state of every page, and how to get to it. A journey leads through several states; it finds elements by id
 * and not by text, so that it works in every language.
 */

import type { Page } from '@playwright/test'
import { toTotp } from '../../support/totp.ts'
import { longEmail } from './account-actions.ts'
import { addAuthenticatorApp, codeOtherThan } from './authenticator-app.ts'
import { routeCalls } from './calls.ts'
import { expireRecentSignIn } from './clocks.ts'
import { poolApi, type Rider, type Site, type TestOptions } from './fixtures.ts'
import { addPasskeys, openPasskeys, storePasswordlessSession } from './passkey-actions.ts'
import { UserPoolId } from './pool-client.ts'
import { withPool } from './pool-templates.ts'
import { routeRides, sampleRide, useSettings } from './ride-actions.ts'
import { storeSession } from './rider-actions.ts'
import { scripts } from './scripts.ts'
import { addVirtualAuthenticator } from './virtual-authenticator.ts'

export interface Journey {
  /** completes the sentence "every state of … is accessible" */
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
  /** Checks the page in its present state. */
  readonly check: (page: PageName, state: string) => Promise<void>
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

/** Opens a page and waits until its script has started. */
async function open(page: Page, name: PageName): Promise<void> {
  await page.goto(paths[name])
  await page.locator('#themes').waitFor()
}

async function fill(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [id, value] of Object.entries(values)) await page.locator(`#${id}`).fill(value)
}

/** Fills a form and submits it. */
async function submit(
  page: Page,
  form: string,
  values: Readonly<Record<string, string>> = {},
): Promise<void> {
  await fill(page, values)
  await page.locator(`${form} [type=submit]`).click()
}

async function waitForAll(page: Page, ...selectors: readonly string[]): Promise<void> {
  for (const selector of selectors) await page.locator(selector).first().waitFor()
}

/** Submits a form that gives an error. */
async function submitInvalid(...submission: Parameters<typeof submit>): Promise<void> {
  await submit(...submission)
  await waitForAll(submission[0], '#error-summary')
}

function signIn(page: Page, { email, password }: Rider): Promise<void> {
  return submit(page, '#signin', { username: email, 'current-password': password })
}

/** Opens a page for signed-in riders with a session that has begun. */
async function openSignedIn(
  page: Page,
  name: 'ride' | 'account',
  { site, rider }: { site: Site; rider: Rider },
): Promise<void> {
  await storeSession(page, site, rider)
  await page.goto(paths[name])
  await waitForAll(page, '#content')
}

async function openMenu(page: Page): Promise<void> {
  await page.locator('#menu-button').click()
  await waitForAll(page, '#sign-out')
}

async function signOut(page: Page): Promise<void> {
  await openMenu(page)
  await page.locator('#sign-out').click()
  await page.waitForURL('**/signin.html')
  await waitForAll(page, '#status:not(:empty)')
}

/** The key of an authenticator app that is being set up, once its QR code is shown. */
async function readAppKey(page: Page): Promise<string> {
  await waitForAll(page, '#app-qr svg')
  return ((await page.locator('#app-key').textContent()) ?? '').replaceAll(' ', '')
}

/** Six digits that are no TOTP code of this key around the present time. */
function wrongAppCode(key: string): string {
  return codeOtherThan(...[-1, 0, 1, 2].map((step) => toTotp(key, Date.now() + step * 30_000)))
}

/** Answers all calls of the user pool with this error from now on. */
async function respondWithError(page: Page, type: string, message = ''): Promise<void> {
  await page.route(poolApi, (route) =>
    route.fulfill({ status: 400, json: { __type: type, message } }),
  )
}

const walkForAnyone: Journey['walk'] = async ({ page, check }) => {
  for (const name of ['home', 'not found'] as const) {
    await open(page, name)
    await check(name, 'at rest')
  }
}

const walkRegister: Journey['walk'] = async ({ page, site, rider, check }) => {
  await site.pool.createConfirmedUser(rider)
  await open(page, 'register')
  await check('register', 'at rest')
  await submitInvalid(page, '#register')
  await check('register', 'every field wrong')

  await open(page, 'register')
  await fill(page, { email: 'rider@gmial.com', 'new-password': 'unicorn' })
  await page.locator('[data-reveals=new-password]').click()
  await waitForAll(page, '#email-suggestion button')
  await check('register', 'a typo in the address, some rules met')
  await page.locator('#new-password').focus()
  await page.locator('#new-password').dispatchEvent('keydown', { modifierCapsLock: true })
  await waitForAll(page, '[data-caps-lock=new-password]')
  await check('register', 'Caps Lock is on')
  await fill(page, { 'new-password': rider.password })
  await check('register', 'every rule met')

  const filled = {
    email: rider.email,
    'new-password': rider.password,
    'confirm-password': rider.password,
  }
  await submitInvalid(page, '#register', filled)
  await check('register', 'the account exists')
  await routeCalls(page, 'SignUp', () => undefined)
  await submit(page, '#register', filled)
  await waitForAll(page, '#register [aria-disabled=true]')
  await check('register', 'busy')
}

const walkVerify: Journey['walk'] = async ({ page, site, rider, check }) => {
  await open(page, 'verify')
  await check('verify', 'at rest')
  await submitInvalid(page, '#verify')
  await check('verify', 'every field wrong')

  await open(page, 'register')
  await submit(page, '#register', {
    email: rider.email,
    'new-password': rider.password,
    'confirm-password': rider.password,
  })
  await page.waitForURL('**/verify.html')
  await waitForAll(page, '#status:not(:empty)', '#sent-to')
  await check('verify', 'a code is sent')
  await fill(page, { code: codeOtherThan(await site.pool.latestCodeFor(rider.email)) })
  await waitForAll(page, '#error-summary')
  await check('verify', 'the code is wrong')
  await page.clock.setSystemTime(Date.now() + 31_000)
  await submit(page, '#resend')
  await waitForAll(page, '#resend .countdown:not(:empty)')
  await check('verify', 'a new code is sent')
  await fill(page, { email: longEmail })
  await submit(page, '#resend')
  await waitForAll(page, '#register-again')
  await check('verify', 'a new code may be sent')
  const code = await site.pool.latestCodeFor(rider.email)
  // Another tab has registered the address.
  await page.evaluate(() => sessionStorage.removeItem('wildrydes.user.signUp'))
  await submit(page, '#verify', { email: rider.email, code })
  await page.waitForURL('**/signin.html')
  await waitForAll(page, '#status:not(:empty)')
  await check('sign-in', 'the address is verified')
  await page.goto(`${paths.verify}#code=${code}`)
  await submit(page, '#verify')
  await waitForAll(page, '#code-uses', '#already-verified')
  await check('verify', 'a code of another purpose')
}

const walkPasskeyRegistration: Journey['walk'] = async ({ page, site, rider, check }) => {
  const authenticator = await addVirtualAuthenticator(page)
  const register = async (email: string) => {
    await open(page, 'register')
    await submit(page, '#passkey', { email })
    await page.waitForURL('**/verify.html')
    await waitForAll(page, '#sent-to')
    await fill(page, { code: await site.pool.latestCodeFor(email) })
    await waitForAll(page, '#content', '#status:not(:empty)')
  }
  await open(page, 'register')
  await submitInvalid(page, '#passkey')
  await check('register', 'a passkey without an address')

  await authenticator.setUserVerified(false)
  await register(rider.email)
  await check('account', 'neither a password nor a passkey')
  await submit(page, '#new-password-form', { 'new-password': newPassword })
  await waitForAll(page, '#current-password-place')
  await check('account', 'the first password is set')
  await signOut(page)

  await authenticator.setUserVerified(true)
  await register('other@example.com')
  await check('ride', 'verified, with a passkey')

  await routeCalls(page, 'SignUp', () => undefined)
  await open(page, 'register')
  await submit(page, '#passkey', { email: 'third@example.com' })
  await waitForAll(page, '#passkey [aria-disabled=true]')
  await check('register', 'busy, without a password')
}

const walkSignIn: Journey['walk'] = async ({ page, site, rider, check }) => {
  await site.pool.createConfirmedUser(rider)
  const wrong = { ...rider, password: 'wrong' }
  const fail = async () => {
    await signIn(page, wrong)
    await waitForAll(page, '#error-summary')
  }
  await open(page, 'sign-in')
  await check('sign-in', 'at rest')
  await submitInvalid(page, '#signin')
  await check('sign-in', 'every field wrong')
  await open(page, 'sign-in')
  await fill(page, { username: rider.email, 'current-password': rider.password })
  await page.locator('#keep-signed-in').check()
  await page.locator('[data-reveals=current-password]').click()
  await page.locator('#current-password').dispatchEvent('keydown', { modifierCapsLock: true })
  await waitForAll(page, '[data-caps-lock=current-password]')
  await check('sign-in', 'filled, the password shown, Caps Lock on')
  await open(page, 'sign-in')
  await fail()
  await check('sign-in', 'a wrong password')

  await open(page, 'sign-in')
  await page.context().setOffline(true)
  await waitForAll(page, '#status.floats')
  await check('sign-in', 'the network is lost')
  await fail()
  await check('sign-in', 'offline')
  await open(page, 'sign-in').catch(() => undefined)
  await page.context().setOffline(false)

  await respondWithError(page, 'NotAuthorizedException', 'Incorrect username or password.')
  await open(page, 'sign-in')
  for (const _ of 'fiver') await fail()
  await check('sign-in', 'too many wrong passwords')
  await respondWithError(page, 'TooManyRequestsException')
  await open(page, 'sign-in')
  await fail()
  await waitForAll(page, '#error-summary button')
  await check('sign-in', 'too many requests, sent once more when the countdown ends')
  await page.locator('#error-summary button').click()
  await check('sign-in', 'too many requests, stopped')

  await page.route(poolApi, () => undefined)
  await open(page, 'sign-in')
  await signIn(page, rider)
  await waitForAll(page, '#signin [aria-disabled=true]')
  await check('sign-in', 'busy')

  await page.route(scripts.pages, (route) => route.abort())
  await page.goto(paths['sign-in'])
  await waitForAll(page, '#script-error')
  await check('sign-in', 'without its script')

  await page.unrouteAll()
  await respondWithError(page, 'ResourceNotFoundException')
  await open(page, 'sign-in')
  await fail()
  await check('sign-in', 'a setting is wrong')
}

const walkChallenges: Journey['walk'] = async ({ page, site, rider, check }) => {
  const long = { ...rider, email: longEmail }
  await site.pool.createInvitedUser(long)
  await open(page, 'sign-in')
  await signIn(page, long)
  await waitForAll(page, '#new-password-form')
  await check('sign-in', 'a new password')
  await submitInvalid(page, '#new-password-form')
  await check('sign-in', 'a new password, wrong')
  await submit(page, '#new-password-form', { 'new-password': newPassword })

  const key = await readAppKey(page)
  await check('sign-in', 'an app to set up')
  await submitInvalid(page, '#app')
  await check('sign-in', 'an app to set up, every field wrong')
  await page.locator('#app-kept').check()
  await submit(page, '#app', { 'app-code': toTotp(key, Date.now()) })
  await page.waitForURL('**/ride.html')
  await signOut(page)
  await check('sign-in', 'signed out')

  await signIn(page, { ...long, password: newPassword })
  await waitForAll(page, '#second-factor-form')
  await check('sign-in', 'a code of the app')
  await submitInvalid(page, '#second-factor-form', { code: wrongAppCode(key) })
  await check('sign-in', 'a code of the app, wrong')
  await site.pool.advanceClock(1000)
  await submit(page, '#second-factor-form', { code: toTotp(key, Date.now()) })
  await waitForAll(page, '#credentials')
  await check('sign-in', 'the code came too late')
}

const walkPasswordless: Journey['walk'] = async ({ page, site, rider, check }) => {
  const { email: username } = rider
  await site.pool.createConfirmedUser(rider)
  await open(page, 'sign-in')
  await submitInvalid(page, '#passkey')
  await check('sign-in', 'a passkey without a name')
  await submit(page, '#passkey', { username })
  await waitForAll(page, '#current-password:focus')
  await check('sign-in', 'no passkey')
  await submit(page, '#email-code')
  await waitForAll(page, '#email-code-form')
  await check('sign-in', 'an emailed code')
  const code = await site.pool.latestCodeFor(username)
  await fill(page, { code: codeOtherThan(code.slice(0, 6)) + code.slice(6) })
  await waitForAll(page, '#error-summary')
  await check('sign-in', 'an emailed code, wrong')

  await routeCalls(page, 'InitiateAuth', () => undefined)
  await open(page, 'sign-in')
  await submit(page, '#passkey', { username })
  await waitForAll(page, '#passkey [aria-disabled=true]')
  await check('sign-in', 'a passkey is waited for')
  await page.unrouteAll()
  await respondWithError(
    page,
    'InvalidParameterException',
    'USER_AUTH flow not enabled for this client',
  )
  await open(page, 'sign-in')
  await submitInvalid(page, '#passkey', { username })
  await check('sign-in', 'a way that the pool does not have')
}

const walkFactors: Journey['walk'] = async ({ page, site, rider, check }) => {
  await site.pool.createConfirmedUser(rider)
  await addAuthenticatorApp(site, rider)
  await site.pool.call('AdminSetUserMFAPreference', {
    UserPoolId,
    Username: rider.email,
    EmailMfaSettings: { Enabled: true, PreferredMfa: false },
    SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: false },
  })
  await open(page, 'sign-in')
  await signIn(page, rider)
  await waitForAll(page, '#choose-email-code')
  await check('sign-in', 'two second factors')
  await submit(page, '#choose-email-code')
  await waitForAll(page, '#email-code-form')
  await check('sign-in', 'an emailed code after the password')
}

const walkForgot: Journey['walk'] = async ({ page, site, rider, check }) => {
  const setForm = '#reset form:has(#code)'
  await site.pool.createConfirmedUser(rider)
  await open(page, 'forgot')
  await check('forgot', 'at rest')
  await submitInvalid(page, '#request')
  await check('forgot', 'every field wrong')
  await submit(page, '#request', { email: rider.email })
  await waitForAll(page, '#reset')
  await check('forgot', 'a code is sent')
  await submitInvalid(page, setForm)
  await check('forgot', 'a code is sent, every field wrong')
  const code = await site.pool.latestCodeFor(rider.email)
  await submitInvalid(page, setForm, { code: codeOtherThan(code), 'new-password': newPassword })
  await check('forgot', 'the code is wrong')
  await submit(page, setForm, { code, 'new-password': newPassword })
  await page.waitForURL('**/signin.html')
  await waitForAll(page, '#status:not(:empty)')
  await check('sign-in', 'the password is changed')
}

const walkTokens: Journey['walk'] = async ({ page, site, rider, check }) => {
  const long = { ...rider, email: longEmail }
  await site.pool.createConfirmedUser(long)
  await openSignedIn(page, 'ride', { site, rider: long })
  await check('ride', 'no API')
  await page.locator('#token-inspector summary').click()
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await page.locator('#copy-curl').click()
  await waitForAll(page, '#access-token:not(:empty)', '#copy-selection:not(:empty)')
  await check('ride', 'tokens, and one to copy by hand')
  await open(page, 'home')
  await check('home', 'signed in')
  await open(page, 'sign-in')
  await waitForAll(page, '#other-ways button')
  await check('sign-in', 'signed in')
  await open(page, 'account')
  await waitForAll(page, '#content')
  await check('account', 'the longest address')
  await openMenu(page)
  await check('account', 'the menu, with the longest address')

  // The tokens have expired, and refreshing them takes long or fails.
  await page.clock.setSystemTime(Date.now() + 2 * 60 * 60_000)
  await page.route(poolApi, () => undefined)
  await page.goto(paths.ride)
  await waitForAll(page, '#loading')
  await check('ride', 'loading')
  await page.route(poolApi, (route) => route.abort())
  await page.goto(paths.ride)
  await waitForAll(page, '#load-error')
  await check('ride', 'load error')
  await page.unrouteAll()
  await respondWithError(page, 'NotAuthorizedException', 'Refresh Token has been revoked')
  await page.goto(paths.ride)
  await page.waitForURL('**/signin.html*')
  await waitForAll(page, '#status:not(:empty)')
  await check('sign-in', 'the session has ended')
}

const walkRide: Journey['walk'] = async ({ page, site, rider, check }) => {
  const scrollToMap = async () => {
    await page.locator('#map').scrollIntoViewIfNeeded()
    await waitForAll(page, '#map svg')
  }
  const passTime = async (seconds: number) => {
    await page.clock.setSystemTime((await page.evaluate(() => Date.now())) + seconds * 1000)
  }
  await site.pool.createConfirmedUser(rider)
  await openSignedIn(page, 'ride', { site, rider })
  await scrollToMap()
  await check('ride', 'at rest')
  await page.locator('#request').click()
  await waitForAll(page, '#place-error')
  await check('ride', 'a pick-up is missing')

  await page.locator('#place').selectOption('Space Needle')
  await page.locator('#map-in-words summary').click()
  await waitForAll(page, '#map img[src$="pin.svg"]', '#map-words')
  await check('ride', 'a pick-up, and the map in words')
  await routeRides(page, (route) => route.fulfill({ status: 500, body: '' }))
  await page.locator('#request').click()
  await waitForAll(page, '#updates li:nth-child(2)')
  await check('ride', 'the ride API fails')

  await page.reload()
  await scrollToMap()
  await routeRides(page, () => undefined)
  await page.locator('#request').click()
  await waitForAll(page, '#request[aria-disabled=true]')
  await check('ride', 'requesting a unicorn')
  await page.reload()
  await scrollToMap()
  await routeRides(page, (route) => route.fulfill({ json: sampleRide }))
  await page.locator('#request').click()
  await waitForAll(page, '#ride-card')
  await check('ride', 'a unicorn sets out')
  await passTime(15)
  await waitForAll(page, '#ride-card')
  await check('ride', 'a unicorn is halfway')
  await passTime(30)
  await waitForAll(page, '#ride-again', '#map img[src$="unicorn.svg"]')
  await check('ride', 'a unicorn has arrived')
  await page.locator('#ride-again').click()
  const name = 'Pegasus'.repeat(20).slice(0, 128)
  await routeRides(page, (route) =>
    route.fulfill({ json: { ...sampleRide, Unicorn: { Name: name, Color: name } } }),
  )
  await page.locator('#place').selectOption('Jefferson Park')
  await page.locator('#request').click()
  await waitForAll(page, '#ride-card')
  await check('ride', 'a unicorn with a name of 128 characters')
  await passTime(30)
  await waitForAll(page, '#ride-again')
  await check('ride', 'a unicorn with a long name has arrived')
  await page.locator('#locate').click()
  await waitForAll(page, '#status:not(:empty)')
  await check('ride', 'the location is not found')

  await page.route(scripts.map, (route) => route.abort())
  await page.reload()
  await page.locator('#map').scrollIntoViewIfNeeded()
  await waitForAll(page, '#map-note')
  await check('ride', 'the map is missing')
  await page.unrouteAll()
  const map = { tileUrl: '/images/unicorn.svg?{z}/{x}/{y}', attribution: '© Example Maps' }
  await useSettings(page, site, { map })
  await page.reload()
  await page.locator('#map').scrollIntoViewIfNeeded()
  await waitForAll(page, '#map img')
  await check('ride', 'a map of tiles')
}

const walkAccount: Journey['walk'] = async ({ page, site, rider, check }) => {
  await site.pool.createConfirmedUser(rider)
  await openSignedIn(page, 'account', { site, rider })
  await check('account', 'at rest')
  await openMenu(page)
  await check('account', 'the menu')
  await page.keyboard.press('Escape')
  await submit(page, '#new-password-form', {
    'current-password': rider.password,
    'new-password': newPassword,
  })
  await waitForAll(page, '#status:not(:empty)')
  await check('account', 'the password is changed')

  await fill(page, { 'new-email': 'rider@gmial.com' })
  await page.locator('#new-email').blur()
  await waitForAll(page, '#new-email-suggestion button')
  await check('account', 'a typo in the new address')
  await submit(page, '#new-email-form', { 'new-email': longEmail })
  await waitForAll(page, '#pending-place h3')
  await check('account', 'an address to be verified')
  await submit(page, '#app-start')
  await readAppKey(page)
  await check('account', 'an app to set up')
  await page.reload()
  await submit(page, '#app-start')
  const key = await readAppKey(page)
  await waitForAll(page, '#app > .notice')
  await check('account', 'an app to set up, with a new key')
  for (const form of [
    'verify-email',
    'new-email-form',
    'new-password-form',
    'app',
    'delete-form',
  ]) {
    await submitInvalid(page, `#${form}`)
    await check('account', `every field of ${form} wrong`)
  }
  await page.locator('#app-kept').check()
  await submit(page, '#app', { 'app-code': toTotp(key, Date.now()) })
  await waitForAll(page, '#app-on')
  await check('account', 'an app is on')

  await expireRecentSignIn(page)
  await submit(page, '#app-stop')
  await waitForAll(page, '#reauthenticate')
  await check('account', 're-authenticate')
  await submitInvalid(page, '#reauthenticate-by-password', { 'reauthenticate-password': 'wrong' })
  await check('account', 're-authenticate, a wrong password')
  await submit(page, '#reauthenticate-by-password', { 'reauthenticate-password': newPassword })
  await waitForAll(page, '#reauthenticate-code')
  await check('account', 're-authenticate, a code of the app')
  await submitInvalid(page, '#reauthenticate-by-code', { 'reauthenticate-code': wrongAppCode(key) })
  await check('account', 're-authenticate, a wrong code')

  await routeCalls(page, 'GetUser', () => undefined)
  await page.goto(paths.account)
  await waitForAll(page, '#loading')
  await check('account', 'loading')
  await routeCalls(page, 'GetUser', (route) => route.abort())
  await page.goto(paths.account)
  await waitForAll(page, '#load-error')
  await openMenu(page)
  await check('account', 'load error, and the menu')
}

const walkPasskeys: Journey['walk'] = async ({ page, site, rider, check }) => {
  await addVirtualAuthenticator(page)
  await site.pool.createConfirmedUser(rider)
  const showCard = async () => {
    await openPasskeys(page)
    await waitForAll(page, '#passkeys')
  }
  const showList = async (ceremonies: Parameters<typeof addPasskeys>[2]) => {
    const { accessToken } = await site.pool.signIn(rider)
    await addPasskeys(site, accessToken, ceremonies)
    await page.reload()
    await showCard()
    await waitForAll(page, '#passkey-list li')
  }
  await openSignedIn(page, 'account', { site, rider })
  await showCard()
  await check('account', 'no passkeys')
  await submit(page, '#passkey-add')
  await waitForAll(page, '#passkey-list li')
  await check('account', 'a passkey is added')
  await showList([
    { attachment: 'cross-platform', transports: ['usb'] },
    { attachment: 'cross-platform', transports: ['hybrid'] },
  ])
  await page.locator('#passkey-list button').first().click()
  await check('account', 'a passkey to be deleted')
  await expireRecentSignIn(page)
  await submit(page, '#passkey-delete')
  await waitForAll(page, '#reauthenticate-by-passkey')
  await check('account', 're-authenticate, with a passkey too')
  await page.locator('#reauthenticate-cancel').click()

  await addAuthenticatorApp(site, rider)
  await page.reload()
  await showCard()
  await waitForAll(page, '#passkey-mfa')
  await check('account', 'passkeys that do not count beside an app')
  await respondWithError(page, 'InvalidParameterException')
  await submitInvalid(page, '#passkey-add')
  await check('account', 'a passkey that the service cannot use')
}

const walkManyPasskeys: Journey['walk'] = async ({ page, site, rider, check }) => {
  await site.pool.createConfirmedUser(rider)
  const { accessToken } = await site.pool.signIn(rider)
  await addPasskeys(site, accessToken, Array(20).fill({}))
  await page.addInitScript(() =>
    Reflect.deleteProperty(PublicKeyCredential, 'parseCreationOptionsFromJSON'),
  )
  await openSignedIn(page, 'account', { site, rider })
  await openPasskeys(page)
  await check('account', 'as many passkeys as there can be, in a browser that cannot use them')
}

const walkWithoutPassword: Journey['walk'] = async ({ page, site, rider, check }) => {
  await addVirtualAuthenticator(page)
  await storePasswordlessSession(page, site, rider)
  await page.goto(paths.account)
  await waitForAll(page, '#content')
  await openPasskeys(page)
  await check('account', 'no passkey and no password')
  await submit(page, '#passkey-add')
  await waitForAll(page, '#passkey-list li')
  await page.locator('#passkey-list button').first().click()
  await check('account', 'the last passkey to be deleted')
  await expireRecentSignIn(page)
  await submit(page, '#passkey-delete')
  await waitForAll(page, '#reauthenticate-by-email')
  await check('account', 're-authenticate, without a password')
  await submit(page, '#reauthenticate-by-email')
  await waitForAll(page, '#reauthenticate-by-email-code')
  await check('account', 're-authenticate, an emailed code')
}

const walkPasskeyOffer: Journey['walk'] = async ({ page, site, rider, check }) => {
  await addVirtualAuthenticator(page)
  // The browser makes none without a question.
  await page.addInitScript(() => {
    PublicKeyCredential.getClientCapabilities = () => Promise.resolve({})
  })
  await site.pool.createConfirmedUser(rider)
  await open(page, 'sign-in')
  await signIn(page, rider)
  await page.waitForURL('**/ride.html')
  await waitForAll(page, '#passkey-add:enabled')
  await check('ride', 'a passkey is offered')
  await page.locator('#passkey-add').click()
  await waitForAll(page, '#passkey-offer:has(#passkey-add[hidden])')
  await check('ride', 'a passkey is made')
}

const walkUnverified: Journey['walk'] = async ({ page, site, rider, check }) => {
  await site.pool.registerUser(rider)
  await site.pool.call('AdminConfirmSignUp', { UserPoolId, Username: rider.email })
  await openSignedIn(page, 'account', { site, rider })
  await waitForAll(page, '#verify-current-email')
  await check('account', 'an address that is not verified')
  await submit(page, '#verify-current-email')
  await waitForAll(page, '#pending-place h3')
  await check('account', 'the current address to be verified')
  await page.goto('/')
  await page.evaluate(() => {
    for (const key of Object.keys(sessionStorage)) {
      if (key.includes('pendingEmail')) sessionStorage.removeItem(key)
    }
  })
  await page.goto(`${paths.account}#code=123456`)
  await waitForAll(page, '#pending-unknown')
  await check('account', 'an address to be verified that is not known')
}

const walkLastUsername: Journey['walk'] = async ({ page, check }) => {
  await open(page, 'sign-in')
  await page.evaluate(() => localStorage.setItem('wildrydes.lastUsername', 'ada@example.com'))
  await open(page, 'sign-in')
  await waitForAll(page, '#other-ways button')
  await check('sign-in', 'the last user name is filled in')
}

const walkSetupNotices: Journey['walk'] = async ({ page, check }) => {
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
    await waitForAll(page, notice)
    await check(name, 'no pool')
  }
  await page.route('**/js/config.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: 'window._config = { cognito: { userPoolId: "x", extra: 1 }, api: { invokeUrl: "ftp://x" } }',
    }),
  )
  await open(page, 'sign-in')
  await waitForAll(page, notice)
  await check('sign-in', 'wrong settings')
  await page.addInitScript(() => Reflect.deleteProperty(window, 'AbortController'))
  await open(page, 'sign-in')
  await waitForAll(page, notice)
  await check('sign-in', 'a browser too old')
  await page.addInitScript(() => Object.defineProperty(window, 'isSecureContext', { value: false }))
  await open(page, 'sign-in')
  await waitForAll(page, notice)
  await check('sign-in', 'a connection that is not safe')
}

const walkWithoutScript: Journey['walk'] = async ({ page, check }) => {
  const devTools = await page.context().newCDPSession(page)
  const disable = (value: boolean) =>
    devTools.send('Emulation.setScriptExecutionDisabled', { value })
  for (const name of ['home', 'register', 'sign-in', 'ride'] as const) {
    await disable(true)
    await page.goto(paths[name])
    // The page stays as it was parsed; the check runs scripts in it.
    await disable(false)
    await check(name, 'no JavaScript')
  }
}

export const journeys: readonly Journey[] = [
  { name: 'the account page', walk: walkAccount },
  { name: 'an account whose address is not verified', walk: walkUnverified },
  { name: 'an account with passkeys', walk: walkPasskeys },
  { name: 'an account with many passkeys', walk: walkManyPasskeys },
  { name: 'an account without a password', walk: walkWithoutPassword },
  { name: 'the offer of a passkey', options: { rideApi: true }, walk: walkPasskeyOffer },
  { name: 'the ride page', options: { rideApi: true }, walk: walkRide },
  {
    name: 'the challenges at sign-in',
    options: { template: withPool({ MfaConfiguration: 'ON' }) },
    walk: walkChallenges,
  },
  { name: 'the ride page without an API', walk: walkTokens },
  { name: 'signing in without a password', walk: walkPasswordless },
  {
    name: 'the choice of a second factor',
    options: {
      template: withPool({
        EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
        EnabledMfas: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
      }),
    },
    walk: walkFactors,
  },
  { name: 'the sign-in page', walk: walkSignIn },
  { name: 'the next visit to the sign-in page', walk: walkLastUsername },
  { name: 'the setup notices', walk: walkSetupNotices },
  { name: 'the register page', walk: walkRegister },
  { name: 'the verify page', walk: walkVerify },
  { name: 'registering without a password', walk: walkPasskeyRegistration },
  { name: 'the reset page', walk: walkForgot },
  { name: 'the home page and the 404 page', walk: walkForAnyone },
  { name: 'pages without JavaScript', walk: walkWithoutScript },
]
