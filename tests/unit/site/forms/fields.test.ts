import { describe, expect, test } from 'vitest'
import { readCode } from '../../../../src/site/forms/code-field.ts'
import { readEmail } from '../../../../src/site/forms/email-field.ts'
import { readAccountEmail, readPassword, readUsername } from '../../../../src/site/forms/fields.ts'
import {
  createConfirmationReader,
  createReplacementReader,
  readNewPassword,
} from '../../../../src/site/forms/new-password-field.ts'

/** As much of an input as a reader looks at. */
function typed(value: string): HTMLInputElement {
  // The readers take `value` and nothing else from the element.
  return { value } as HTMLInputElement
}

describe('email field', () => {
  test.each([
    [' rider@example.com ', 'rider@example.com'],
    ['Rider+Tag@Example.com', 'Rider+Tag@Example.com'],
    ["o'hara@example.com", "o'hara@example.com"],
    ['jürgen@example.com', 'jürgen@example.com'],
    ['rider@bücher.example', 'rider@xn--bcher-kva.example'],
    ['rider@xn--bcher-kva.example', 'rider@xn--bcher-kva.example'],
    ['\u200brider\u2060@exam\u00adple.com', 'rider@example.com'],
    ['\u202arider@example.com\u202c', 'rider@example.com'],
    ['\ufeffrider@example.com', 'rider@example.com'],
    ['mailto:rider@example.com', 'rider@example.com'],
    ['MAILTO:rider@example.com?subject=Hi', 'rider@example.com'],
    ['<rider@example.com>', 'rider@example.com'],
    ['Ada Rider <rider@example.com>', 'rider@example.com'],
    ['"Rider, Ada" <rider@example.com>,', 'rider@example.com'],
    ['<mailto:rider@example.com>', 'rider@example.com'],
    ['rider@example.com.', 'rider@example.com'],
    ['rider@example.com,', 'rider@example.com'],
    ['rider@example.com;', 'rider@example.com'],
    ['“rider@example.com”', 'rider@example.com'],
    ['(rider@example.com)', 'rider@example.com'],
    [`${'x'.repeat(64)}@example.com`, `${'x'.repeat(64)}@example.com`],
  ])('reads %j as %j, on every page', (value, email) => {
    expect(readEmail(typed(value))).toEqual({ value: email })
    expect(readUsername(typed(value))).toEqual({ value: email })
    expect(readAccountEmail(typed(value))).toEqual({ value: email })
  })

  test.each([
    '',
    '   ',
    '\u200b',
    'rider',
    'rider@',
    '@example.com',
    'a b@example.com',
    'a@b@c',
    'rider@example',
    'rider@.example.com',
    'rider@example..com',
    'rider@-example.com',
    'rider@example-.com',
    'rider@exam_ple.com',
    '.rider@example.com',
    'rider.@example.com',
    'ri..der@example.com',
    'o’brien@example.com',
    'rider@example.com, ada@example.com',
    `${'x'.repeat(65)}@example.com`,
  ])('%j is not an email address', (value) => {
    expect(readEmail(typed(value))).toHaveProperty('problem')
  })

  test('a user name without an at sign keeps its punctuation', () => {
    expect(readUsername(typed(' ada.'))).toEqual({ value: 'ada.' })
    expect(readUsername(typed('mailto:ada'))).toEqual({ value: 'mailto:ada' })
  })

  test('international domain: the same user name on every page', () => {
    for (const value of ['rider@bücher.example', ' Rider@Example.com']) {
      expect(readUsername(typed(value))).toEqual(readEmail(typed(value)))
      expect(readAccountEmail(typed(value))).toEqual(readEmail(typed(value)))
    }
    expect(readUsername(typed('alice'))).toEqual({ value: 'alice' })
    expect(readUsername(typed(' '))).toEqual({ problem: 'Enter your email or username' })
    expect(readAccountEmail(typed(' '))).toEqual({ problem: 'Enter your email address' })
  })
})

