/** When a code may be asked for again in this tab: it counts on across reloads, and from page to page. */

import { prefix } from '../lib/tab-state.ts'
import { tabStorage } from '../lib/web-storage.ts'

/** seconds between two requests for a new code */
export const resendWaitSeconds = 30

export function startResendWait(nowMs: number): void {
  tabStorage.write(`${prefix}resendAt`, String(nowMs + resendWaitSeconds * 1000))
}

/** @returns whole seconds until a code may be asked for again; 0 when it may be now */
export function resendWaitLeft(nowMs: number): number {
  const readyAtMs = Number(tabStorage.read(`${prefix}resendAt`))
  const leftSeconds = Math.ceil((readyAtMs - nowMs) / 1000)
  // A clock that was set back must not make the wait longer than it ever is.
  return leftSeconds > 0 ? Math.min(leftSeconds, resendWaitSeconds) : 0
}
