/** When a code may be requested again in this tab, across reloads and pages. */

import { siteKeyPrefix } from '../lib/tab-state.ts'
import { tabStorage } from '../lib/web-storage.ts'

/** seconds between two requests for a code */
export const resendCooldownSeconds = 30

export function startResendCooldown(nowMs: number): void {
  tabStorage.write(`${siteKeyPrefix}resendAt`, String(nowMs + resendCooldownSeconds * 1000))
}

/** @returns whole seconds until a code may be requested again; 0 when it may be now */
export function resendSecondsLeft(nowMs: number): number {
  const readyAtMs = Number(tabStorage.read(`${siteKeyPrefix}resendAt`))
  const secondsLeft = Math.ceil((readyAtMs - nowMs) / 1000)
  // A clock that was set back must not make the cooldown longer.
  return secondsLeft > 0 ? Math.min(secondsLeft, resendCooldownSeconds) : 0
}
