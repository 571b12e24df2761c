/** Chromium, as all other browser tests drive it: by Playwright. */

import { chromium, type Page } from '@playwright/test'
import { browserArguments, requireHeadlessShell } from '../chromium.ts'
import { type Engine, retry, type Tab, toFieldXPath, toPressableXPaths } from './engine.ts'

export const chromiumEngine: Engine = {
  name: 'Chromium',
  async launch() {
    const browser = await chromium.launch({
      executablePath: requireHeadlessShell(),
      args: [...browserArguments],
    })
    const context = await browser.newContext()
    return {
      newTab: async () => createTab(await context.newPage()),
      close: () => browser.close(),
    }
  },
}

function createTab(page: Page): Tab {
  const visible = (xpath: string) => page.locator(xpath).filter({ visible: true }).first()

  return {
    open: async (url) => void (await page.goto(url)),
    fill: (label, text) => visible(toFieldXPath(label)).fill(text),
    press: (name) =>
      retry(async () => {
        for (const element of toPressableXPaths(name).map(visible)) {
          if (await element.isVisible()) return element.click({ timeout: 1000 })
        }
        throw new Error(`${name} is not shown`)
      }),
    back: async () => void (await page.goBack()),
    text: () => page.locator('body').innerText(),
    url: async () => page.url(),
  }
}
