/**
 * "Sign in" with both fields empty: the browser shows the passwords that it has saved for this site, and the remembered
 * rider's passkey. Fetched where the browser can do so.
 */

import { hasUsedPasskey, lastUsername } from '../lib/tab-state.ts'
import { chooseSavedCredential, PasskeyError } from '../lib/webauthn.ts'
import {
  dropChallenge,
  requestChallenge,
  submitChosen,
  type UserAuth,
} from './passkey-challenge.ts'

/** milliseconds; a browser lets a page ask for five seconds after a press */
const challengeTimeLimitMs = 3000

/**
 * Has the rider choose, and submits the form of what they chose. Where there is nothing to choose, the browser says so in
 * about half a second.
 *
 * @returns whether something was chosen
 */
export async function chooseSaved(
  auth: UserAuth,
  page: {
    readonly username: HTMLInputElement
    readonly password: HTMLInputElement
    readonly passwordForm: HTMLFormElement
    readonly passkeyForm: HTMLFormElement
    readonly isAbandoned: () => boolean
  },
): Promise<boolean> {
  const name = hasUsedPasskey.read() && lastUsername.read()
  const challenge = name ? await findChallenge(auth, name) : undefined
  if (page.isAbandoned()) return false
  try {
    const saved = await chooseSavedCredential(challenge && withoutList(challenge.options))
    if (saved.kind === 'password') {
      page.username.value = saved.username
      page.password.value = saved.password
      page.passwordForm.requestSubmit()
      return true
    }
    if (!challenge) return false
    dropChallenge()
    page.username.value = name ?? ''
    submitChosen(page.passkeyForm, { challenge, credential: saved.credential })
    return true
  } catch (error) {
    if (!(error instanceof PasskeyError)) throw error
    return false
  }
}

/** Without one in time, the browser offers passwords alone. */
async function findChallenge(auth: UserAuth, name: string) {
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, challengeTimeLimitMs))
  const outcome = await Promise.race([requestChallenge(auth, name).catch(() => undefined), late])
  return outcome?.kind === 'passkey-required' ? outcome : undefined
}

/** The browser refuses to ask in this way for credentials that are listed. */
function withoutList(
  options: PublicKeyCredentialRequestOptionsJSON,
): PublicKeyCredentialRequestOptionsJSON {
  const { allowCredentials: _, ...others } = options
  return others
}
