/** The field of an email address that an account is to have. */

import { t } from '../i18n/t.ts'
import { emailMissing, toAsciiDomain } from './fields.ts'
import type { FieldReading } from './form-field.ts'

/** characters; a user name's limit, and the address becomes the user name */
const emailMaxLength = 128

/** Edge spaces come from pasting and go; everything else stays as typed. */
export function readEmail({ value }: HTMLInputElement): FieldReading<string> {
  const email = toAsciiDomain(value.trim())
  if (email === '') return { problem: emailMissing }
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) {
    return { problem: t('Enter an email address like name@example.com') }
  }
  return email.length > emailMaxLength
    ? { problem: t('Enter an email address with 128 characters or fewer') }
    : { value: email }
}
