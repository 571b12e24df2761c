/**
 * The authenticator app of a test: codes by RFC 6238 (SHA-1, 30 seconds, 6 digits), computed without the
 * library that the pool uses.
 */

import { createHmac } from 'node:crypto'
import * as v from 'valibot'
import { type ApiResponse, type CallablePool, expectSuccess } from './cognito-api.ts'
import type { TestClock } from './test-clock.ts'

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
export function currentTotp(secret: string, { clock }: CallablePool, steps = 0): string {
  return toTotp(secret, clock.wallClockMs() + steps * stepMs)
}

/** Moves the clock to the middle of a step, so that none ends during the test. */
export function moveToMiddleOfStep(clock: TestClock): void {
  clock.shiftWallClock((stepMs / 2 - (clock.wallClockMs() % stepMs)) / 1000)
}

const associated = v.object({ SecretCode: v.string(), Session: v.optional(v.string()) })

export function requireSecretCode({ body }: ApiResponse): v.InferOutput<typeof associated> {
  return v.parse(associated, body)
}

/** Sets up an authenticator app and verifies it with its current code. @returns the secret */
export async function verifyAuthenticatorApp(
  pool: CallablePool,
  AccessToken: string,
): Promise<string> {
  const { SecretCode } = requireSecretCode(
    await pool.call('AssociateSoftwareToken', { AccessToken }),
  )
  const UserCode = currentTotp(SecretCode, pool)
  expectSuccess(await pool.call('VerifySoftwareToken', { AccessToken, UserCode }))
  return SecretCode
}

/** The same, and enables the TOTP challenge. @returns the secret */
export async function enableTotpMfa(pool: CallablePool, AccessToken: string): Promise<string> {
  const secret = await verifyAuthenticatorApp(pool, AccessToken)
  const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true }
  expectSuccess(await pool.call('SetUserMFAPreference', { AccessToken, SoftwareTokenMfaSettings }))
  return secret
}
