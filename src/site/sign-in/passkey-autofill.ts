/**
 * The remembered rider's passkey in the autofill of the name's field. Fetched where this browser has used a passkey.
 *
 *     armed    a challenge is there, and the browser offers the passkey in the field
 *              ── the challenge grows old, the page is visible ──> armed anew, five times at most
 *              ── chosen ──> the passkey's form is submitted
 *              ── a button is pressed, the page is left, the service or the browser refuses ──> idle
 *     idle     ── the field gets the focus, or Back brings the page up again ──> armed
 *
 * Nothing that goes wrong here is shown: the rider has asked for nothing.
 */

import { AuthError } from '../auth/index.ts'
import { hasUsedPasskey, lastUsername } from '../lib/tab-state.ts'
import { abortPasskeyRequest, getPasskey, PasskeyError } from '../lib/webauthn.ts'
import {
  challengeAgeMs,
  challengeLifetimeMs,
  dropChallenge,
  requestChallenge,
  submitChosen,
  type UserAuth,
} from './passkey-challenge.ts'

/** how often a challenge is replaced while nobody uses it: each counts against the pool's rate limits */
const renewalLimit = 5

export async function bindPasskeyAutofill(
  auth: UserAuth,
  {
    username,
    form,
    prerenderNext,
  }: {
    readonly username: HTMLInputElement
    /** the passkey's form */
    readonly form: HTMLFormElement
    readonly prerenderNext: () => void
  },
): Promise<void> {
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
  /** counts what has begun: what an earlier one comes to is ignored */
  let round = 0
  let isArmed = false
  /** whether the page is armed when it is seen */
  let waitsForSight = false
  let renewals = 0
  let renewAtMs = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  async function arm(): Promise<void> {
    const name = lastUsername.read()
    waitsForSight = document.visibilityState !== 'visible'
    if (!name || waitsForSight) return
    round += 1
    const own = round
    isArmed = true
    try {
      const challenge = await requestChallenge(auth, name)
      if (own !== round) return
      // The pool knows no passkey of this rider any more.
      if (challenge.kind === 'no-passkey') hasUsedPasskey.remove()
      if (challenge.kind !== 'passkey-required') return
      const leftMs = challengeLifetimeMs - challengeAgeMs()
      renewAtMs = Date.now() + leftMs
      timer = setTimeout(renew, leftMs)
      const credential = await getPasskey(challenge.options, 'conditional')
      if (own !== round) return
      dropChallenge()
      prerenderNext()
      username.value = name
      submitChosen(form, { challenge, credential })
    } catch (error) {
      if (!(error instanceof AuthError || error instanceof PasskeyError)) throw error
    } finally {
      if (own === round) disarm()
    }
  }

  /** What the browser is asked now is not this one's any more. */
  function disarm(): void {
    round += 1
    isArmed = false
    clearTimeout(timer)
  }

  function stop(): void {
    disarm()
    abortPasskeyRequest()
  }

  /** A page out of sight waits until it is seen. */
  function renew(): void {
    if (!isArmed || Date.now() < renewAtMs || document.visibilityState !== 'visible') return
    stop()
    if (renewals >= renewalLimit) return
    renewals += 1
    dropChallenge()
    void arm()
  }

  function armAnew(): void {
    if (isArmed) return
    renewals = 0
    void arm()
  }

  username.addEventListener('focus', armAnew)
  document.addEventListener('visibilitychange', () => {
    if (waitsForSight) armAnew()
    else renew()
  })
  document.addEventListener('submit', stop, { capture: true })
  window.addEventListener('pagehide', stop)
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) armAnew()
  })
  armAnew()
}
