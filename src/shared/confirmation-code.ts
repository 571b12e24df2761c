/** The code that Cognito mails to prove an address: its shape, as pages and local pool share it. */

/** digits in a sign-up, attribute or password-reset code */
export const codeLength = 6

/**
 * Takes a code as people paste it: spaces, dashes, invisible characters and full-width digits are
 * theirs, the digits are the code.
 *
 * @returns the cleaned text, which need not be a complete code
 */
export function toCode(text: string): string {
  return text.normalize('NFKC').replace(/[\s\p{Pd}\p{Cf}]/gu, '')
}

export function isCode(text: string): boolean {
  return text.length === codeLength && /^[0-9]+$/.test(text)
}
