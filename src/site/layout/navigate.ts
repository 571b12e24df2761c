/** Ways to another page, as results of a submit: the form navigates when it handles the result. */

import type { SubmitResult } from '../forms/submit-result.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { setFlash } from './flash.ts'
import { stepNumber } from './step-number.ts'

/** Few pages have steps, and few riders come to them. */
const loadSteps = lazyImport(() => import('./steps.ts'))

/** Opens a page of this site; Back leads here again. */
export function navigateTo(path: string, flash?: string): SubmitResult {
  return createResult(() => location.assign(path), flash)
}

/** Opens a page of this site in place of this one: Back does not lead here again. */
export function replaceWith(path: string, flash?: string): SubmitResult {
  return createResult(() => openInPlace(path), flash)
}

function createResult(open: () => void, flash: string | undefined): SubmitResult {
  return {
    kind: 'navigate',
    navigate() {
      if (flash) setFlash(flash)
      open()
    },
  }
}

/** Opens a page of this site in place of this one and all its steps. */
export function openInPlace(path: string): void {
  void leaveSteps().finally(() => location.replace(path))
}

/** Goes back to the history entry of the page's first step, and leaves it to the caller to show it. */
export async function leaveSteps(): Promise<void> {
  if (stepNumber() === 0) return
  const { returnToStep } = await loadSteps()
  await returnToStep(0)
}
