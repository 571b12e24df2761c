/** Ways to another page, as results of a submit: the form navigates when it handles the result. */

import type { SubmitResult } from '../forms/submit-result.ts'
import { type FlashMessage, setFlash } from './flash.ts'

/** Opens a page of this site; Back leads here again. */
export function navigateTo(path: string, flash?: FlashMessage): SubmitResult {
  return createResult(() => location.assign(path), flash)
}

/** Opens a page of this site in place of this one: Back does not lead here again. */
export function replaceWith(path: string, flash?: FlashMessage): SubmitResult {
  return createResult(() => location.replace(path), flash)
}

function createResult(open: () => void, flash: FlashMessage | undefined): SubmitResult {
  return {
    kind: 'navigate',
    navigate() {
      if (flash) setFlash(flash)
      open()
    },
  }
}
