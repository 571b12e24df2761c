/**
 * Signing in by passkey beside SRP, on a slow line: from the key to the ride page painted. Each visit is a new browser's;
 * the name is typed in both, and the device answers at once.
 */

import { setTimeout as wait } from 'node:timers/promises'
import * as v from 'valibot'
import { createPoolClient, type PoolClient } from '../browser/support/pool-client.ts'
import type { Builds } from './builds.ts'
import { servePoolAndPages } from './page-server.ts'
import { isOf } from './page-watch.ts'
import { slowness, startSlowBrowser } from './slow-browser.ts'
import { quantile } from './statistics.ts'

const visits = 7
const rider = { email: 'rider@example.com', password: 'Unicorn-1234' }
/** milliseconds in which a page comes to rest, and between turning to the button and pressing it */
const restMs = 1500
const keyMs = 100

const options = v.object({ CredentialCreationOptions: v.record(v.string(), v.unknown()) })

export async function measurePasskeys({ site }: Builds): Promise<void> {
  const stage = await servePoolAndPages([site])
  try {
    const [origin = ''] = stage.pages
    const pool = createPoolClient(stage.pool)
    await pool.createConfirmedUser(rider)
    const rows: { srp: number; passkey: number }[] = []
    while (rows.length < visits) {
      rows.push({
        srp: await visit(origin, pool, 'srp'),
        passkey: await visit(origin, pool, 'passkey'),
      })
    }
    print(rows)
  } finally {
    stage.close()
  }
}

/** @returns milliseconds from Enter to the ride page painted */
async function visit(origin: string, pool: PoolClient, by: 'srp' | 'passkey'): Promise<number> {
  const browser = await startSlowBrowser()
  const { sightings, press, evaluate } = browser
  try {
    await browser.addVirtualAuthenticator()
    await browser.open(`${origin}/signin.html`)
    await browser.waitFor('the form', isOf('/signin.html', 'usable'))
    if (by === 'passkey') {
      await registerPasskey(pool, (expression) => evaluate(expression))
    }
    await wait(restMs)
    await evaluate(`document.querySelector('#username').focus()`)
    await press(rider.email, keyMs)
    if (by === 'srp') {
      await press({ key: 'Tab' })
      await press(rider.password, keyMs)
    } else {
      await evaluate(`document.querySelector('#passkey button').focus()`)
      await wait(restMs)
    }
    await press({ key: 'Enter' })
    const enter = await browser.waitFor('Enter', isOf('/signin.html', 'enter'))
    await browser.waitFor('the rider', isOf('/ride.html', 'rider-shown'))
    const paint = await browser.waitFor(
      'the ride page',
      isOf('/ride.html', 'first-contentful-paint'),
    )
    if (!sightings.includes(paint)) throw new Error('the ride page was not painted')
    return paint.atMs - enter.atMs
  } finally {
    await browser.close()
  }
}

/** Makes a passkey in the page and stores it at the pool. */
async function registerPasskey(
  pool: PoolClient,
  evaluate: (expression: string) => Promise<unknown>,
): Promise<void> {
  const { accessToken: AccessToken } = await pool.signIn(rider)
  const started = await pool.call('StartWebAuthnRegistration', { AccessToken })
  const { CredentialCreationOptions } = v.parse(options, started.body)
  const Credential = await evaluate(`navigator.credentials.create({
    publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(${JSON.stringify({
      ...CredentialCreationOptions,
      // Each visit has a device of its own.
      excludeCredentials: [],
    })}),
  }).then((credential) => credential.toJSON())`)
  const { status, body } = await pool.call('CompleteWebAuthnRegistration', {
    AccessToken,
    Credential,
  })
  if (status !== 200) throw new Error(`no passkey: ${JSON.stringify(body)}`)
}

function print(rows: readonly { readonly srp: number; readonly passkey: number }[]): void {
  const median = (of: 'srp' | 'passkey') =>
    quantile(
      rows.map((row) => row[of]),
      0.5,
    )
  const [srp, passkey] = [median('srp'), median('passkey')]
  process.stdout.write(
    [
      `Signing in by SRP / by passkey, medians of ${rows.length}, ms (${slowness}):`,
      `  Enter to the ride page painted: ${srp.toFixed(0)} / ${passkey.toFixed(0)} = ${(srp / passkey).toFixed(2)}`,
      '',
    ].join('\n'),
  )
}