test.each([
  ['12 34-56', { value: '123456' }],
  ['１２３４５６\n', { value: '123456' }],
  ['\u200b123456', { value: '123456' }],
  ['12345', { problem: 'Enter the code as 6 digits' }],
  ['abcdef', { problem: 'Enter the code as 6 digits' }],
  [' ', { problem: 'Enter the 6-digit code' }],
])('code field: reads %j as %j', (value, reading) => {
  expect(readCode(typed(value))).toEqual(reading)
})

const passwords = [
  'Unicorn-1234',
  'Caf\u00e9-1234',
  'Cafe\u0301-1234',
  'Uni corn 🦄1',
  `Aa1"'\`<b>&amp;`,
  `Aa1!${'x'.repeat(60)}`,
  `Aa1!${'x'.repeat(252)}`,
]

test.each(passwords)('new password field: reads %j as NFC, otherwise unchanged', (value) => {
  expect(readNewPassword(typed(value))).toEqual({ value: value.normalize('NFC') })
})

test.each([
  ['PA\u030angstr\u00f6m-12', 'P\u00c5ngstr\u00f6m-12'],
  ['Pa\u1100\u1161-1234', 'Pa\uac00-1234'],
  ['Pa\u212b-1234', 'Pa\u00c5-1234'],
])('new password field: %j and %j are one password', (one, other) => {
  expect(readNewPassword(typed(one))).toEqual(readNewPassword(typed(other)))
  const confirm = createConfirmationReader(typed(one))
  expect(confirm(typed(other))).toHaveProperty('value')
  const replacement = createReplacementReader(() => one)
  expect(replacement(typed(other))).toEqual({
    problem: 'This is the same as your current password. Choose another one',
  })
})

test('confirm password field: another password is named by both labels', () => {
  expect(createConfirmationReader(typed('Unicorn-1234'))(typed('Unicorn-1235'))).toEqual({
    problem: "Password and Confirm password don't match",
  })
})

const symbols = '^ $ * . [ ] { } ( ) ? - " ! @ # % & / \\ , > < \' : ; | _ ~ ` + ='

test.each([
  ['Unicorn€1234', `a symbol such as ! or #. Not counted here: €. Use ${symbols}`],
  ['Unicorn£§1234£', `a symbol such as ! or #. Not counted here: £ §. Use ${symbols}`],
  ['Unicorn–1234', `a symbol such as ! or #. Not counted here: –. Use ${symbols}`],
  ['Unicorn🦄1234', `a symbol such as ! or #. Not counted here: 🦄. Use ${symbols}`],
  ['Unicorn-١٢٣٤', 'a number. Not counted here: ١ ٢ ٣ ٤. Use 0 to 9'],
  ['Éunicorn-1234', 'an uppercase letter. Not counted here: É. Use A to Z'],
  ['E\u0301unicorn-1234', 'an uppercase letter. Not counted here: É. Use A to Z'],
  ['ÜNICÖRN-ß1234', 'a lowercase letter. Not counted here: ß. Use a to z'],
  ['Unicorn1234', 'a symbol such as ! or #'],
  ['Unicorn é1', undefined],
])('new password field: what %j lacks is said, and what in it does not count', (value, rest) => {
  expect(readNewPassword(typed(value))).toEqual(
    rest ? { problem: `Choose a password with ${rest}` } : { value },
  )
})

test.each(passwords)('password field: reads %j unchanged', (value) => {
  expect(readPassword(typed(value))).toEqual({ value })
})

test.each([
  ' Unicorn-1234',
  'Unicorn-1234 ',
  ' ',
  '\u00a0Unicorn-1234',
  'Unicorn-1234\t',
  'Unicorn-1234\u3000',
])('password field: %j has a space at an edge, which is named and not sent', (value) => {
  expect(readPassword(typed(value))).toEqual({
    problem: 'Your password has a space at its start or end. Remove the space',
  })
})
