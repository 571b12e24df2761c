/** The clock of a page and that of the pool. */

import type { Page } from '@playwright/test'
import type { Site } from './fixtures.ts'

/** Stops the page's clock: from now on time passes only by `page.clock.runFor` and `fastForward`. */
export async function stopClock(page: Page): Promise<void> {
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000))
}

/** Moves the clocks of the pool and of the page, which need not be open, to this many seconds from now. */
export async function advanceClocks(page: Page, { pool }: Site, seconds: number): Promise<void> {
  await pool.advanceClock(seconds)
  await page.clock.setSystemTime(Date.now() + seconds * 1000)
}

/** Six minutes pass for the page: a sign-in is not recent any more after five. */
export async function expireRecentSignIn(page: Page): Promise<void> {
  await page.clock.setSystemTime(Date.now() + 6 * 60_000)
}
