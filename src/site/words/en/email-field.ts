/** What may be wrong with an e-mail address. */

export const emailFieldWords = {
  malformed: 'Enter an email address like name@example.com',
  tooLong: 'Enter an email address of at most 128 characters',
} as const
