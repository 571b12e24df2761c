/** What signing in says beyond what every form may say. */

export const signInWords = {
  expired:
    'That took too long. Enter your password again. If you have added a key to your app meanwhile, remove it there: a new one comes.',
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
