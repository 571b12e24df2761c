/** Reads the fields that most account forms have: what a person typed becomes a value or a sentence. */

import { fieldWords } from '#words/fields.ts'
import { parseUrl } from '../../shared/url.ts'
import type { FieldReading } from './bind-form.ts'

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
export function toAddress(name: string): string {
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
