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

/** The plain codes share one reason. */
type ReasonOf<Code extends AuthErrorCode> =
  Extract<AuthErrorReason, { code: Code }> extends never
    ? { readonly code: Code }
    : Extract<AuthErrorReason, { code: Code }>

/** What an error means in one form, beside or in place of what it means everywhere. */
export type FormErrors = {
  readonly [Code in AuthErrorCode]?:
    | Partial<FormError>
    | ((reason: ReasonOf<Code>) => Partial<FormError>)
}

/** For riders and operators alike: it will not pass by itself, and this is what to change. */
export function describeBlockedOrigin(origin: string): string {
  return t("This site's security headers don't list {origin}. Ask its operator to add it.", {
    origin,
  })
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
