/** Long names, and names in right-to-left and invisible characters, stay in their place. */

import type { Page } from '@playwright/test'
import { expectAccountPage } from '../support/account-actions.ts'
import { expect, type Site, test } from '../support/fixtures.ts'
import { ClientId, UserPoolId } from '../support/pool-client.ts'
import { withPool } from '../support/pool-templates.ts'
import { openSignedIn, openTokenInspector, register } from '../support/rider-actions.ts'
import { userMenuButton } from '../support/user-menu.ts'

/** Creates a confirmed rider with this user name, address and name. */
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

/** The text makes the page no wider, and its direction does not reorder the text beside it. */
async function expectContained(page: Page, text: string): Promise<void> {
  expect(
    await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
    page.url(),
  ).toBeLessThanOrEqual(0)
  const loose = await page.evaluate((needle) => {
    // The text of a node, with what follows after a place for a line break.
    const toRun = (node: Node): string => {
      const { textContent, nextSibling } = node
      const next = nextSibling?.nodeName === 'WBR' ? nextSibling.nextSibling : null
      return textContent + (next ? toRun(next) : '')
    }
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: string[] = []
    while (walker.nextNode()) {
      const { parentElement, previousSibling } = walker.currentNode
      const textContent = toRun(walker.currentNode)
      if (previousSibling?.nodeName === 'WBR') continue
      if (!textContent.includes(needle) || !parentElement?.checkVisibility()) continue
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
    test(`bidi and long text: names and addresses of ${what} fit 320 px and do not reorder their neighbors`, async ({
      page,
      site,
    }) => {
      await createRider(site, rider)
      await page.setViewportSize({ width: 320, height: 640 })
      await openSignedIn(page, site, { email: rider.username, password: 'Unicorn-1234' })
      const who = page.getByText('You are signed in as').locator('bdi')
      await expect(who).toHaveText(rider.email)
      // The name is shown in the token inspector only, as a claim.
      await openTokenInspector(page)
      await expectContained(page, rider.email)
      await expectContained(page, rider.name)
      await page.goto('/account.html')
      await expectAccountPage(page)
      await userMenuButton(page).click()
      await expectContained(page, rider.email)
      await expectContained(page, rider.username)
    })
  }
})

test('bidi: an address of right-to-left letters does not reorder its neighbors on the verify page', async ({
  page,
  rider,
}) => {
  const email = 'שלום@example.com'
  await register(page, { ...rider, email })
  await expect(page.getByText('We emailed a 6-digit code to')).toContainText(email)
  await expectContained(page, email)
})
