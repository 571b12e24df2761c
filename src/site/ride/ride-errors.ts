/** The sentences for what goes wrong with a ride. */

import { describeBlockedOrigin, describeError } from '../forms/error-messages.ts'
import { offlineText, tooManyRequestsText } from '../i18n/shared-texts.ts'
import { t } from '../i18n/t.ts'
import { RideError, type RideErrorCode } from './ride-api-client.ts'

const sentences = {
  'blocked-by-cors': t(
    'The ride service does not take requests from this site. Only the operator of this site can change that.',
  ),
  'blocked-by-csp': t(
    'The security headers of this site keep it from the ride service. Ask the operator of this site.',
  ),
  forbidden: t('Your account may not send for unicorns. Ask the operator of this site.'),
  network: t('The ride service could not be reached. Check your connection and try again.'),
  offline: offlineText,
  'place-rejected': t('The ride service does not go to this place. Choose another one.'),
  'service-unavailable': t(
    'The ride service has trouble at the moment. Try again in a few minutes.',
  ),
  timeout: t(
    'The ride service is taking too long to answer. A unicorn may be on its way all the same.',
  ),
  'too-many-requests': tooManyRequestsText,
  unauthorized: t('The ride service does not know you. Sign out and in again.'),
  'invalid-response': t(
    'The answer of the ride service could not be read. A unicorn may be on its way all the same.',
  ),
} as const satisfies Record<RideErrorCode, string>

export function describeRideError(error: unknown): string {
  if (!(error instanceof RideError)) return describeError(error)
  return error.origin ? describeBlockedOrigin(error.origin) : sentences[error.code]
}
