/**
 * Chromium on a slow processor, driven over its DevTools pipe; the line is slow by itself. Playwright would not do: it
 * loses a page that is activated after a prerender, and does not slow down what is prerendered.
 *
 * @see https://chromedevtools.github.io/devtools-protocol/
 */

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import * as v from 'valibot'
import { requireChromium } from '../browser/support/chromium.ts'
import { awsPoolHost, keyHash } from './page-server.ts'
import { type Sighting, sighting, watchPage } from './page-watch.ts'
import { lineText } from './slow-line.ts'

const cpuSlowdown = 4
export const slowness = `${lineText}; CPU slowed ${cpuSlowdown} times`
const timeLimitMs = 30_000

export interface SlowBrowser {
  open(url: string): Promise<void>
  /** @returns what the expression comes to in the page that was opened */
  evaluate(expression: string): Promise<unknown>
  /** Presses the keys of a text or one named key, as a keyboard does. */
  press(keys: string | { readonly key: 'Enter' | 'Tab' }, pauseMs?: number): Promise<void>
  /** Adds a device that makes and uses passkeys at once, as if its owner touched it. */
  addVirtualAuthenticator(): Promise<void>
  /** what pages have told so far, those being prerendered too */
  readonly sightings: readonly Sighting[]
  /** @throws {Error} when nothing of the kind is told in time */
  waitFor(what: string, matches: (sighting: Sighting) => boolean): Promise<Sighting>
  close(): Promise<void>
}

const message = v.object({
  id: v.optional(v.number()),
  method: v.optional(v.string()),
  sessionId: v.optional(v.string()),
  params: v.optional(v.unknown()),
  result: v.optional(v.unknown()),
  error: v.optional(v.object({ message: v.string() })),
})
const attached = v.object({
  sessionId: v.string(),
  targetInfo: v.object({ type: v.string() }),
})
const session = v.object({ sessionId: v.string() })
const targets = v.object({ targetInfos: v.array(v.object({ targetId: v.string() })) })
const evaluated = v.object({
  result: v.object({ value: v.optional(v.unknown()) }),
  exceptionDetails: v.optional(v.object({ text: v.string() })),
})
const called = v.object({ payload: v.string() })

/**
 * Starts a browser that has never seen the page, and reaches this machine alone.
 *
 * @param awsPool host and port to which it goes for AWS's address of the pool
 */
export async function startSlowBrowser(awsPool?: string): Promise<SlowBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'wild-rydes-profile-'))
  const child = spawn(
    requireChromium(),
    [
      ...['--headless=new', '--remote-debugging-pipe', `--user-data-dir=${profile}`],
      ...['--no-first-run', '--disable-quic', '--disable-component-update', '--disable-sync'],
      `--ignore-certificate-errors-spki-list=${keyHash}`,
      `--host-resolver-rules=${awsPool ? `MAP ${awsPoolHost} ${awsPool}, ` : ''}MAP * ~NOTFOUND, EXCLUDE localhost`,
      // Chromium refuses to start as root with its sandbox.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const [, , , input, output] = child.stdio
  if (!(input instanceof Writable && output instanceof Readable)) throw new Error('no pipe')

  const waiting = new Map<number, (answer: v.InferOutput<typeof message>) => void>()
  const sightings: Sighting[] = []
  /** of the page that was there first */
  let pageSession = ''
  const preparing: Promise<void>[] = []
  let lastId = 0

  const send = (method: string, params: object = {}, sessionId?: string): Promise<unknown> => {
    lastId += 1
    const id = lastId
    input.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`)
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ error, result }) => {
        if (error) reject(new Error(`${method}: ${error.message}`))
        else resolve(result)
      })
    })
  }

  /** Every page waits for this before it loads anything. */
  async function prepare(sessionId: string): Promise<void> {
    const commands: readonly (readonly [string, object?])[] = [
      ['Page.enable'],
      ['Emulation.setCPUThrottlingRate', { rate: cpuSlowdown }],
      ['Emulation.setFocusEmulationEnabled', { enabled: true }],
      ['Runtime.enable'],
      ['Runtime.addBinding', { name: 'tellBench' }],
      ['Page.addScriptToEvaluateOnNewDocument', { source: `(${watchPage})()` }],
      ['Runtime.runIfWaitingForDebugger'],
    ]
    await Promise.all(commands.map(([method, params]) => send(method, params, sessionId)))
  }

  function receive(text: string): void {
    const { id, method, params, ...answer } = v.parse(message, JSON.parse(text))
    if (id !== undefined) {
      waiting.get(id)?.(answer)
      waiting.delete(id)
    } else if (method === 'Target.attachedToTarget') {
      const { sessionId, targetInfo } = v.parse(attached, params)
      if (targetInfo.type !== 'page') return
      pageSession ||= sessionId
      const done = prepare(sessionId)
      preparing.push(done)
      // One that is thrown away meanwhile answers nothing, and nobody misses it.
      done.catch(() => undefined)
    } else if (method === 'Runtime.bindingCalled') {
      sightings.push(v.parse(sighting, JSON.parse(v.parse(called, params).payload)))
    }
  }

  let rest = ''
  output.setEncoding('utf8')
  output.on('data', (chunk) => {
    const texts = `${rest}${chunk}`.split('\0')
    rest = texts.pop() ?? ''
    for (const text of texts) receive(text)
  })

  // A tab outlives its page: a prerendered one takes the page's place in it.
  const found = v.parse(targets, await send('Target.getTargets', { filter: [{ type: 'tab' }] }))
  const tab = v.parse(
    session,
    await send('Target.attachToTarget', {
      targetId: found.targetInfos[0]?.targetId,
      flatten: true,
    }),
  )
  await send(
    'Target.setAutoAttach',
    { autoAttach: true, waitForDebuggerOnStart: true, flatten: true },
    tab.sessionId,
  )
  await Promise.all(preparing)

  const evaluate: SlowBrowser['evaluate'] = async (expression) => {
    const parameters = { expression, awaitPromise: true, returnByValue: true }
    const answer = await send('Runtime.evaluate', parameters, pageSession)
    const { result, exceptionDetails } = v.parse(evaluated, answer)
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.text}`)
    return result.value
  }

  return {
    sightings,
    evaluate,
    async addVirtualAuthenticator() {
      const options = {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
      }
      await send('WebAuthn.enable', {}, pageSession)
      await send('WebAuthn.addVirtualAuthenticator', { options }, pageSession)
    },
    async open(url) {
      await send('Page.navigate', { url }, pageSession)
    },
    async press(keys, pauseMs = 0) {
      const strokes =
        typeof keys === 'string'
          ? [...keys].map((key) => ({ key, text: key }))
          : [{ ...keys, ...keyCodes[keys.key] }]
      for (const stroke of strokes) {
        await send('Input.dispatchKeyEvent', { type: 'keyDown', ...stroke }, pageSession)
        // The page may be gone before the key is let go.
        void send('Input.dispatchKeyEvent', { type: 'keyUp', ...stroke }, pageSession).catch(
          () => undefined,
        )
        await wait(pauseMs)
      }
    },
    async waitFor(what, matches) {
      const giveUpAtMs = Date.now() + timeLimitMs
      for (;;) {
        const match = sightings.find(matches)
        if (match) return match
        if (Date.now() > giveUpAtMs) throw new Error(`waited in vain for ${what}`)
        await wait(20)
      }
    },
    async close() {
      void send('Browser.close').catch(() => undefined)
      await ended
      rmSync(profile, { recursive: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

const keyCodes = {
  Enter: { code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
  Tab: { code: 'Tab', windowsVirtualKeyCode: 9 },
} as const
