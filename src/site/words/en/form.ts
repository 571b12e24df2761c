/** What every form may say. */

export const formWords = {
  errorPrefix: 'Error: ',
  buttonWait: (seconds: number) => ` in ${seconds} s`,
  buttonReady: 'You can try again now.',

  offline:
    'You seem to be offline. What you have entered stays here, and is sent when you are online again.',
  network: 'The service could not be reached. Check your connection and try again.',
  timeout: 'The service is taking too long to answer. Try again.',
} as const
