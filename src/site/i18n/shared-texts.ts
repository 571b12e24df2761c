/** Sentences that several folders show: each stands once. */

import { t } from './t.ts'

export const notVerifiedText = t("Your email address isn't verified yet.")
/** after the email address is verified, without a sign-in */
export const verifiedText = t('Your email address is verified. You can sign in now.')
export const signedOutText = t('You are signed out.')
export const offlineText = t('You seem to be offline. Try again when you have a connection.')
export const sessionEndedText = t('Your session has ended. Sign in again.')
export const tooManyRequestsText = t('Too many requests right now. Wait a moment, then try again.')
