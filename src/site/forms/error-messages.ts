/** The sentences for what goes wrong, and what a form does about it. */

import { AuthError, type AuthErrorCode, type AuthErrorReason } from '../auth/index.ts'
import {
  alreadyVerifiedText,
  notVerifiedText,
  offlineText,
  sessionEndedText,
  tooManyRequestsText,
} from '../i18n/shared-texts.ts'
import { t } from '../i18n/t.ts'
import { NetworkError, type NetworkErrorCode } from '../lib/network-error.ts'
import type { FormError } from './submit-result.ts'

const network = t('The service could not be reached. Check your connection and try again.')
const timeout = t('The service is taking too long to answer. Try again.')
const incorrectCredentials = t(
  'The email or username and the password do not match. Enter them again.',
)
const blockedByHeaders = t(
  'The security headers of this site keep it from its service. Ask the operator of this site.',
)

/** What to do, without codes and without blame. An unknown user and a wrong password read the same. */
const sentences = {
  'account-disabled': t(
    'This account cannot be used at the moment. Ask the operator of this site about it.',
  ),
  'already-confirmed': alreadyVerifiedText,
  'attempts-exceeded': t(
    'There were too many tries. Wait a few minutes, a quarter of an hour at most, then try again.',
  ),
  'blocked-by-csp': blockedByHeaders,
  'code-expired': t('This code no longer works. Ask for a new one.'),
  'code-mismatch': t('This code is not right. Check the newest email from us and enter its code.'),
  'delivery-failed': t(
    'The email could not be sent. Check the address, or try again in a few minutes.',
  ),
  'incorrect-credentials': incorrectCredentials,
  'invalid-input': t('The service did not accept this. Check what you entered and try again.'),
  'limit-exceeded': t(
    'That was tried too often. It can take up to an hour until you can try again.',
  ),
  network,
  'not-configured': t('This site is not set up yet, so nobody can sign in.'),
  offline: offlineText,
  'password-rejected': t('The service did not accept this password. Choose another one.'),
  'password-reset-required': t('This account needs a new password. Reset it to go on.'),
  'reset-by-operator': t('Passwords are reset by the operator of this site only.'),
  'reset-impossible': t('The password of this account cannot be reset at the moment.'),
  'service-unavailable': t('The service has trouble at the moment. Try again in a few minutes.'),
  'session-ended': sessionEndedText,
  'sign-up-closed': t('New accounts are made by the operator of this site only.'),
  'storage-unavailable': t(
    'Your browser does not let this site keep you signed in. Allow it to store data, then try again.',
  ),
  'temporary-password-expired': t(
    'Your temporary password is too old. Ask the operator of this site for a new one.',
  ),
  timeout,
  'too-many-requests': tooManyRequestsText,
  'totp-disabled': t('Authenticator apps are switched off on this site.'),
  unexpected: t('Something went wrong on our side. Try again.'),
  'unsupported-challenge': t(
    'This account needs a further step to sign in that this site cannot do yet.',
  ),
  'user-not-confirmed': notVerifiedText,
  'user-not-found': incorrectCredentials,
  'username-exists': t('There is already an account for this email address.'),
  'wrong-user-pool': t(
    'The user pool named in /js/config.js was not found. Ask the operator of this site.',
  ),
} as const satisfies Record<AuthErrorCode, string>

const networkSentences = { network, offline: offlineText, timeout } as const satisfies Record<
  NetworkErrorCode,
  string
>

/** A challenge took longer than the service waits. */
export const challengeExpired = t(
  'That took too long. Enter your password again. If you have added a key to your app meanwhile, remove it there: a new one comes.',
)

/** seconds a form waits after too many requests; the service names none */
const tooManyRequestsSeconds = 10

/** What an error means in one form, beside or in place of what it means everywhere. */
export type FormErrors = {
  readonly [Code in AuthErrorCode]?:
    | Partial<FormError>
    | (Code extends 'password-rejected'
        ? (reason: Extract<AuthErrorReason, { code: Code }>) => Partial<FormError>
        : () => Partial<FormError>)
}

/** The sentence for any error; a bug becomes one plain sentence. */
export function describeError(error: unknown): string {
  if (error instanceof NetworkError) return networkSentences[error.code]
  if (!(error instanceof AuthError)) return sentences.unexpected
  const { reason } = error
  return reason.code === 'blocked-by-csp'
    ? describeBlockedOrigin(reason.origin)
    : sentences[reason.code]
}

/** For riders and operators alike: it will not pass by itself, and this is what to change. */
export function describeBlockedOrigin(origin: string): string {
  return t(
    'The security headers of this site do not list {origin}. Its operator must add it to them.',
    {
      origin,
    },
  )
}

/**
 * What a form shows for an error that its submit has thrown.
 *
 * @param formErrors what errors mean in this form
 */
export function toFormError(error: unknown, formErrors: FormErrors = {}): FormError {
  const isKnown = error instanceof AuthError || error instanceof NetworkError
  // A bug, for whoever fixes it.
  if (!isKnown) console.error(error)
  const text = describeError(error)
  return {
    text,
    ...(isKnown && error.code === 'offline' && offlineError),
    ...(isKnown &&
      error.code === 'too-many-requests' && { retryAfterSeconds: tooManyRequestsSeconds }),
    ...(isKnown && findFormError(error, formErrors)),
  }
}

const offlineError: FormError = {
  text: t(
    'You seem to be offline. What you have entered stays here, and is sent when you are online again.',
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

/** The same for the current password of whoever is signed in. */
export function currentPasswordErrors(field: string): FormErrors {
  return {
    'incorrect-credentials': {
      text: t('This is not your current password. Enter it again.'),
      ...passwordError(field),
    },
  }
}

/** A wrong code stays, selected; other errors are not about the code. */
export function codeErrors(field: string): FormErrors {
  const error = { field, selectField: true }
  return { 'code-mismatch': error, 'code-expired': error }
}

/** The same for a code of an authenticator app, which no email has. */
export function totpErrors(field: string): FormErrors {
  return {
    'code-mismatch': {
      text: t('This code is not right. Enter the one that your authenticator app shows now.'),
      field,
      selectField: true,
    },
    'code-expired': {
      text: t('This code was used already. Wait until your authenticator app shows the next one.'),
      field,
      selectField: true,
    },
  }
}
