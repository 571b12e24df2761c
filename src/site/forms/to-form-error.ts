/** An error that a submit has thrown becomes what its form shows: here and nowhere else. */

import { AuthError, loadServiceErrors } from '../auth/index.ts'
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

/** seconds a form waits after too many requests; the service names none */
const tooManyRequestsSeconds = 10

/**
 * What a form shows for an error that its submit has thrown.
 *
 * @param formErrors what errors mean in this form
 */
export async function toFormError(error: unknown, formErrors: FormErrors = {}): Promise<FormError> {
  const isKnown = error instanceof AuthError || error instanceof NetworkError
  // A bug, for whoever fixes it.
  if (!isKnown) console.error(error)
  return {
    text: await fetchErrorText(error),
    ...(isKnown && error.code === 'offline' && offlineError),
    ...(isKnown &&
      error.code === 'too-many-requests' && { retryAfterSeconds: tooManyRequestsSeconds }),
    ...(isKnown && findFormError(error, formErrors)),
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

function findFormError(
  error: AuthError | NetworkError,
  formErrors: FormErrors,
): Partial<FormError> | undefined {
  const reason = error instanceof AuthError ? error.reason : { code: error.code }
  if (reason.code === 'password-rejected') {
    const formError = formErrors[reason.code]
    return typeof formError === 'function' ? formError(reason) : formError
  }
  const formError = formErrors[reason.code]
  return typeof formError === 'function' ? formError() : formError
}
