/** Reads the fields of the account forms: what a person typed becomes a value or a sentence. */

import { fieldWords } from '#words/fields.ts'
import { parseUrl } from '../shared/url.ts'
import type { FieldReading } from './ui/form.ts'

/** characters; a user name's limit, and the address becomes the user name */
const emailMaxLength = 128

/** Edge spaces come from pasting and go; everything else stays as typed. */
export function readEmail({ value }: HTMLInputElement): FieldReading<string> {
  const email = toAddress(value.trim())
  if (email === '') return { problem: fieldWords.emailMissing }
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return { problem: fieldWords.emailMalformed }
  return email.length > emailMaxLength ? { problem: fieldWords.emailTooLong } : { value: email }
}

/** The name of an account that exists already: an address, or whatever its user name is. */
export function createNameReader(missing: string) {
  return ({ value }: HTMLInputElement): FieldReading<string> => {
    const name = toAddress(value.trim())
    return name === '' ? { problem: missing } : { value: name }
  }
}

/**
 * Writes an international domain in its ASCII form. Some browsers do so in e-mail fields and none does in
 * text fields, and it must be one user name on every page.
 */
function toAddress(name: string): string {
  const at = name.lastIndexOf('@') + 1
  const isInternational = at > 0 && /[^\x20-\x7e]/.test(name.slice(at))
  const url = isInternational ? parseUrl(`http://${name.slice(at)}`) : undefined
  return url ? name.slice(0, at) + url.hostname : name
}

/** A password is never trimmed or changed. */
export function readPassword({ value }: HTMLInputElement): FieldReading<string> {
  return value === '' ? { problem: fieldWords.passwordMissing } : { value }
}

/** A box that must be ticked. */
export function createCheckReader(missing: string) {
  return ({ checked }: HTMLInputElement): FieldReading<true> =>
    checked ? { value: true } : { problem: missing }
}
