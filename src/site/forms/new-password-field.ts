/** The field of a new password, its confirmation, and the live list of password rules. */

import {
  findBrokenRules,
  type PasswordRule,
  passwordMaxLength,
  passwordPolicy,
  passwordRules,
} from '../../shared/password-policy.ts'
import { pageLanguage, t } from '../i18n/t.ts'
import { requireElement } from '../lib/elements.ts'
import type { FormErrors } from './error-messages.ts'
import type { FieldReading } from './form-field.ts'

/** A rule as part of the sentence "Choose a password with …". */
const ruleNames = {
  length: t('at least {count} characters', { count: passwordPolicy.MinimumLength }),
  lowercase: t('a lowercase letter'),
  uppercase: t('an uppercase letter'),
  number: t('a number'),
  symbol: t('a symbol such as ! or #'),
} as const satisfies Record<PasswordRule, string>

export function readNewPassword({ value }: HTMLInputElement): FieldReading<string> {
  if (value === '') return { problem: t('Enter a password') }
  if (value.length > passwordMaxLength) {
    return { problem: t('Choose a password with 256 characters or fewer') }
  }
  if (value !== value.trim()) {
    return { problem: t("Choose a password that doesn't start or end with a space") }
  }
  const broken = findBrokenRules(value, passwordPolicy)
  return broken.length > 0 ? { problem: describeBrokenRules(broken) } : { value }
}

/** @param password the field that must be repeated */
export function createConfirmationReader(password: HTMLInputElement) {
  return ({ value }: HTMLInputElement): FieldReading<string> => {
    if (value === '') return { problem: t('Enter the password again') }
    return value === password.value
      ? { value }
      : { problem: t('Enter the same password in both fields') }
  }
}

/** A password that the service rejects stays, selected. */
export function newPasswordErrors(field: string): FormErrors {
  return {
    'password-rejected': ({ rule }) => ({
      field,
      selectField: true,
      ...(rule && { text: describeRejection(rule) }),
    }),
  }
}

function describeRejection(rule: PasswordRule): string {
  // The pool may ask for another length than this site knows.
  return rule === 'length' ? t('Choose a longer password') : describeBrokenRules([rule])
}

function describeBrokenRules(rules: readonly PasswordRule[]): string {
  const format = new Intl.ListFormat(pageLanguage, { type: 'conjunction' })
  return t('Choose a password with {rules}', {
    rules: format.format(rules.map((rule) => ruleNames[rule])),
  })
}

/**
 * Binds the list `#password-rules`, which has one `data-rule` item for each rule, and in it a place for its state,
 * to a field.
 *
 * @throws {ElementError} when the page lacks the list or an item
 */
export function bindPasswordRules(password: HTMLInputElement): void {
  const list = requireElement('#password-rules', HTMLUListElement)
  const items = passwordRules.map((rule) => {
    const item = requireElement(`[data-rule=${rule}]`, HTMLElement, list)
    return { rule, item, state: requireElement('span', HTMLElement, item) }
  })

  password.addEventListener('input', () => {
    const broken = findBrokenRules(password.value, passwordPolicy)
    for (const { rule, item, state } of items) {
      // A mark, which the style sheet draws, and a word for screen readers: nothing depends on color alone.
      const isMet = !broken.includes(rule)
      item.dataset.met = String(isMet)
      state.textContent = isMet ? t('met') : t('not met')
    }
  })
}
