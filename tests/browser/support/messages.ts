/** Sentences that several pages show and that several tests expect. */

export const sessionEnded = 'Your session has ended. Sign in again.'
export const unreachable = "We couldn't reach the service. Check your connection and try again."
export const trouble = 'The service is having trouble. Try again in a few minutes.'
export const tooLong = 'This is taking too long. Try again.'
export const offline = 'You seem to be offline. What you entered stays here.'
export const offlineForm =
  "You seem to be offline. What you entered stays here, and we'll send it when you're back online."
export const online = "You're back online."
