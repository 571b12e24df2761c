/** The passkey of an account that was made without a password. */

import { AuthError, loadPasskeys, readSession } from '../auth/index.ts'
import { NetworkError } from '../lib/network-error.ts'
import { hasUsedPasskey, lastUsername } from '../lib/tab-state.ts'
import { createPasskey, PasskeyError } from '../lib/webauthn.ts'

/** @throws {NetworkError} */
export async function prepareFirstPasskey(): Promise<void> {
  await loadPasskeys()
}

/**
 * Has the browser make a passkey for whoever has just signed in.
 *
 * @param email autofill needs the name from now on
 * @returns whether there is one; if not, the account page tells why when it is tried again there
 */
export async function makeFirstPasskey(email: string): Promise<boolean> {
  try {
    const user = await readSession()
    if (!user) return false
    const { startPasskeyRegistration, completePasskeyRegistration } = await loadPasskeys()
    const credential = await createPasskey(await startPasskeyRegistration(user))
    await completePasskeyRegistration(user, credential)
    lastUsername.write(email)
    hasUsedPasskey.write('true')
    return true
  } catch (error) {
    const isKnown = [AuthError, NetworkError, PasskeyError].some((kind) => error instanceof kind)
    if (!isKnown) throw error
    return false
  }
}
