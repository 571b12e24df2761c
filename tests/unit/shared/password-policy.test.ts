import { describe, expect, test } from 'vitest'
import {
  findBrokenRules,
  type PasswordPolicy,
  passwordPolicy,
  passwordRules,
} from '../../../src/shared/password-policy.ts'

const symbolOnly: PasswordPolicy = {
  MinimumLength: 6,
  RequireLowercase: false,
  RequireUppercase: false,
  RequireNumbers: false,
  RequireSymbols: true,
}

describe('password policy', () => {
  test.each([
    ['Passw0rd!', []],
    ['passw0rd!', ['uppercase']],
    ['PASSW0RD!', ['lowercase']],
    ['Password!', ['number']],
    ['Passw0rdx', ['symbol']],
    ['Pa0!', ['length']],
    ['', passwordRules],
    ['        ', ['lowercase', 'uppercase', 'number', 'symbol']],
  ])('password policy: %j breaks the rules %j', (password, rules) => {
    expect(findBrokenRules(password, passwordPolicy)).toEqual(rules)
  })

  test('password policy: broken rules come in the order Cognito reports them', () => {
    expect(passwordRules).toEqual(['length', 'lowercase', 'uppercase', 'number', 'symbol'])
  })

  test.each([
    ['cyrillic upper case', 'ДДassw0rd!', 'uppercase'],
    ['accented upper case', 'ÉÜassw0rd!', 'uppercase'],
    ['accented lower case', 'PASSWéü0!', 'lowercase'],
    ['arabic-indic digits', 'Password!٣٤', 'number'],
    ['full-width digits', 'Password!\uff11\uff12', 'number'],
  ] as const)('does not count %s', (_, password, rule) => {
    expect(findBrokenRules(password, passwordPolicy)).toEqual([rule])
  })

  test('password policy: the minimum length is accepted, one character less is not', () => {
    expect(findBrokenRules('Abcd12!x', passwordPolicy)).toEqual([])
    expect(findBrokenRules('Abcd12!', passwordPolicy)).toEqual(['length'])
  })
})

describe('symbols', () => {
  /** The list in Cognito's developer guide, and nothing else on a US keyboard. */
  const counted = '^$*.[]{}()?-"!@#%&/\\,><\':;|_~`+='

  test.each([...counted])('%s counts as a symbol', (symbol) => {
    expect(findBrokenRules(`abcdef${symbol}`, symbolOnly)).toEqual([])
  })

  test.each(['€', '£', '§', '¡', '·', '–', '“', '🔑', '\t', '\u00a0', 'é'])(
    '%j does not count as a symbol',
    (text) => {
      expect(findBrokenRules(`abc${text}def`, symbolOnly)).toEqual(['symbol'])
    },
  )

  test('a space counts as a symbol, but only inside the password', () => {
    expect(findBrokenRules('abc def', symbolOnly)).toEqual([])
    expect(findBrokenRules(' abcdef', symbolOnly)).toEqual(['symbol'])
    expect(findBrokenRules('abcdef ', symbolOnly)).toEqual(['symbol'])
  })
})

test('password policy: a rule that is switched off is not required', () => {
  const lengthOnly = { ...symbolOnly, MinimumLength: 15, RequireSymbols: false }

  expect(findBrokenRules('correct horse battery', lengthOnly)).toEqual([])
  expect(findBrokenRules('aaaaaaaaaaaaaa', lengthOnly)).toEqual(['length'])
})
