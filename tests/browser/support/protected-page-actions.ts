/** Signing in on the way to a page for signed-in riders. */

import { expect, type Page } from '@playwright/test'
import type { Rider, Site } from './fixtures.ts'
import { expectRidePage, fillSignIn, tokenKeys } from './rider-actions.ts'

const wantedPath = '/ride.html?pickup=1#map'

/** Opens the ride page signed out and submits user name and password, with "Keep me signed in" checked. */
export async function signInOnTheWay(page: Page, rider: Rider): Promise<void> {
  await page.goto(wantedPath)
  await expect(page).toHaveURL(/signin\.html\?next=/)
  await fillSignIn(page, rider)
  await page.getByLabel('Keep me signed in').check()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** The rider is at the page they wanted, and stays signed in when the tab is closed. */
export async function expectRemembered(page: Page, site: Site): Promise<void> {
  await expectRidePage(page)
  await expect(page).toHaveURL(site.origin + wantedPath)
  const inTab = await page.evaluate(() => Object.keys(sessionStorage).join())
  expect(inTab).not.toContain('CognitoIdentityServiceProvider')
  expect(await tokenKeys(page)).toHaveLength(5)
}
