/** Deletes the rides of a rider whose account is about to be deleted. */

import type { Session } from '../auth/index.ts'
import type { FormError } from '../forms/submit-result.ts'
import { t } from '../i18n/t.ts'
import { fetchWithTimeout, RideError, readRetryAfterSeconds, toApiUrl } from './ride-api-client.ts'

const texts = {
  later: t(
    "Your rides couldn't be deleted, so your account is still here. Try again in a few minutes.",
  ),
  offline: t(
    "You seem to be offline. Your rides couldn't be deleted, so your account is still here. Try again when you have a connection.",
  ),
  'too-many-requests': t(
    "Your rides couldn't be deleted, so your account is still here. Too many requests right now. Wait a minute, then try again.",
  ),
  operator: t(
    "Your rides couldn't be deleted, so your account is still here. Ask the operator of this site.",
  ),
} as const

/** seconds a form waits after too many requests when the API names none: the limits of ours are for a minute */
const tooManyRequestsSeconds = 60

/**
 * @returns why rides may be left; `undefined` when there are none any more, or the API is one that cannot delete any
 */
export async function deleteRides(
  invokeUrl: string,
  { idToken }: Session,
): Promise<FormError | undefined> {
  const url = toApiUrl(invokeUrl, 'rides')
  try {
    const headers = { Authorization: idToken.jwt }
    return toProblem(await fetchWithTimeout(url, { method: 'DELETE', headers }))
  } catch (error) {
    if (!(error instanceof RideError)) throw error
    switch (error.code) {
      case 'blocked-by-cors':
        // The API answers, and takes no such call of this site: an API of one's own without that route does so. An
        // account that can never be deleted would be worse than rides that stay.
        return warnOperator(error.message)
      case 'blocked-by-csp':
      case 'redirected':
        return { text: texts.operator }
      case 'offline':
        return { text: texts.offline }
      default:
        return { text: texts.later }
    }
  }
}

function toProblem({ status, headers }: Pick<Response, 'status' | 'headers'>) {
  if (status >= 200 && status < 300) return undefined
  if (status === 404 || status === 405 || status === 501)
    return warnOperator(`it responded with status ${status}`)
  if (status === 429) {
    return {
      text: texts['too-many-requests'],
      retryAfterSeconds: readRetryAfterSeconds(headers) ?? tooManyRequestsSeconds,
    }
  }
  // A request that came too slowly or too early is no fault of settings.
  const isPassing = status >= 500 || status === 408 || status === 425
  return { text: isPassing ? texts.later : texts.operator }
}

/** For the site's operator, not shown to riders. */
function warnOperator(reason: string): undefined {
  console.warn(`The ride API has no DELETE /rides, so rides of a deleted account stay: ${reason}`)
}
