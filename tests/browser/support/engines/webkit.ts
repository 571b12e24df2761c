/**
 * WebKit as Linux has it, in WebKitGTK's test browser: what Safari makes of the site, as far as that can be seen without
 * a Mac. It is driven by its WebDriver, on a virtual display.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Readable } from 'node:stream'
import type { Client } from 'webdriver'
import { listen } from '../../../support/listen.ts'
import {
  type Engine,
  type EngineBrowser,
  findProgram,
  retry,
  type Tab,
  toFieldXPath,
  toPressableXPaths,
} from './engine.ts'

const driver = findProgram(['WebKitWebDriver'])
const xvfb = findProgram(['Xvfb'])

/** how WebDriver names a reference to an element */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf'

export const webkitEngine: Engine = {
  name: 'WebKit',
  missing: driver && xvfb ? undefined : 'no WebKitWebDriver with Xvfb is installed here',
  launch,
}

async function launch(): Promise<EngineBrowser> {
  const display = await startDisplay()
  const port = await findFreePort()
  const driverProcess = spawn(driver ?? '', [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: display.name },
  })
  await retry(async () => void (await fetch(`http://127.0.0.1:${port}/status`)))
  // An optional dependency: the other engines are tested without it too.
  const { default: WebDriver } = await import('webdriver')
  const client = await WebDriver.newSession({
    hostname: '127.0.0.1',
    port,
    logLevel: 'error',
    capabilities: { browserName: 'MiniBrowser', 'wdio:enforceWebDriverClassic': true },
  })
  await client.setWindowRect(0, 0, 1280, 900)
  const [first = ''] = await client.getWindowHandles()
  let unused: string | undefined = first
  return {
    async newTab() {
      // A tab in the background gets no clicks; a window of its own does, and shares all that tabs share.
      const handle = unused ?? (await client.createWindow('window')).handle
      unused = undefined
      return createTab(client, handle)
    },
    async close() {
      await client.deleteSession()
      await stop(driverProcess)
      await stop(display.process)
    },
  }
}

function createTab(client: Client, handle: string): Tab {
  /** @throws {Error} when nothing of it is shown */
  async function find(xpaths: readonly string[]): Promise<string> {
    await client.switchToWindow(handle)
    for (const xpath of xpaths) {
      for (const element of await client.findElements('xpath', xpath)) {
        const [id = ''] = Object.values<string>(element)
        if (await client.isElementDisplayed(id)) return id
      }
    }
    throw new Error(`nothing is shown of ${xpaths.join(' or ')}`)
  }

  async function inTab<Result>(run: () => Promise<Result>): Promise<Result> {
    await client.switchToWindow(handle)
    return run()
  }

  return {
    open: (url) => inTab(async () => void (await client.navigateTo(url))),
    fill: (label, text) =>
      retry(async () => {
        const field = await find([toFieldXPath(label)])
        await client.elementClear(field)
        await client.elementSendKeys(field, text)
      }),
    press: (name) =>
      retry(async () => {
        const element = await find(toPressableXPaths(name))
        // The driver's own scrolling leaves what is far down out of reach.
        const center = 'arguments[0].scrollIntoView({ block: "center" })'
        await client.executeScript(center, [{ [elementKey]: element }])
        await client.elementClick(element)
      }),
    back: () => inTab(() => client.back()),
    text: () => inTab(() => client.executeScript('return document.body.innerText', [])),
    url: () => inTab(() => client.getUrl()),
  }
}

/** A display that nobody sees. */
async function startDisplay(): Promise<{ name: string; process: ChildProcess }> {
  const arguments_ = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp']
  const display = spawn(xvfb ?? '', arguments_, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  // Node makes a stream of every pipe.
  const [number] = await once(display.stdio[3] as Readable, 'data')
  return { name: `:${String(number).trim()}`, process: display }
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  const port = await listen(server, '127.0.0.1')
  server.close()
  await once(server, 'close')
  return port
}

async function stop(program: ChildProcess): Promise<void> {
  const ended = once(program, 'exit')
  program.kill()
  await ended
}
