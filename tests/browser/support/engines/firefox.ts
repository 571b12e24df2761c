/** Firefox, as it is installed, driven by Puppeteer over WebDriver BiDi: Playwright drives a Firefox of its own making only. */

import puppeteer, { type ElementHandle, type Page } from 'puppeteer-core'
import {
  type Engine,
  findProgram,
  retry,
  type Tab,
  timeout,
  toFieldXPath,
  toPressableXPaths,
} from './engine.ts'

const program = findProgram(
  ['firefox', 'firefox-esr', 'firefox.exe'],
  ['/Applications/Firefox.app/Contents/MacOS/firefox'],
)

export const firefoxEngine: Engine = {
  name: 'Firefox',
  missing: program ? undefined : 'no Firefox is installed here',
  async launch() {
    const executablePath = program ?? ''
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath,
      timeout,
      // Puppeteer loses a page that comes out of the back/forward cache.
      extraPrefsFirefox: { 'browser.sessionhistory.max_total_viewers': 0 },
    })
    return {
      newTab: async () => createTab(await browser.newPage()),
      close: () => browser.close(),
    }
  },
}

function createTab(page: Page): Tab {
  /** @throws {Error} when nothing of it is shown */
  async function find(xpaths: readonly string[]): Promise<ElementHandle> {
    for (const xpath of xpaths) {
      for (const element of await page.$$(`::-p-xpath(${xpath})`)) {
        if (await element.isVisible()) return element
      }
    }
    throw new Error(`nothing is shown of ${xpaths.join(' or ')}`)
  }

  return {
    open: async (url) => void (await page.goto(url)),
    fill: (label, text) =>
      retry(async () => {
        const field = await find([toFieldXPath(label)])
        await field.evaluate((input) => {
          if (!(input instanceof HTMLInputElement)) throw new Error('this is no input')
          input.focus()
          input.select()
        })
        await page.keyboard.type(text)
      }),
    press: (name) => retry(async () => (await find(toPressableXPaths(name))).click()),
    back: async () => void (await page.goBack()),
    text: () => page.evaluate(() => document.body.innerText),
    url: async () => page.url(),
  }
}
