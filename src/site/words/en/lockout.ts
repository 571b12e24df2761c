/** What is said when a sign-in has failed too often. */

export const lockoutWords = {
  lockedOut: (seconds: number) =>
    `There were too many tries. Wait about ${toDuration(seconds)}, then try again.`,
  incorrectAndLocked: (seconds: number) =>
    `The email or username and the password do not match. After so many tries, wait about ${toDuration(seconds)} before the next one.`,
  resetPassword: 'Reset the password',
} as const

/** Such as "4 seconds", "2 minutes": whole minutes from two on. */
function toDuration(seconds: number): string {
  const [amount, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(amount)
}
