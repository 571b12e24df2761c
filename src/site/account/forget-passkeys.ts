/** What stays behind of the passkeys of an account that is deleted. Fetched when one is. */

import { AuthError, loadPasskeys, type Passkey, type User } from '../auth/index.ts'
import { NetworkError } from '../lib/network-error.ts'
import { forgetOwnPasskeys } from '../lib/own-passkeys.ts'
import { signalAcceptedPasskeys } from '../lib/passkey-provider.ts'
import { createPasskeyRefusal, hasUsedPasskey } from '../lib/tab-state.ts'

/** @returns none where the service cannot tell: that keeps nobody from deleting their account */
export async function findPasskeys(user: User): Promise<readonly Passkey[]> {
  try {
    const { listPasskeys } = await loadPasskeys()
    return await listPasskeys(user)
  } catch (error) {
    if (error instanceof AuthError || error instanceof NetworkError) return []
    throw error
  }
}

/** This browser forgets them, and the passkey provider is told that they are gone. */
export async function forgetPasskeys({ sub }: User, passkeys: readonly Passkey[]): Promise<void> {
  createPasskeyRefusal(sub).remove()
  if (passkeys.length === 0) return
  hasUsedPasskey.remove()
  forgetOwnPasskeys(passkeys.map(({ id }) => id))
  const relyingPartyIds = new Set(passkeys.map(({ relyingPartyId }) => relyingPartyId))
  await Promise.all(
    [...relyingPartyIds].map((relyingPartyId) =>
      signalAcceptedPasskeys({ relyingPartyId, sub }, []),
    ),
  )
}
