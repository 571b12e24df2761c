/** The email address or user name that was typed on one page is filled in on the next. */

import { rememberEmail, rememberedEmail } from '../lib/tab-state.ts'

/** Fills the field, and remembers what is typed now: links lead away too. */
export function bindRememberedEmail(input: HTMLInputElement): void {
  input.value ||= rememberedEmail()
  input.addEventListener('change', () => rememberEmail(input.value.trim()))
}
