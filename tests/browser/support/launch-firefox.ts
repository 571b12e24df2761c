/**
 * An installed Firefox, driven over Marionette, which is built into it: Playwright drives a Firefox of its own
 * making only.
 *
 * @see https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect } from '@playwright/test'

export interface Firefox {
  open(url: string): Promise<void>
  /** Waits until an expression in the page is true. */
  waitFor(expression: string): Promise<void>
  type(selector: string, text: string): Promise<void>
  click(selector: string): Promise<void>
  close(): Promise<void>
}

/** milliseconds: another browser, on a busy machine, takes its time */
const timeout = 30_000

/** how W3C WebDriver names a reference to an element */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf'

/** @returns path of an installed Firefox */
export function findFirefox(): string | undefined {
  const inPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) =>
      ['firefox', 'firefox-esr', 'firefox.exe'].map((name) => join(folder, name)),
    )
  return [...inPath, '/Applications/Firefox.app/Contents/MacOS/firefox'].find(existsSync)
}

export async function launchFirefox(program: string): Promise<Firefox> {
  const profile = mkdtempSync(join(tmpdir(), 'wild-rydes-firefox-'))
  writeFileSync(join(profile, 'user.js'), 'user_pref("marionette.port", 0);\n')
  const browser = spawn(program, ['--marionette', '--headless', '--profile', profile], {
    stdio: 'ignore',
    env: { ...process.env, HOME: profile },
  })
  const ended = once(browser, 'exit')
  const portFile = join(profile, 'MarionetteActivePort')
  const isListening = () => existsSync(portFile) && readFileSync(portFile, 'utf8') !== ''
  await expect.poll(isListening, { message: `${program} listens`, timeout }).toBe(true)
  const socket = connect(Number(readFileSync(portFile, 'utf8')), '127.0.0.1')
  const call = await createCaller(socket)
  await call('WebDriver:NewSession', {})

  async function find(selector: string): Promise<string> {
    const found = await call('WebDriver:FindElement', { using: 'css selector', value: selector })
    return Object(Object(found).value)[elementKey]
  }

  return {
    async open(url) {
      await call('WebDriver:Navigate', { url })
    },
    async waitFor(expression) {
      const look = async () => {
        const script = `return Boolean(${expression})`
        return Object(await call('WebDriver:ExecuteScript', { script, args: [] })).value
      }
      await expect.poll(look, { message: expression, timeout }).toBe(true)
    },
    async type(selector, text) {
      await call('WebDriver:ElementSendKeys', { id: await find(selector), text })
    },
    async click(selector) {
      await call('WebDriver:ElementClick', { id: await find(selector) })
    },
    async close() {
      await call('Marionette:Quit', { flags: ['eForceQuit'] })
      await ended
      socket.destroy()
      rmSync(profile, { recursive: true })
    },
  }
}

/** Messages are JSON after their length and a colon: `[0, id, command, parameters]`, answered `[1, id, error, result]`. */
async function createCaller(socket: Socket) {
  const waiting = new Map<number, (error: unknown, result: unknown) => void>()
  let received = Buffer.alloc(0)
  let calls = 0
  const greeted = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      received = Buffer.concat([received, data])
      for (;;) {
        const colon = received.indexOf(':')
        const length = Number(received.subarray(0, colon).toString())
        if (colon < 0 || received.length < colon + 1 + length) return
        const message = JSON.parse(received.subarray(colon + 1, colon + 1 + length).toString())
        received = received.subarray(colon + 1 + length)
        if (!Array.isArray(message)) resolve()
        else waiting.get(message[1])?.(message[2], message[3])
      }
    })
  })
  await greeted
  return (command: string, parameters: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      calls += 1
      waiting.set(calls, (error, result) => {
        if (error) reject(new Error(`${command}: ${JSON.stringify(error)}`))
        else resolve(result)
      })
      const text = JSON.stringify([0, calls, command, parameters])
      socket.write(`${Buffer.byteLength(text)}:${text}`)
    })
}
