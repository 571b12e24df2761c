/** The field of an e-mail address or user name that a rider carries from page to page. */

import { carriedEmail, carryEmail } from '../lib/tab-state.ts'

/** Fills the field with what she has typed before, and carries on what she types now: links lead away too. */
export function bindCarriedEmail(input: HTMLInputElement): void {
  input.value ||= carriedEmail()
  input.addEventListener('change', () => carryEmail(input.value.trim()))
}
