/** Reads the e-mail address of a new account, or of one that gets another. */

import { emailFieldWords } from '#words/email-field.ts'
import { fieldWords } from '#words/fields.ts'
import type { FieldReading } from './bind-form.ts'
import { toAddress } from './fields.ts'

/** characters; a user name's limit, and the address becomes the user name */
const emailMaxLength = 128

/** Edge spaces come from pasting and go; everything else stays as typed. */
export function readEmail({ value }: HTMLInputElement): FieldReading<string> {
  const email = toAddress(value.trim())
  if (email === '') return { problem: fieldWords.emailMissing }
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return { problem: emailFieldWords.malformed }
  return email.length > emailMaxLength ? { problem: emailFieldWords.tooLong } : { value: email }
}
