/** Nothing moves while a page opens, or when a form shows errors. */

import type { Page } from '@playwright/test'
import { expect, poolApi, publicPagePaths, test } from '../support/fixtures.ts'
import { offline, online, trouble } from '../support/messages.ts'
import {
  expectErrorSummary,
  fillRegistration,
  fillSignIn,
  holdPageScript,
  openSignedIn,
} from '../support/rider-actions.ts'

test('layout shift: nothing moves while a page opens, signed out or signed in', async ({
  page,
  site,
  rider,
}) => {
  await page.setViewportSize({ width: 360, height: 780 })
  await page.addInitScript(() => {
    let shift = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += Number(Reflect.get(entry, 'value'))
      document.documentElement.dataset.shift = String(shift)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  const shifts: Record<string, number> = {}
  const open = async (path: string, whose: string) => {
    await page.goto(path)
    await expect(page.locator('#themes')).toBeVisible()
    await expect(page.locator('#content, #credentials, form, .hero').first()).toBeVisible()
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
    const shift = await page.locator('html').getAttribute('data-shift')
    shifts[`${path} ${whose}`] = Number(shift)
  }

  for (const path of publicPagePaths) await open(path, 'signed out')
  await site.pool.createConfirmedUser(rider)
  await openSignedIn(page, site, rider)
  // The page is painted before it has the response of the service.
  await page.route(poolApi, async (route) => {
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length)
    await route.continue()
  })
  for (const path of [...publicPagePaths, '/ride.html', '/account.html'])
    await open(path, 'signed in')
  expect(Object.entries(shifts).filter(([, shift]) => shift > 0.01)).toEqual([])
})

for (const [path, button, foot] of [
  ['/signin.html', 'Sign in with a passkey', 'Register'],
  ['/register.html', 'Use a passkey, no password', 'Sign in'],
] as const) {
  test(`layout shift: ways without a password come with the settings on ${path}, before what stands below them`, async ({
    page,
  }) => {
    // So that the footer is seen.
    await page.setViewportSize({ width: 360, height: 1300 })
    await page.addInitScript(() => {
      let shift = 0
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shift += Number(Reflect.get(entry, 'value'))
        document.documentElement.dataset.shift = String(shift)
      }).observe({ type: 'layout-shift', buffered: true })
    })
    const releaseScript = await holdPageScript(page)
    let sendSettings = () => {}
    const settings = new Promise<void>((resolve) => {
      sendSettings = resolve
    })
    await page.route('/js/config.js', async (route) => {
      await settings
      await route.continue()
    })
    await page.goto(path, { waitUntil: 'commit' })
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length)
    // The form takes a press before that.
    await expect(page.locator('.card [type=submit]').first()).toBeEnabled()
    const below = page.getByRole('main').getByRole('link', { name: foot })
    await expect(below).toHaveCount(0)
    sendSettings()
    await expect(page.getByRole('button', { name: button })).toBeVisible()
    await expect(below).toBeVisible()
    const before = await readPlaces(page)
    releaseScript()
    await expect(page.locator('html')).toHaveAttribute('data-started')
    const show = before.filter((place) => !/^(current|new|confirm)-password:/.test(place))
    expect(await readPlaces(page)).toEqual(expect.arrayContaining(show))
    expect(Number(await page.locator('html').getAttribute('data-shift'))).toBeLessThan(0.01)
  })

  test(`layout shift: without settings ${path} has what stands below the form`, async ({
    page,
  }) => {
    await page.route('/js/config.js', (route) => route.abort())
    await page.goto(path)
    await expect(page.getByRole('main').getByRole('link', { name: foot })).toBeVisible()
    await expect(page.getByRole('button', { name: button })).toBeHidden()
  })
}

