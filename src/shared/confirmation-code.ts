/** The codes that Cognito emails and authenticator apps show: their shape, as pages and local pool share it. */

/** digits in a sign-up, attribute or password-reset code */
export const codeLength = 6

/** digits in a code that stands for the password; one that comes after it has `codeLength` */
export const signInCodeLength = 8

/**
 * Finds the code in what a person typed or pasted: digits of any script, with spaces or punctuation between or around
 * them, or the whole sentence of the email.
 *
 * @param length digits of the code
 * @returns ASCII digits; `undefined` when there is no code of this length, or more than one
 */
export function findCode(text: string, length = codeLength): string | undefined {
  const plain = toAsciiDigits(text.replace(/\p{Cf}/gu, ''))
  return findOnly(plain, /\d+/g, length) ?? findOnly(plain, separatedDigits, length)
}

/** Up to three characters between two digits, such as `12 - 34`. */
const separatedDigits = /\d(?:[\s\p{Pd}\p{Pc}.,'’·:/]{0,3}\d)*/gu

function findOnly(text: string, pattern: RegExp, length: number): string | undefined {
  const found = new Set(
    [...text.matchAll(pattern)]
      .map(([run]) => run.replace(/\D/g, ''))
      .filter((digits) => digits.length === length),
  )
  const [code] = found
  return found.size === 1 ? code : undefined
}

/**
 * Unicode gives every script its ten digits in a row, zero first.
 *
 * @see https://www.unicode.org/reports/tr44/#Numeric_Type
 */
function toAsciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0) ?? 0
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
    return String(((digit.codePointAt(0) ?? 0) - zero) % 10)
  })
}
