/** The field of a new password, its confirmation, and the live list of rules that it must meet. */

import { newPasswordWords } from '#words/new-password.ts'
import {
  findBrokenRules,
  type PasswordRule,
  passwordMaxLength,
  passwordPolicy,
  passwordRules,
} from '../../shared/password-policy.ts'
import { requireElement } from '../lib/elements.ts'
import type { FieldReading } from './bind-form.ts'
import type { ProblemsByCode } from './error-messages.ts'

export function readNewPassword({ value }: HTMLInputElement): FieldReading<string> {
  if (value === '') return { problem: newPasswordWords.missing }
  if (value.length > passwordMaxLength) return { problem: newPasswordWords.tooLong }
  if (value !== value.trim()) return { problem: newPasswordWords.edges }
  const broken = findBrokenRules(value, passwordPolicy)
  return broken.length > 0 ? { problem: newPasswordWords.brokenRules(broken) } : { value }
}

/** @param password the field that must be repeated */
export function createConfirmReader(password: HTMLInputElement) {
  return ({ value }: HTMLInputElement): FieldReading<string> => {
    if (value === '') return { problem: newPasswordWords.confirmationMissing }
    return value === password.value ? { value } : { problem: newPasswordWords.confirmationDiffers }
  }
}

/** One that the service refuses stays, selected for typing over. */
export function aboutNewPassword(field: string): ProblemsByCode {
  return {
    'password-rejected': ({ rule }) => ({
      field,
      selectsField: true,
      ...(rule && { text: toDemand(rule) }),
    }),
  }
}

function toDemand(rule: PasswordRule): string {
  return rule === 'length' ? newPasswordWords.tooShort : newPasswordWords.brokenRules([rule])
}

/**
 * Binds the list `#password-rules`, which has one `data-rule` item for each rule, to a field.
 *
 * @throws {ElementError} when the markup lacks the list or an item
 */
export function bindPasswordRules(password: HTMLInputElement): void {
  const list = requireElement('#password-rules', HTMLUListElement)
  const items = passwordRules.map((rule) => ({
    rule,
    state: requireElement(`[data-rule=${rule}] .state`, HTMLElement, list),
  }))

  password.addEventListener('input', () => {
    const broken = findBrokenRules(password.value, passwordPolicy)
    for (const { rule, state } of items) showState(state, rule, broken)
  })
}

/** A sign and a word, so that nothing depends on colour. */
function showState(state: HTMLElement, rule: PasswordRule, broken: readonly PasswordRule[]): void {
  const isMet = !broken.includes(rule)
  state.dataset.met = String(isMet)
  state.textContent = isMet ? newPasswordWords.ruleMet : newPasswordWords.ruleNotMet
}
