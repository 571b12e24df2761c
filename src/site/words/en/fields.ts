/** What may be wrong with a name or a password that is there already. */

export const fieldWords = {
  emailMissing: 'Enter your email address',
  emailMalformed: 'Enter an email address like name@example.com',
  emailTooLong: 'Enter an email address of at most 128 characters',
  usernameMissing: 'Enter your email or username',
  passwordMissing: 'Enter your password',
} as const
