/** About codes, mailed or shown by an app. */

export const codeWords = {
  missing: 'Enter the 6-digit code',
  malformed: 'Enter the code as 6 digits',
  resent: (waitSeconds: number) =>
    `A new code is on its way. You can ask for another one in ${waitSeconds} seconds.`,
  resendReady: 'You can ask for a new code now.',
} as const
