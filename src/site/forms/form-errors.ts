/** What errors mean in single forms, and the sentences about a network that fails: then nothing can be fetched. */

import type { AuthErrorCode, AuthErrorReason } from '../auth/index.ts'
import { offlineText } from '../i18n/shared-texts.ts'
import { t } from '../i18n/t.ts'
import type { NetworkErrorCode } from '../lib/network-error.ts'
import type { FormError } from './submit-result.ts'

export const networkSentences = {
  network: t("We couldn't reach the service. Check your connection and try again."),
  offline: offlineText,
  timeout: t('This is taking too long. Try again.'),
} as const satisfies Record<NetworkErrorCode, string>

/** What an error means in one form, beside or in place of what it means everywhere. */
export type FormErrors = {
  readonly [Code in AuthErrorCode]?:
    | Partial<FormError>
    | (Code extends 'password-rejected'
        ? (reason: Extract<AuthErrorReason, { code: Code }>) => Partial<FormError>
        : () => Partial<FormError>)
}

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
  if (error instanceof AuthError && Object.hasOwn(networkSentences, error.code)) {
    return networkSentences[error.code as NetworkErrorCode]
  }
  try {
    return (await loadErrorMessages()).describeError(error)
  } catch (failure) {
    if (failure instanceof NetworkError) return networkSentences[failure.code]
    throw failure
  }
}

/** For riders and operators alike: it will not pass by itself, and this is what to change. */
export function describeBlockedOrigin(origin: string): string {
  return t("This site's security headers don't list {origin}. Ask its operator to add it.", {
    origin,
  })
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

/** For what must be done now or not at all: someone else may be there when the network is back. */
export const neverRetried: FormErrors = { offline: { text: offlineText, retryWhenOnline: false } }

/** A wrong password is typed again. */
export function passwordError(field: string): Partial<FormError> {
  return { field, clearField: field, selectField: true }
}

/** A wrong code stays, selected; other errors are not about the code. */
export function codeErrors(field: string): FormErrors {
  const error = { field, selectField: true }
  return { 'code-mismatch': error, 'code-expired': error }
}
