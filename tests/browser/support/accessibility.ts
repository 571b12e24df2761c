/** Accessibility faults of a page as it stands. */

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

/**
 * Holds a page against all of axe's rules in light colours, and once more in dark ones against the rule that
 * is about colours.
 *
 * @param state what the page shows, for the message
 * @param options `dark` false where its colours are seen elsewhere
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
 * No page has frames; what is called legacy here does without a second page to gather theirs in. Reading its
 * source takes axe longer than its work does, and a document that it has been in has it still.
 */
async function createAxe(page: Page): Promise<AxeBuilder> {
  const isThere = await page.evaluate(() => 'axe' in window)
  return new AxeBuilder({ page, ...(isThere && { axeSource: 'axe.version' }) })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] })
}
