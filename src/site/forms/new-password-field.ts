/** The field of a new password, its confirmation, and the live list of password rules. */

import {
  findBrokenRules,
  type PasswordRule,
  passwordMaxLength,
  passwordPolicy,
  passwordRules,
  passwordSymbols,
} from '../../shared/password-policy.ts'
import { pageLanguage, t } from '../i18n/t.ts'
import { requireElement } from '../lib/elements.ts'
import type { FormErrors } from './form-errors.ts'
import type { FieldReading } from './form-field.ts'

/** A rule as part of the sentence "Choose a password with …". */
const ruleNames = {
  length: t('at least {count} characters', { count: passwordPolicy.MinimumLength }),
  lowercase: t('a lowercase letter'),
  uppercase: t('an uppercase letter'),
  number: t('a number'),
  symbol: t('a symbol such as ! or #'),
} as const satisfies Record<PasswordRule, string>

/**
 * What looks like a character of the kind that a rule asks for, and is none that Cognito counts; and those that it
 * counts.
 */
const lookalikes = {
  lowercase: [/(?![a-z])\p{Ll}/gu, t('a to z')],
  uppercase: [/(?![A-Z])\p{Lu}/gu, t('A to Z')],
  number: [/(?![0-9])\p{N}/gu, t('0 to 9')],
  symbol: [/[^\p{L}\p{M}\p{N}\s]/gu, [...passwordSymbols].join(' ')],
} as const satisfies Record<Exclude<PasswordRule, 'length'>, readonly [RegExp, string]>

/** As NFC: the same characters, typed on another device, are the same password. It is not changed in any other way. */
export function readNewPassword(input: HTMLInputElement): FieldReading<string> {
  const value = input.value.normalize()
  if (value === '') return { problem: t('Enter a password') }
  if (value.length > passwordMaxLength) {
    return { problem: t('Choose a password with 256 characters or fewer') }
  }
  if (value !== value.trim()) {
    return { problem: t("Choose a password that doesn't start or end with a space") }
  }
  const broken = findBrokenRules(value, passwordPolicy)
  return broken.length > 0
    ? {
        problem: describeLookalikes(value, broken).reduce(
          (problem, reason) => t('{problem}. {reason}', { problem, reason }),
          describeBrokenRules(broken),
        ),
      }
    : { value }
}

/** @param readCurrent the password that the new one replaces */
export function createReplacementReader(readCurrent: () => string) {
  return (input: HTMLInputElement): FieldReading<string> => {
    const reading = readNewPassword(input)
    return 'value' in reading && reading.value === readCurrent().normalize()
      ? { problem: t('This is the same as your current password. Choose another one') }
      : reading
  }
}

/** @param password the field that must be repeated */
export function createConfirmationReader(password: HTMLInputElement) {
  return ({ value }: HTMLInputElement): FieldReading<string> => {
    if (value === '') return { problem: t('Enter the password again') }
    return value.normalize() === password.value.normalize()
      ? { value }
      : { problem: t("Password and Confirm password don't match") }
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

/** Says why a character that is there does not count. */
function describeLookalikes(password: string, broken: readonly PasswordRule[]): readonly string[] {
  return broken.flatMap((rule) => {
    if (rule === 'length') return []
    const [pattern, counted] = lookalikes[rule]
    const found = new Set(password.match(pattern))
    return found.size === 0
      ? []
      : [t('Not counted here: {found}. Use {counted}', { found: [...found].join(' '), counted })]
  })
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
    const broken = findBrokenRules(password.value.normalize(), passwordPolicy)
    for (const { rule, item, state } of items) {
      // A mark, which the style sheet draws, and a word for screen readers: nothing depends on color alone.
      const isMet = !broken.includes(rule)
      item.dataset.met = String(isMet)
      state.textContent = isMet ? t('met') : t('not met')
    }
  })
}
