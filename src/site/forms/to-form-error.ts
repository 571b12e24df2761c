/** An error that a submit has thrown becomes what its form shows: here and nowhere else. */

import { AuthError, type AuthErrorReason, loadServiceErrors } from '../auth/index.ts'
import { t, withTexts } from '../i18n/t.ts'
import { lazyImport } from '../lib/lazy-import.ts'
import { NetworkError, type NetworkErrorCode } from '../lib/network-error.ts'
import { type FormErrors, networkSentences } from './form-errors.ts'
import type { FormError } from './submit-result.ts'

/** Most submits succeed. */
const loadErrorMessages = lazyImport(withTexts(() => import('./error-messages.ts')))

/** Fetches what is shown for an error while the form is filled in: whoever waits for it has waited for the service. */
export function prefetchErrors(): void {
  for (const load of [loadErrorMessages, loadServiceErrors]) load().catch(() => undefined)
}

/**
 * What a form shows for an error that its submit has thrown.
 *
 * @param formErrors what errors mean in this form
 */
export async function toFormError(error: unknown, formErrors: FormErrors = {}): Promise<FormError> {
  const text = await fetchErrorText(error)
  const isKnown = error instanceof AuthError || error instanceof NetworkError
  if (!isKnown) {
    // A bug, for whoever fixes it.
    console.error(error)
    return { text }
  }
  const reason: AuthErrorReason = 'reason' in error ? error.reason : { code: error.code }
  // Each function takes the reason of its own code: `FormErrors` guarantees it.
  const formError = formErrors[reason.code] as
    | Partial<FormError>
    | ((reason: AuthErrorReason) => Partial<FormError>)
    | undefined
  return {
    text,
    ...(reason.code === 'offline' && offlineError),
    ...('retryAfterSeconds' in reason && { retryAfterSeconds: reason.retryAfterSeconds }),
    ...(typeof formError === 'function' ? formError(reason) : formError),
  }
}

/** The sentence for any error; without a network, why it cannot be fetched. */
export async function fetchErrorText(error: unknown): Promise<string> {
  if (error instanceof NetworkError) return networkSentences[error.code]
  if (error instanceof AuthError && isNetworkErrorCode(error.code)) {
    return networkSentences[error.code]
  }
  try {
    return (await loadErrorMessages()).describeError(error)
  } catch (failure) {
    if (failure instanceof NetworkError) return networkSentences[failure.code]
    throw failure
  }
}

function isNetworkErrorCode(code: string): code is NetworkErrorCode {
  return Object.hasOwn(networkSentences, code)
}

const offlineError: FormError = {
  text: t(
    "You seem to be offline. What you entered stays here, and we'll send it when you're back online.",
  ),
  retryWhenOnline: true,
}
