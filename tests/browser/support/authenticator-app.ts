/** An authenticator app of a rider. */

import { expect } from '@playwright/test'
import { toTotp } from '../../support/totp.ts'
import type { Rider, Site } from './fixtures.ts'

const stepMs = 30_000

/** The pool takes each code once. */
export interface AuthenticatorApp {
  /**
   * The TOTP code of a 30-second step, counted from the one in which the app was created. The pool accepts the codes
   * of its present step and of the two beside it, so that code 1 is valid for a minute, however slow the machine is.
   */
  code(step: number): string
  /** six digits that are no code of any step near */
  readonly wrongCode: string
}

/** @param secret base32, as the page shows it */
export function createAuthenticatorApp(secret: string): AuthenticatorApp {
  const createdAtMs = Date.now()
  const code = (step: number) => toTotp(secret, createdAtMs + step * stepMs)
  const codesNear = Array.from({ length: 10 }, (_, index) => code(index - 3))
  return { code, wrongCode: codeOtherThan(...codesNear) }
}

/** Turns on an authenticator app for a confirmed rider, by the calls of the account page. Code 0 is used by that. */
export async function addAuthenticatorApp({ pool }: Site, rider: Rider): Promise<AuthenticatorApp> {
  const { accessToken: AccessToken } = await pool.signIn(rider)
  const call = async (operation: string, body: Readonly<Record<string, unknown>>) => {
    const answer = await pool.call(operation, { AccessToken, ...body })
    expect(answer.status, operation).toBe(200)
    return answer.body
  }
  const { SecretCode } = await call('AssociateSoftwareToken', {})
  const app = createAuthenticatorApp(String(SecretCode))
  await call('VerifySoftwareToken', { UserCode: app.code(0) })
  await call('SetUserMFAPreference', {
    SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
  })
  return app
}

/** Six digits other than these codes. */
export function codeOtherThan(...codes: readonly string[]): string {
  const candidates = Array.from({ length: codes.length + 1 }, (_, index) =>
    String(index * 111_111).padStart(6, '0'),
  )
  return candidates.find((candidate) => !codes.includes(candidate)) ?? ''
}
