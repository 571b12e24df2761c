/** What may be wrong with a name or a password that is there already. */

export const fieldWords = {
  emailMissing: 'Enter your email address',
  usernameMissing: 'Enter your email or username',
  passwordMissing: 'Enter your password',
} as const
