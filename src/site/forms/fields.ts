/** Readers of the fields that most account forms have: what a person typed becomes a value or a sentence. */

import { parseUrl } from '../../shared/url.ts'
import { t } from '../i18n/t.ts'
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
  const name = toAsciiDomain(value.trim())
  return name === '' ? { problem: missing } : { value: name }
}

/**
 * Writes an international domain in its ASCII form. Some browsers do so in email fields, none does in text fields,
 * and it must be the same user name on every page.
 */
export function toAsciiDomain(name: string): string {
  const at = name.lastIndexOf('@') + 1
  const isInternational = at > 0 && /[^\x20-\x7e]/.test(name.slice(at))
  const url = isInternational ? parseUrl(`http://${name.slice(at)}`) : undefined
  return url ? name.slice(0, at) + url.hostname : name
}

/** A password is never trimmed or changed. */
export function readPassword({ value }: HTMLInputElement): FieldReading<string> {
  return value === '' ? { problem: t('Enter your password') } : { value }
}

/** @param missing what to say while the box is not checked */
export function createCheckboxReader(missing: string) {
  return ({ checked }: HTMLInputElement): FieldReading<true> =>
    checked ? { value: true } : { problem: missing }
}
