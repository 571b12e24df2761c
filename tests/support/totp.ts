/**
 * The authenticator app of a test: codes by RFC 6238 (SHA-1, 30 seconds, 6 digits), computed without the
 * library that the pool uses.
 */

import { createHmac } from 'node:crypto'
import * as v from 'valibot'
import type { TestClock } from './test-clock.ts'
import { type Answer, type CallablePool, expectSuccess } from './wire.ts'

const stepMs = 30_000
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** @param secret base32 without padding */
export function toTotp(secret: string, timeMs: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(timeMs / stepMs)))
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 0x0f
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
  const bytes = bits.join('').match(/[01]{8}/g) ?? []
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)))
}

/** The code an app shows now, or `steps` of 30 seconds from now. */
export function codeOf(secret: string, { clock }: CallablePool, steps = 0): string {
  return toTotp(secret, clock.wallClockMs() + steps * stepMs)
}

/** Moves into the middle of a step, so that none ends while a test goes on. */
export function settleMidStep(clock: TestClock): void {
  clock.shiftWallClock((stepMs / 2 - (clock.wallClockMs() % stepMs)) / 1000)
}

const associated = v.object({ SecretCode: v.string(), Session: v.optional(v.string()) })

export function requireSecret({ body }: Answer): v.InferOutput<typeof associated> {
  return v.parse(associated, body)
}

/** Gives the caller an authenticator app, proved by its present code. */
export async function proveApp(pool: CallablePool, AccessToken: string): Promise<string> {
  const { SecretCode } = requireSecret(await pool.call('AssociateSoftwareToken', { AccessToken }))
  const UserCode = codeOf(SecretCode, pool)
  expectSuccess(await pool.call('VerifySoftwareToken', { AccessToken, UserCode }))
  return SecretCode
}

/** The same, and sign-in asks for its code from now on. */
export async function switchOnApp(pool: CallablePool, AccessToken: string): Promise<string> {
  const secret = await proveApp(pool, AccessToken)
  const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
  expectSuccess(await pool.call('SetUserMFAPreference', { AccessToken, SoftwareTokenMfaSettings }))
  return secret
}
