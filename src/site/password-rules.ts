/** The live list of password rules: each says whether the password typed so far meets it. */

import {
  findBrokenRules,
  type PasswordRule,
  passwordPolicy,
  passwordRules,
} from '../shared/password-policy.ts'
import { messages } from './messages.ts'
import { requireElement } from './ui/elements.ts'

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
  state.textContent = isMet ? messages.ruleMet : messages.ruleNotMet
}
