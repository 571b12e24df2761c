/** The pages that are one form: the scene beside it, small and short screens, large text. */

import { brotliCompressSync } from 'node:zlib'
import { expect, type Page } from '@playwright/test'
import { test } from '../support/fixtures.ts'

const paths = ['/signin.html', '/register.html', '/verify.html', '/forgot.html']
const scene = '/images/dusk.svg'

/** Counts how much the page moves from its first paint on. */
async function watchShift(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    let shift = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += Number(Reflect.get(entry, 'value'))
      document.documentElement.dataset.shift = String(shift)
    }).observe({ type: 'layout-shift', buffered: true })
  })
  return async () => {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
    return Number(await page.locator('html').getAttribute('data-shift'))
  }
}

for (const path of paths) {
  test(`scene: from 1000 px on it stands beside the card of ${path}, weighs at most 6 kB and moves nothing`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 1000, height: 700 })
    const readShift = await watchShift(page)
    // It comes late.
    const file = page.waitForResponse(`**${scene}`)
    await page.route(`**${scene}`, async (route) => {
      await page.waitForFunction(
        () => performance.getEntriesByName('first-contentful-paint').length,
      )
      await route.continue()
    })
    await page.goto(path)
    expect(brotliCompressSync(await (await file).body()).length).toBeLessThanOrEqual(6000)
    const picture = page.locator(`img[src="${scene}"]`)
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.complete)).toBe(true)
    await expect(picture).toHaveAttribute('alt', '')
    const [card, box] = [
      await page.locator('main form').first().boundingBox(),
      await picture.boundingBox(),
    ]
    expect(box?.x).toBeGreaterThan((card?.x ?? 0) + (card?.width ?? 0))
    expect(box?.width).toBeGreaterThan(300)
    expect(await readShift()).toBe(0)
  })
}

test('scene: at 360 px it is not fetched at all', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  const fetched: string[] = []
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname))
  for (const path of paths) {
    await page.goto(path)
    await page.mouse.wheel(0, 2000)
    await page.waitForLoadState('networkidle')
    await expect(page.locator(`img[src="${scene}"]`)).toBeHidden()
  }
  expect(fetched).toContain('/images/unicorn.svg')
  expect(fetched).not.toContain(scene)
})

for (const path of paths) {
  test(`360 x 640 px: heading and first field of ${path} are in view without scrolling, and buttons are as wide as the form`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 360, height: 640 })
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeInViewport({ ratio: 1 })
    const form = page.locator('main form:visible').first()
    await expect(form.locator('input').first()).toBeInViewport({ ratio: 1 })
    const formBox = await form.boundingBox()
    for (const button of await form.locator('.button').all()) {
      const box = await button.boundingBox()
      expect([box?.x, box?.width]).toEqual([formBox?.x, formBox?.width])
      expect(box?.height).toBeGreaterThanOrEqual(44)
    }
  })
}

for (const [path, field] of [
  ['/signin.html', 'Password'],
  ['/register.html', 'Confirm password'],
  ['/verify.html', 'Verification code'],
  ['/forgot.html', 'Email'],
] as const) {
  test(`360 x 340 px: with the focus in the last field of ${path}, field and button are in view above the keyboard`, async ({
    page,
  }) => {
    await page.setViewportSize({ width: 360, height: 340 })
    await page.goto(path)
    const last = page.getByLabel(field, { exact: true })
    const button = page.locator('main form:visible').first().locator('button[type=submit]')
    await last.focus()
    await expect(last).toBeInViewport({ ratio: 1 })
    await expect(button).toBeInViewport({ ratio: 1 })
  })
}

test('text at 200 %: at 320 px nothing of a form is cut off or scrolls sideways', async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 640 })
  for (const path of paths) {
    await page.goto(path)
    await expect(page.locator('main form:visible button[type=submit]').first()).toBeEnabled()
    const beyond = await page.evaluate(() => {
      const { style } = document.documentElement
      style.fontSize = `${2 * parseFloat(getComputedStyle(document.documentElement).fontSize)}px`
      return [...document.querySelectorAll('main :is(h1, p, label, a, li, input, button)')]
        .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden'))
        .filter((element) => {
          const { left, right } = element.getBoundingClientRect()
          return left < 0 || right > innerWidth || element.scrollWidth > element.clientWidth + 1
        })
        .filter((element) => getComputedStyle(element).display !== 'inline')
        .map(({ outerHTML }) => outerHTML.slice(0, 120))
    })
    expect(beyond, path).toEqual([])
  }
})

test('right to left: the scene stands on the other side and is mirrored', async ({ page }) => {
  await page.goto('/signin.html')
  await page.evaluate(() => {
    document.documentElement.dir = 'rtl'
  })
  const picture = page.locator(`img[src="${scene}"]`)
  const [card, box] = [await page.locator('#signin').boundingBox(), await picture.boundingBox()]
  expect(box?.x).toBeLessThan(card?.x ?? 0)
  await expect(picture).toHaveCSS('scale', '-1 1')
})