for (const [what, path, fill, show] of [
  [
    'an error of the whole form',
    '/signin.html',
    fillSignIn,
    async (page: Page) => {
      await page.route(poolApi, (route) => route.fulfill({ status: 500, body: '' }))
      await page.locator('button[type=submit]').first().click()
      await expectErrorSummary(page, [trouble])
    },
  ],
  [
    'a field error',
    '/register.html',
    fillRegistration,
    async (page: Page) => {
      await page.route(poolApi, (route) =>
        route.fulfill({ status: 400, json: { __type: 'InvalidPasswordException', message: '' } }),
      )
      await page.locator('button[type=submit]').first().click()
      await expect(page.locator('#new-password-error')).toBeVisible()
    },
  ],
  [
    'a status message',
    '/signin.html',
    fillSignIn,
    async (page: Page) => {
      await page.context().setOffline(true)
      await page.context().setOffline(false)
      await expect(page.getByRole('status')).toHaveText(online)
    },
  ],
] as const) {
  test(`layout shift: submitting after ${what} does not move the button`, async ({
    page,
    rider,
  }) => {
    await page.goto(path)
    const title = await page.title()
    await fill(page, rider)
    await show(page)
    const button = page.locator('button[type=submit]').first()
    await button.scrollIntoViewIfNeeded()
    const before = await button.boundingBox()
    await page.unrouteAll()
    await page.route(poolApi, () => {})
    await button.click()
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    const after = await button.boundingBox()
    expect([after?.x, after?.y]).toEqual([before?.x, before?.y])
    // The errors of the last submit are gone.
    await expect(page.getByText('There is a problem')).toBeHidden()
    await expect(page.locator('[aria-invalid]')).toHaveCount(0)
    await expect(page).toHaveTitle(title)
  })
}

test('layout shift: an error that appears on blur does not move the button from under the pointer', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.getByLabel('Confirm password').fill('Unicorn-9999')
  const box = await page.getByRole('button', { name: "Let's Ryde" }).boundingBox()
  if (!box) throw new Error('the button has no box')
  await page.mouse.move(box.x + box.width / 2, box.y + 4)
  await page.mouse.down()
  await page.mouse.up()
  await expectErrorSummary(page, ["Password and Confirm password don't match"])
})

/** Where things are that a press may aim at: all that the page shows of them. */
function readPlaces(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('label, input, main button, main a')]
      .filter((element) => !element.closest('.suggestion, #script-error'))
      .filter((element) => element.checkVisibility())
      .map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect()
        const [left, top] = [Math.round(x + scrollX), Math.round(y + scrollY)]
        return `${element.id || element.textContent?.replace(/ in \d+ s$/, '')}: ${left}, ${top}, ${Math.round(width)} x ${Math.round(height)}`
      }),
  )
}

const suggestion = (page: Page) => page.getByRole('button', { name: /^Did you mean/ })

for (const [what, width, fontSize] of [
  ['at 1280 px', 1280, 16],
  ['at 360 px', 360, 16],
  ['at 320 px', 320, 16],
  ['at 320 px with text of twice the size', 320, 32],
] as const) {
  test(`layout shift: the suggestion of an address moves nothing ${what}`, async ({
    page,
    site,
    rider,
  }) => {
    await site.pool.createConfirmedUser(rider)
    const devTools = await page.context().newCDPSession(page)
    await devTools.send('Page.setFontSizes', { fontSizes: { standard: fontSize, fixed: 13 } })
    await page.setViewportSize({ width, height: 780 })
    const expectStill = async (field: string) => {
      const input = page.getByLabel(field)
      await expect(input).toBeVisible()
      const before = await readPlaces(page)
      await input.fill('rider@protonmial.com')
      await input.blur()
      await expect(suggestion(page)).toHaveText('Did you mean protonmail.com?')
      expect(await readPlaces(page)).toEqual(before)
      // It is all in view, on the lines of the hint, with room for a finger.
      const box = await suggestion(page).boundingBox()
      expect(box?.height).toBeGreaterThanOrEqual(44)
      const inputBox = await input.boundingBox()
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((inputBox?.y ?? 0) + 1)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      await suggestion(page).click()
      await expect(input).toHaveValue('rider@protonmail.com')
      await expect(input).toBeFocused()
      expect(await readPlaces(page)).toEqual(before)
    }

    await page.goto('/register.html')
    await expectStill('Email')
    await openSignedIn(page, site, rider)
    await page.goto('/account.html')
    await expectStill('New email')
  })
}

test('layout shift: a suggestion that appears while the button is being pressed leaves the press to the button', async ({
  page,
  rider,
}) => {
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  const email = page.getByLabel('Email')
  await email.fill('rider@gmial.com')
  const button = page.locator('#register [type=submit]')
  const before = await button.boundingBox()
  if (!before) throw new Error('the button has no box')
  await page.route(poolApi, () => {})
  await page.mouse.move(before.x + before.width / 2, before.y + 4)
  await page.mouse.down()
  await page.mouse.up()
  await expect(button).toHaveAttribute('aria-disabled', 'true')
  await expect(suggestion(page)).toBeVisible()
  expect(await button.boundingBox()).toEqual(before)
})

