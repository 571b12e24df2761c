/** A field for a code, mailed or shown by an app. A mailed one that is complete needs no button. */

import { codeWords } from '#words/code.ts'
import { isCode, toCode } from '../../shared/confirmation-code.ts'
import type { FieldReading } from './bind-form.ts'

export function readCode({ value }: HTMLInputElement): FieldReading<string> {
  const code = toCode(value)
  if (code === '') return { problem: codeWords.missing }
  return isCode(code) ? { value: code } : { problem: codeWords.malformed }
}

/**
 * Submits the form when its code is complete, once; after a refusal the rider decides.
 *
 * @param isReady whether the rest of the form is filled in
 */
export function submitCompleteCodeOnce(
  { form, code }: { form: HTMLFormElement; code: HTMLInputElement },
  isReady: () => boolean = () => true,
): void {
  let isSubmitted = false
  const submitIfComplete = () => {
    if (isSubmitted || !isReady() || !isCode(toCode(code.value))) return
    isSubmitted = true
    form.requestSubmit()
  }
  code.addEventListener('input', submitIfComplete)
  // It may have been typed before this script came; after a reload it is one that was tried before.
  const [navigation] = performance.getEntriesByType('navigation')
  const isFresh =
    navigation instanceof PerformanceNavigationTiming && navigation.type === 'navigate'
  if (isFresh) submitIfComplete()
}
