/** The menu of the signed-in rider, in the header. */

import type { Locator, Page } from '@playwright/test'

/** The button that opens it, named after the rider. */
export function userMenuButton(page: Page): Locator {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('button').first()
}

/** "Sign out" in the open menu. */
export async function openSignOut(page: Page): Promise<Locator> {
  await userMenuButton(page).click()
  return page.getByRole('button', { name: 'Sign out', exact: true })
}

/** Opens the menu and signs out. */
export async function pressSignOut(page: Page): Promise<void> {
  await (await openSignOut(page)).click()
}

/** Opens the menu and follows one of its links. */
export async function openFromMenu(page: Page, link: 'Your ride' | 'Your account'): Promise<void> {
  await userMenuButton(page).click()
  await page.getByRole('link', { name: link, exact: true }).click()
}
