/** What the account page says of its own. */

export const accountWords = {
  emailUnchanged: 'Enter an address other than your present one',
  emailVerified: 'verified',
  emailNotVerified: 'not verified',
  emailCodeSent: (email: string) => `A code is on its way to ${email}.`,
  emailChanged: (email: string) => `Your email address is ${email} now.`,
  emailKept: 'Your present email address stays.',
  passwordChanged:
    'Your password is changed. Other devices stay signed in until you sign out everywhere.',
  deletionNotConfirmed: 'Confirm that your account shall be deleted',
  signingOut: 'Signing out everywhere…',
} as const
