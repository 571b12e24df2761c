/** The sentences for what goes wrong. Forms fetch them when they are turned to, for most submits succeed. */

import type { PoolProblem } from '../../shared/pool-problems.ts'
import { AuthError, type AuthErrorCode } from '../auth/index.ts'
import { notVerifiedText, sessionEndedText, tooManyRequestsText } from '../i18n/shared-texts.ts'
import { t } from '../i18n/t.ts'
import { NetworkError, type NetworkErrorCode } from '../lib/network-error.ts'
import { describeBlockedOrigin, networkSentences } from './form-errors.ts'

const incorrectCredentials = t(
  "The email or username and the password don't match. Check both and try again.",
)
const blockedByHeaders = t(
  "This site's security headers block its service. Contact the operator of this site.",
)

/** What to do, without codes and without blame. An unknown user and a wrong password read the same. */
const sentences = {
  'account-disabled': t('This account is turned off. Ask the operator of this site to turn it on.'),
  'already-confirmed': t('This email address is already verified. You can sign in.'),
  'attempts-exceeded': t('Too many tries. Wait a few minutes, 15 at most, then try again.'),
  'blocked-by-csp': blockedByHeaders,
  'code-expired': t('This code no longer works. Get a new one.'),
  'code-mismatch': t("That code isn't right. Enter the one from our latest email."),
  'delivery-failed': t(
    "We couldn't send the email. Check the address, or try again in a few minutes.",
  ),
  'incorrect-credentials': incorrectCredentials,
  'invalid-input': t("The service didn't accept this. Check what you entered and try again."),
  'limit-exceeded': t('Too many tries. Wait an hour at most, then try again.'),
  'not-configured': t("This site isn't set up yet, so nobody can sign in. Contact its operator."),
  'password-rejected': t("The service didn't accept this password. Choose another one."),
  'password-reset-required': t('This account needs a new password. Reset it to continue.'),
  'reset-by-operator': t(
    'Only the operator of this site can reset passwords. Ask them to reset yours.',
  ),
  'reset-impossible': t(
    "The password of this account can't be reset right now. Contact the operator of this site.",
  ),
  'service-unavailable': t('The service is having trouble. Try again in a few minutes.'),
  'session-ended': sessionEndedText,
  'sign-up-closed': t('Only the operator of this site can create accounts. Ask them for one.'),
  'storage-unavailable': t(
    "Your browser doesn't let this site keep you signed in. Allow it to store data, then try again.",
  ),
  'temporary-password-expired': t(
    'Your temporary password has expired. Ask the operator of this site for a new one.',
  ),
  'too-many-requests': tooManyRequestsText,
  'totp-disabled': t(
    'Authenticator apps are turned off on this site. Ask its operator to turn them on.',
  ),
  unexpected: t('Something went wrong on our side. Try again.'),
  'unsupported-challenge': t(
    "This account needs a sign-in step that this site doesn't have. Contact its operator.",
  ),
  'user-not-confirmed': notVerifiedText,
  'user-not-found': incorrectCredentials,
  'username-exists': t('This email address already has an account. Sign in instead.'),
} as const satisfies Record<Exclude<AuthErrorCode, 'wrong-settings' | NetworkErrorCode>, string>

/** A challenge took longer than the service waits. */
export const challengeExpired = t(
  "That took too long. Enter your password again. If you already added a setup key to your app, remove it there: you'll get a new one.",
)

/** The sentence for any error; a bug becomes one plain sentence. */
export function describeError(error: unknown): string {
  if (error instanceof NetworkError) return networkSentences[error.code]
  if (!(error instanceof AuthError)) return sentences.unexpected
  const { reason } = error
  switch (reason.code) {
    case 'blocked-by-csp':
      return describeBlockedOrigin(reason.origin)
    case 'wrong-settings':
      return describePoolProblem(reason.problem)
    case 'network':
    case 'offline':
    case 'timeout':
      return networkSentences[reason.code]
    default:
      return sentences[reason.code]
  }
}

/** The rider learns that nothing they do will help, and the operator which setting is wrong. */
function describePoolProblem(problem: PoolProblem): string {
  return t(
    "This site isn't set up right, and only its operator can fix it. {setting} in /js/config.js: expected {expected}. {suggestion}",
    {
      setting: problem.setting,
      expected: t(problem.expected),
      suggestion: t(problem.suggestion),
    },
  )
}
