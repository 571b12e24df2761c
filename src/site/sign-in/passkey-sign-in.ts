/**
 * Signing in by a passkey, whether its button is pressed, or the rider has chosen one from the browser's own list. Fetched when
 * the rider turns to the button, and where this browser has used a passkey before.
 */

import type { PasskeyChallenge, PasskeyOutcome, SignInOutcome } from '../auth/index.ts'
import { done, type SubmitResult } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { requireElement } from '../lib/elements.ts'
import type { JsonObject } from '../lib/json.ts'
import { announce } from '../lib/live-region.ts'
import { hasUsedPasskey, lastUsername } from '../lib/tab-state.ts'
import { getPasskey, PasskeyError } from '../lib/webauthn.ts'
import { dropChallenge, requestChallenge, takeChosen, type UserAuth } from './passkey-challenge.ts'

export { bindPasskeyAutofill } from './passkey-autofill.ts'
export { prefetchChallenge } from './passkey-challenge.ts'
export { chooseSaved } from './quick-sign-in.ts'

/** milliseconds; a challenge that is older leaves less than two minutes to find the device and unlock it */
const freshMs = 60_000

type HandleOutcome = (outcome: SignInOutcome, username: string) => Promise<SubmitResult>

/**
 * Asks the browser for a passkey and signs in with it.
 *
 * @throws {AuthError} `wrong-settings` when the pool's passkeys are for another site, and the service's own
 */
export async function signInWithPasskey(
  auth: UserAuth,
  attempt: { readonly username: string; readonly rememberMe: boolean },
  handleOutcome: HandleOutcome,
): Promise<SubmitResult> {
  const { username } = attempt
  const choice = takeChosen()
  const challenge = choice?.challenge ?? (await requestChallenge(auth, username, freshMs))
  if (challenge.kind !== 'passkey-required') {
    // The next press asks again: there may be a passkey by then.
    dropChallenge()
    return finish(challenge, username, handleOutcome)
  }
  const credential = choice?.credential ?? (await askForPasskey(auth, challenge))
  if (typeof credential === 'string') return done(() => announce(credential))
  dropChallenge()
  return finish(await challenge.respond(credential, attempt), username, handleOutcome)
}

/** @returns the passkey, or what to say without one */
async function askForPasskey(
  auth: UserAuth,
  { options }: PasskeyChallenge,
): Promise<JsonObject | string> {
  try {
    return await getPasskey(options)
  } catch (error) {
    if (!(error instanceof PasskeyError)) throw error
    if (error.code === 'wrong-site') throw await auth.toRelyingPartyError(error)
    return error.code === 'aborted'
      ? ''
      : t(
          'No passkey was used. If there is no passkey for this account on this device, sign in another way; you can add one afterwards.',
        )
  }
}

async function finish(
  outcome: PasskeyOutcome,
  username: string,
  handleOutcome: HandleOutcome,
): Promise<SubmitResult> {
  switch (outcome.kind) {
    case 'no-passkey':
      return done(explainNoPasskey)
    case 'challenge-expired':
      return done(() => announce(t('That took too long. Use your passkey again.')))
    case 'signed-in': {
      const result = await handleOutcome(outcome, username)
      // Autofill needs the name, and a passkey is used on a device of one's own.
      lastUsername.write(username)
      hasUsedPasskey.write('true')
      return result
    }
    default:
      return handleOutcome(outcome, username)
  }
}

/** The same for whoever has none and for names that nobody has. */
function explainNoPasskey(): void {
  announce(
    t(
      'There is no passkey for this account on this device. Sign in another way; you can add one afterwards.',
    ),
  )
  requireElement('#current-password', HTMLInputElement).focus()
}
