/** Readers of the fields that most account forms have: what a person typed becomes a value or a sentence. */

import { t } from '../i18n/t.ts'
import { toAccountName } from './account-name.ts'
import type { FieldReading } from './form-field.ts'

export const emailMissing = t('Enter your email address')

/** The email address of an account; whether it is one is for the pool to say. */
export function readAccountEmail(input: HTMLInputElement): FieldReading<string> {
  return readAccountName(input, emailMissing)
}

/** The email address or user name to sign in with. */
export function readUsername(input: HTMLInputElement): FieldReading<string> {
  return readAccountName(input, t('Enter your email or username'))
}

function readAccountName({ value }: HTMLInputElement, missing: string): FieldReading<string> {
  const name = toAccountName(value)
  return name === '' ? { problem: missing } : { value: name }
}

/** A password is never trimmed or changed. Cognito allows none with a space at an edge: it came with copying. */
export const readPassword = createPasswordReader(t('Enter your password'))

/** @param missing what to say while the field is empty */
export function createPasswordReader(missing: string) {
  return ({ value }: HTMLInputElement): FieldReading<string> => {
    if (value === '') return { problem: missing }
    return value === value.trim()
      ? { value }
      : { problem: t('Your password has a space at its start or end. Remove the space') }
  }
}

/** @param missing what to say while the box is not checked */
export function createCheckboxReader(missing: string) {
  return ({ checked }: HTMLInputElement): FieldReading<true> =>
    checked ? { value: true } : { problem: missing }
}
