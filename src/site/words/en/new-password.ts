/** What a new password must hold. */

import { type PasswordRule, passwordPolicy } from '../../../shared/password-policy.ts'

/** A password rule as part of a sentence: "Choose a password with ...". */
const ruleNames = {
  length: `at least ${passwordPolicy.MinimumLength} characters`,
  lowercase: 'a lowercase letter',
  uppercase: 'an uppercase letter',
  number: 'a number',
  symbol: 'a symbol such as ! or #',
} as const satisfies Record<PasswordRule, string>

export const newPasswordWords = {
  missing: 'Enter a password',
  tooLong: 'Enter a password of at most 256 characters',
  edges: 'Enter a password that does not begin or end with a space',
  // By the pool's own rule, when it is another one than this page knows.
  tooShort: 'Choose a longer password',
  confirmationMissing: 'Enter the password again',
  confirmationDiffers: 'Enter the same password in both fields',
  ruleMet: '✓ met',
  ruleNotMet: '○ not met',
  brokenRules(rules: readonly PasswordRule[]): string {
    const names = rules.map((rule) => ruleNames[rule])
    const list = new Intl.ListFormat('en', { type: 'conjunction' }).format(names)
    return `Choose a password with ${list}`
  },
} as const
