/** What the ride page says when a request for a ride fails. */

import { expect, type Page } from '@playwright/test'
import type { Rider, Site } from './fixtures.ts'
import {
  choosePlace,
  expectPickup,
  expectRequestEnabled,
  requestingUpdate,
  updates,
} from './ride-actions.ts'
import { openSignedIn } from './rider-actions.ts'

export const pickupKept = 'Your pick-up point is saved.'
export const rideTrouble = `The ride service isn't working right now. Try again in a few minutes. ${pickupKept}`
export const rideUnreachable = `We can't reach the ride service. Check your connection and try again. ${pickupKept}`

/** Text that must never be shown to riders. */
export const rawText =
  /undefined|\bnull\b|NaN|object Object|Error\b|Exception|TypeError|JSON|fetch|status|<\w|\b[45]\d\d\b|CORS/

/** Opens the ride page signed in, and chooses a pick-up. */
export async function openRideFormWithPickup(page: Page, site: Site, rider: Rider): Promise<void> {
  await site.pool.createConfirmedUser(rider)
  await openSignedIn(page, site, rider)
  await choosePlace(page)
}

/** One sentence in the updates, nothing else changed, and the button is enabled. */
export async function expectRideError(page: Page, sentence: string, before = 0): Promise<void> {
  await expect(updates(page)).toHaveCount(before + 2)
  await expect(updates(page).nth(before)).toHaveText(requestingUpdate)
  await expect(updates(page).last()).toHaveText(sentence)
  await expectRequestEnabled(page)
  await expectPickup(page, 'Space Needle')
  await expect(page.getByRole('status')).toHaveText('')
  await expect(page.getByRole('alert').filter({ visible: true })).toHaveCount(0)
  for (const text of await updates(page).allTextContents()) expect(text).not.toMatch(rawText)
  expect(new URL(page.url()).pathname).toBe('/ride.html')
}
