/** Sentences that several folders show: each stands once. */

import { t } from './t.ts'

export const notVerifiedText = t('Your email address is not verified yet.')
export const offlineText = t('You seem to be offline. Try again when you have a connection.')
export const sessionEndedText = t('Your session has ended. Sign in again.')
export const tooManyRequestsText = t(
  'There are too many requests at the moment. Wait a moment and try again.',
)
