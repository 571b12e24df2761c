/** Reads the fields of the account forms: what a person typed becomes a value or a sentence. */

import { isCode, toCode } from '../shared/confirmation-code.ts'
import { findBrokenRules, passwordMaxLength, passwordPolicy } from '../shared/password-policy.ts'
import { parseUrl } from '../shared/url.ts'
import { describeBrokenRules, messages } from './messages.ts'
import type { FieldReading } from './ui/form.ts'

/** characters; a user name's limit, and the address becomes the user name */
const emailMaxLength = 128

/** Edge spaces come from pasting and go; everything else stays as typed. */
export function readEmail({ value }: HTMLInputElement): FieldReading<string> {
  const email = toAddress(value.trim())
  if (email === '') return { problem: messages.emailMissing }
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) return { problem: messages.emailMalformed }
  return email.length > emailMaxLength ? { problem: messages.emailTooLong } : { value: email }
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
  return value === '' ? { problem: messages.passwordMissing } : { value }
}

export function readNewPassword({ value }: HTMLInputElement): FieldReading<string> {
  if (value === '') return { problem: messages.newPasswordMissing }
  if (value.length > passwordMaxLength) return { problem: messages.newPasswordTooLong }
  if (value !== value.trim()) return { problem: messages.newPasswordEdges }
  const broken = findBrokenRules(value, passwordPolicy)
  return broken.length > 0 ? { problem: describeBrokenRules(broken) } : { value }
}

/** @param password the field that must be repeated */
export function createConfirmReader(password: HTMLInputElement) {
  return ({ value }: HTMLInputElement): FieldReading<string> => {
    if (value === '') return { problem: messages.confirmPasswordMissing }
    return value === password.value ? { value } : { problem: messages.confirmPasswordDiffers }
  }
}

/** A box that must be ticked. */
export function createCheckReader(missing: string) {
  return ({ checked }: HTMLInputElement): FieldReading<true> =>
    checked ? { value: true } : { problem: missing }
}

export function readCode({ value }: HTMLInputElement): FieldReading<string> {
  const code = toCode(value)
  if (code === '') return { problem: messages.codeMissing }
  return isCode(code) ? { value: code } : { problem: messages.codeMalformed }
}
