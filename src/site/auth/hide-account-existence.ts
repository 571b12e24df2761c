/** Keeps the errors from the page that would tell whether an address has an account. */

import { AuthError, type AuthErrorCode } from './auth-error.ts'

/** errors that would tell whether there is an account, and in which state */
const revealingCodes: readonly AuthErrorCode[] = [
  'account-disabled',
  'reset-impossible',
  'user-not-found',
]

/** Treats these errors of a call as success: known and unknown addresses look the same. */
export async function hideAccountExistence(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof AuthError && revealingCodes.includes(error.code))) throw error
  }
}
