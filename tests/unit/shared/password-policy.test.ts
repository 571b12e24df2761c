import { describe, expect, test } from 'vitest'
import {
  findBrokenRules,
  type PasswordPolicy,
  passwordPolicy,
  passwordRules,
  toPasswordRulesAttribute,
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

/** Characters of the classes of the attribute's grammar. @see https://developer.apple.com/password-rules/ */
const classes: Readonly<Record<string, string>> = {
  lower: 'abcdefghijklmnopqrstuvwxyz',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  digit: '0123456789',
}

/** @returns the required classes of a value of `passwordrules`, each as its characters, and the least length */
function parsePasswordRules(value: string) {
  const rules = value
    .split(';')
    .map((rule) => rule.trim())
    .filter(Boolean)
    .map((rule) => /^(minlength|required): (\d+|lower|upper|digit|\[[^\]]+\])$/.exec(rule) ?? [])
  const required = rules.flatMap(([, name, content = '']) =>
    name === 'required' ? [classes[content] ?? content.slice(1, -1)] : [],
  )
  const length = Number(rules.find(([, name]) => name === 'minlength')?.[2])
  return { required, length }
}

describe('passwordrules', () => {
  test.each([
    ['the pool’s', passwordPolicy],
    ['one that asks for symbols alone', symbolOnly],
    ['a long one', { ...passwordPolicy, MinimumLength: 15, RequireSymbols: false }],
  ])('passwordrules: whatever a manager makes by them meets the policy, %s', (_, policy) => {
    const { required, length } = parsePasswordRules(toPasswordRulesAttribute(policy))
    expect(required).not.toEqual([])
    // Each character of each class, in a password that is as short as it may be.
    for (const [index, characters] of required.entries()) {
      for (const character of characters) {
        const firsts = required.map((others, other) => (other === index ? character : others[0]))
        const password = firsts.join('').padEnd(length, character)
        expect(findBrokenRules(password, policy), password).toEqual([])
      }
    }
  })

  test('passwordrules: they ask for nothing that the policy does not', () => {
    const policy = { ...symbolOnly, RequireSymbols: false }
    expect(toPasswordRulesAttribute(policy)).toBe('minlength: 6;')
  })
})
