/** The sentences for what goes wrong with a ride. */

import { describeBlockedOrigin } from '../forms/form-errors.ts'
import { fetchErrorText } from '../forms/to-form-error.ts'
import { offlineText, tooManyRequestsText } from '../i18n/shared-texts.ts'
import { t } from '../i18n/t.ts'
import { RideError, type RideErrorCode } from './ride-api-client.ts'

const sentences = {
  'blocked-by-cors': t(
    "The ride service doesn't accept requests from this site. Ask the operator of this site.",
  ),
  'blocked-by-csp': t(
    "This site's security headers block the ride service. Ask the operator of this site.",
  ),
  forbidden: t("Your account can't request unicorns. Ask the operator of this site."),
  'no-ride-api': t(
    "There's no ride service where this site looks for one. Ask the operator of this site.",
  ),
  network: t("We can't reach the ride service. Check your connection and try again."),
  offline: offlineText,
  'place-rejected': t("Unicorns don't fly to this place. Choose another one."),
  redirected: t('The ride service has moved. Ask the operator of this site.'),
  'service-unavailable': t("The ride service isn't working right now. Try again in a few minutes."),
  timeout: t('The ride service is taking too long to answer. A unicorn may still be on the way.'),
  'token-too-large': t(
    'Your account holds more than the ride service can take. Ask the operator of this site.',
  ),
  'too-many-requests': tooManyRequestsText,
  unauthorized: t("The ride service doesn't recognize you. Sign out, then sign in again."),
  'invalid-response': t(
    "We can't read the ride service's answer. A unicorn may still be on the way.",
  ),
} as const satisfies Record<RideErrorCode, string>

export async function describeRideError(error: unknown): Promise<string> {
  if (!(error instanceof RideError)) return fetchErrorText(error)
  return error.origin ? describeBlockedOrigin(error.origin) : sentences[error.code]
}
