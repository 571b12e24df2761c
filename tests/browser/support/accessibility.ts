/** Accessibility checks by axe. */

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/**
 * Checks a page against all of axe's rules in light colors, and in dark ones against the rule about contrast.
 *
 * @param state what the page shows, for the message
 * @param options `dark` false where dark colors are checked elsewhere
 */
export async function expectAccessible(
  page: Page,
  state = page.url(),
  { dark = true }: { dark?: boolean } = {},
): Promise<void> {
  const { violations } = await (await createAxe(page)).analyze()
  if (dark) {
    await page.emulateMedia({ colorScheme: 'dark' })
    const contrast = await (await createAxe(page)).withRules(['color-contrast']).analyze()
    violations.push(...contrast.violations)
    await page.emulateMedia({ colorScheme: 'light' })
  }
  const faults = violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
  expect.soft(faults, state).toEqual([])
}

/**
 * Legacy mode opens no second page to collect the results of frames, which no page of the site has. Injecting axe's
 * source takes longer than its checks, so it is done once for each document.
 */
async function createAxe(page: Page): Promise<AxeBuilder> {
  const isThere = await page.evaluate(() => 'axe' in window)
  return new AxeBuilder({ page, ...(isThere && { axeSource: 'axe.version' }) })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
}
