/** What registering says beyond what every form may say. */

export const registerWords = {
  accountExists: 'There is already an account for this email address. It may be yours:',
  accountExistsSignIn: 'Sign in',
  accountExistsVerify: 'Verify the email address',
  accountExistsReset: 'Reset the password',
} as const
