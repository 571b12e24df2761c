/** The field of a code, from an email or an authenticator app. */

import { findCode } from '../../shared/confirmation-code.ts'
import { t } from '../i18n/t.ts'
import { findNavigationType } from '../lib/navigation-type.ts'
import type { FieldReading } from './form-field.ts'

export function readCode({ value }: HTMLInputElement): FieldReading<string> {
  if (value.trim() === '') return { problem: t('Enter the 6-digit code') }
  const code = findCode(value)
  return code === undefined ? { problem: t('Enter the code as 6 digits') } : { value: code }
}

/**
 * Submits the form when its code is complete, once; after an error the user presses the button.
 *
 * @param isReady whether the rest of the form is filled in
 */
export function submitWhenComplete(
  { form, code }: { form: HTMLFormElement; code: HTMLInputElement },
  isReady: () => boolean = () => true,
): void {
  let isSubmitted = false
  const submitIfComplete = () => {
    if (isSubmitted || !isReady() || findCode(code.value) === undefined) return
    isSubmitted = true
    form.requestSubmit()
  }
  code.addEventListener('input', submitIfComplete)
  // It may have been typed before this script was there; after a reload it was submitted before.
  if (findNavigationType() === 'navigate') submitIfComplete()
}
