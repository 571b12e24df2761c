/**
 * One character can be typed in two ways: é is one code point on some devices, and e with an accent on others. New
 * passwords are made NFC; older ones, and those of other apps, may be either.
 *
 * @see https://unicode.org/reports/tr15/
 */

import { AuthError } from './auth-error.ts'

/** Sends a password once for each call. */
export type PasswordSender = <Result>(
  typed: { readonly username?: string; readonly password: string },
  send: (password: string) => Promise<Result>,
) => Promise<Result>

/**
 * @returns sends a password as typed. When the user sends the same text again after it was refused as wrong, its NFC
 *   form goes out in its place: each is one try, and both are the user's
 */
export function createPasswordSender(): PasswordSender {
  let refused: string | undefined
  return async ({ username = '', password }, send) => {
    const nfc = password.normalize()
    const attempt = `${username}\n${password}`
    const isRepeated = attempt === refused
    refused = undefined
    try {
      return await send(isRepeated ? nfc : password)
    } catch (error) {
      const isWrong = error instanceof AuthError && error.code === 'incorrect-credentials'
      if (isWrong && !isRepeated && nfc !== password) refused = attempt
      throw error
    }
  }
}
