/** The account page in each of its states: no accessibility faults, and room on small screens. */

import type { Page } from '@playwright/test'
import { expectAccessible } from './accessibility.ts'
import {
  ageSignIn,
  changeEmail,
  confirmByPassword,
  giveApp,
  identityHeading,
  openAccount,
  pendingHeading,
  signInToAccount,
} from './account-acts.ts'
import { expect, type Rider, type Site, test } from './fixtures.ts'

/** As long as addresses may be, without a place to break. */
const longEmail = `${'long'.repeat(28)}@example.com`

async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).click()
}

/** Leads the page through its states, one after the other. */
async function visitStates(
  page: Page,
  { site, rider, check }: { site: Site; rider: Rider; check: (state: string) => Promise<void> },
): Promise<void> {
  const problem = page.getByRole('alert').filter({ hasText: 'There is a problem' })
  await site.pool.createConfirmedUser(rider)
  await signInToAccount(page, rider)
  await check('at rest')

  await changeEmail(page, `new${longEmail.slice(3)}`)
  await expect(pendingHeading(page)).toBeVisible()
  await press(page, 'Set up an authenticator app')
  await expect(page.getByRole('img', { name: /^QR code/ })).toBeVisible()
  for (const name of ['Verify', 'Change email', 'Change password', 'Turn on', 'Delete account']) {
    await press(page, name)
  }
  await expect(problem).toContainText('shall be deleted')
  await expect(page.locator('[aria-invalid=true]')).toHaveCount(7)
  await check('with an address that waits, an app being set up and every field wrong')

  await giveApp(page, site)
  await openAccount(page)
  await ageSignIn(page)
  await press(page, 'Turn off')
  await expect(identityHeading(page)).toBeVisible()
  await confirmByPassword(page, 'wrong')
  await expect(problem).toContainText('not your current password')
  await check('asking for the password')
  await confirmByPassword(page, rider.password)
  await expect(page.getByLabel('Verification code from the app')).toBeVisible()
  await press(page, 'Confirm')
  await expect(problem).toContainText('Enter the 6-digit code')
  await check('asking for a code')
}

test('no state of the account page has accessibility faults', async ({ page, site, rider }) => {
  await visitStates(page, { site, rider, check: (state) => expectAccessible(page, state) })
})

test('no state of it scrolls sideways on 320 px, and targets can be hit', async ({
  page,
  site,
  rider,
}) => {
  await page.setViewportSize({ width: 320, height: 640 })
  await visitStates(page, {
    site,
    rider: { ...rider, email: longEmail },
    async check(state) {
      const { tooWide, tooSmall } = await page.evaluate(() => {
        const targets = document.querySelectorAll<HTMLElement>('button, input, nav a')
        const small = [...targets].filter((target) => {
          const { width, height } = target.getBoundingClientRect()
          const least = target.matches('[type=checkbox]') ? 24 : 44
          return target.checkVisibility() && (height < least || width < 24)
        })
        return {
          tooWide: document.documentElement.scrollWidth - innerWidth,
          tooSmall: small.map(({ outerHTML }) => outerHTML),
        }
      })
      expect.soft(tooWide, state).toBeLessThanOrEqual(0)
      expect.soft(tooSmall, state).toEqual([])
    },
  })
})
