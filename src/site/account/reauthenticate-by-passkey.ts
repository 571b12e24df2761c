/** Signing in again by a passkey: fetched when one is to be used. */

import type { loadUserAuth, SignInOutcome, UserAuthAttempt } from '../auth/index.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { announce } from '../lib/live-region.ts'
import { hasUsedPasskey } from '../lib/tab-state.ts'
import { getPasskey, PasskeyError } from '../lib/webauthn.ts'

export type UserAuth = Awaited<ReturnType<typeof loadUserAuth>>

/** @throws {AuthError} `wrong-settings` when the pool's passkeys are for another site, or no response */
export async function signInWithPasskey(
  auth: UserAuth,
  attempt: UserAuthAttempt,
  handleOutcome: (outcome: SignInOutcome) => Promise<SubmitResult>,
): Promise<SubmitResult> {
  const outcome = await usePasskey(auth, attempt)
  if (!outcome) {
    return done(() => announce(t('No passkey was used. Try again, or confirm in another way.')))
  }
  switch (outcome.kind) {
    case 'no-passkey':
    case 'choice-required':
      return done(() => announce(t("The service didn't accept this passkey. Try another way.")))
    case 'signed-in':
      hasUsedPasskey.write('true')
      return handleOutcome(outcome)
    default:
      return handleOutcome(outcome)
  }
}

/** @returns `undefined` when the browser has given none */
async function usePasskey(auth: UserAuth, attempt: UserAuthAttempt) {
  const challenge = await auth.requestPasskeyChallenge(attempt)
  if (challenge.kind !== 'passkey-required') return challenge
  try {
    return await challenge.respond(await getPasskey(challenge.options), attempt)
  } catch (error) {
    if (!(error instanceof PasskeyError)) throw error
    if (error.code === 'wrong-site') throw await auth.toRelyingPartyError(error)
    return undefined
  }
}
