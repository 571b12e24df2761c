/** Sentences that several pages show and that several tests expect. */

export const sessionEnded = 'Your session has ended. Sign in again.'
export const unreachable = 'The service could not be reached. Check your connection and try again.'
export const trouble = 'The service has trouble at the moment. Try again in a few minutes.'
export const tooLong = 'The service is taking too long to answer. Try again.'
export const offline = 'You seem to be offline. What you have entered stays here.'
export const offlineForm =
  'You seem to be offline. What you have entered stays here, and is sent when you are online again.'
export const online = 'You are online again.'