test('layout shift: the suggestion of an address stands behind its field for the keyboard, and the field keeps its hint', async ({
  page,
}) => {
  await page.goto('/register.html')
  const email = page.getByLabel('Email')
  await email.fill('rider@gmial.com')
  await email.press('Tab')
  await expect(suggestion(page)).toBeVisible()
  await expect(email).toHaveAccessibleDescription(/^We'll email you a code/)
  await page.keyboard.press('Shift+Tab')
  await expect(suggestion(page)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(email).toHaveValue('rider@gmail.com')
})

test('layout shift: the notices of a lost network and of its return move nothing and take no press', async ({
  page,
  context,
}) => {
  await page.setViewportSize({ width: 360, height: 780 })
  await page.goto('/signin.html')
  await expect(page.locator('#themes')).toBeVisible()
  const before = await readPlaces(page)
  await context.setOffline(true)
  await expect(page.getByRole('status')).toHaveText(offline)
  expect(await readPlaces(page)).toEqual(before)
  await context.setOffline(false)
  await expect(page.getByRole('status')).toHaveText(online)
  expect(await readPlaces(page)).toEqual(before)
  await context.setOffline(true)
  await expect(page.getByRole('status')).toHaveText(offline)
  await page.getByRole('link', { name: 'Wild Rydes' }).click({ trial: true })
})

test('layout shift: the end of a wait moves nothing', async ({ page, rider }) => {
  await page.clock.install()
  await page.setViewportSize({ width: 360, height: 780 })
  await page.goto('/signin.html')
  await page.route(poolApi, (route) =>
    route.fulfill({ status: 400, json: { __type: 'TooManyRequestsException', message: '' } }),
  )
  await fillSignIn(page, rider)
  const button = page.getByRole('button', { name: /^Sign in(?! with)/ })
  await button.click()
  await expect(button).toHaveText(/^Sign in in \d+ s$/)
  const counting = await readPlaces(page)
  await page.getByRole('button', { name: 'Stop' }).click()
  await expect(page.getByText('Stopped.')).toBeVisible()
  const before = await readPlaces(page)
  expect(before).toEqual(counting.filter((place) => !place.startsWith('Stop:')))
  await page.clock.runFor(14_000)
  await expect(page.getByRole('status')).toHaveText('You can try again now.')
  await expect(button).not.toHaveAttribute('aria-disabled')
  expect(await readPlaces(page)).toEqual(before)
})

test('layout shift: the end of the wait for a new code moves nothing', async ({ page, rider }) => {
  await page.clock.install()
  await page.setViewportSize({ width: 360, height: 780 })
  await page.goto('/register.html')
  await fillRegistration(page, rider)
  await page.getByRole('button', { name: "Let's Ryde" }).click()
  await expect(page).toHaveURL(/verify/)
  await page.clock.runFor(31_000)
  const resend = page.getByRole('button', { name: 'Resend code' })
  await resend.click()
  await expect(page.getByRole('status')).toHaveText(/^A new code is on its way/)
  const before = await readPlaces(page)
  await page.clock.runFor(31_000)
  await expect(page.getByRole('status')).toHaveText('You can get a new code now.')
  await expect(resend).not.toHaveAttribute('aria-disabled')
  expect(await readPlaces(page)).toEqual(before)
})

test('layout shift: neither the notice of a late script nor its going moves anything', async ({
  page,
}) => {
  await page.clock.install()
  await page.setViewportSize({ width: 360, height: 780 })
  const release = await holdPageScript(page)
  await page.goto('/signin.html', { waitUntil: 'commit' })
  await expect(page.locator('#other-ways')).toBeVisible()
  const before = await readPlaces(page)
  await page.clock.runFor(10_000)
  const notice = page.getByText("This page didn't load completely.")
  await expect(notice).toBeVisible()
  expect(await readPlaces(page)).toEqual(before)
  release()
  await expect(notice).toBeHidden()
  // "Show" has come, in room that the password gave.
  const still = before.filter((place) => !place.startsWith('current-password:'))
  expect(await readPlaces(page)).toEqual(expect.arrayContaining(still))
})
