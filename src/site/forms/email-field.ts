/** The field of an email address that an account is to have. */

import { t } from '../i18n/t.ts'
import { toAccountName } from './account-name.ts'
import { emailMissing } from './fields.ts'
import type { FieldReading } from './form-field.ts'

/** characters; a user name's limit, and the address becomes the user name */
const emailMaxLength = 128

/** characters before the at sign; the limit of email itself (RFC 5321) */
const localPartMaxLength = 64

export function readEmail({ value }: HTMLInputElement): FieldReading<string> {
  const email = toAccountName(value)
  if (email === '') return { problem: emailMissing }
  if (email.length > emailMaxLength) {
    return { problem: t('Enter an email address with 128 characters or fewer') }
  }
  return isEmailAddress(email)
    ? { value: email }
    : { problem: t('Enter an email address like name@example.com') }
}

/** Whether an email can be delivered to an address like this: a host with a dot, and labels that DNS allows. */
function isEmailAddress(address: string): boolean {
  const [, local = '', domain = ''] = /^([^\s@]+)@([^\s@]+)$/.exec(address) ?? []
  const isLocalPart =
    local.length <= localPartMaxLength && !/^\.|\.$|\.\.|[’‘`´<>()[\],;:\\"]/.test(local)
  const labels = domain.split('.')
  const isLabel = (label: string) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/i.test(label)
  return local !== '' && isLocalPart && labels.length > 1 && labels.every(isLabel)
}
