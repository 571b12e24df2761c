/** The field of a code, from an email or an authenticator app. */

import { codeLength, findCode } from '../../shared/confirmation-code.ts'
import { t } from '../i18n/t.ts'
import { findNavigationType } from '../lib/navigation-type.ts'
import type { FieldReading } from './form-field.ts'

export const readCode = createCodeReader(codeLength)

/** @param length digits of the code */
export function createCodeReader(length: number) {
  return ({ value }: HTMLInputElement): FieldReading<string> => {
    if (value.trim() === '') return { problem: t('Enter the {length}-digit code', { length }) }
    const code = findCode(value, length)
    return code === undefined
      ? { problem: t('Enter the code as {length} digits', { length }) }
      : { value: code }
  }
}

/**
 * Submits the form when its code is complete, once; after an error the user presses the button.
 *
 * @param isReady whether the rest of the form is filled in
 * @param length digits of the code
 */
export function submitWhenComplete(
  { form, code }: { form: HTMLFormElement; code: HTMLInputElement },
  isReady: () => boolean = () => true,
  length = codeLength,
): void {
  let isSubmitted = false
  const submitIfComplete = () => {
    if (isSubmitted || !isReady() || findCode(code.value, length) === undefined) return
    isSubmitted = true
    form.requestSubmit()
  }
  code.addEventListener('input', submitIfComplete)
  // It may have been typed before this script was there; after a reload it was submitted before.
  if (findNavigationType() === 'navigate') submitIfComplete()
}
