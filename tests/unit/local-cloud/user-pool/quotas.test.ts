/** The command line option --quota. */

import { describe, expect, test } from 'vitest'
import {
  awsQuotas,
  findEmailQuota,
  noQuotas,
  parseQuotas,
  toQuotaLines,
} from '../../../../src/local-cloud/user-pool/quotas.ts'
import { SettingsError } from '../../../../src/shared/settings-error.ts'

const cognitoSender = { emailSendingAccount: 'COGNITO_DEFAULT' } as const
const ownSender = { emailSendingAccount: 'DEVELOPER' } as const

describe('--quota', () => {
  test('--quota: no option is no quota', () => {
    expect(parseQuotas([])).toBe(noQuotas)
    expect(toQuotaLines({ quotas: noQuotas, settings: cognitoSender })).toEqual([])
  })

  test('--quota: aws is every default of AWS', () => {
    expect(parseQuotas(['aws'])).toEqual(awsQuotas)
    expect(awsQuotas.requestsPerSecond.get('UserAuthentication')).toBe(120)
    expect(awsQuotas.requestsPerSecond.size).toBe(18)
  })

  test('--quota: several take effect, and the last one of a name wins', () => {
    const quotas = parseQuotas(['aws', 'UserCreation=7', 'UserRead=off', 'UserCreation=8'])

    expect(quotas.requestsPerSecond.get('UserCreation')).toBe(8)
    expect(quotas.requestsPerSecond.has('UserRead')).toBe(false)
    expect(quotas.requestsPerSecond.get('UserToken')).toBe(120)
  })

  test("--quota: AWS's emails a day count for Cognito's own sender, and those that are named for any", () => {
    expect(findEmailQuota(awsQuotas, cognitoSender)).toBe(50)
    expect(findEmailQuota(awsQuotas, ownSender)).toBeUndefined()
    expect(findEmailQuota(parseQuotas(['aws', 'EmailsPerDay=3']), ownSender)).toBe(3)
    expect(findEmailQuota(parseQuotas(['aws', 'EmailsPerDay=off']), cognitoSender)).toBeUndefined()
  })

  test('--quota: the terminal says which there are', () => {
    const quotas = parseQuotas(['UserAuthentication=5', 'UserCreation=2', 'EmailsPerDay=9'])

    expect(toQuotaLines({ quotas, settings: ownSender })).toEqual([
      'Quotas   UserAuthentication 5, UserCreation 2 a second',
      'Quotas   EmailsPerDay 9',
    ])
  })
})

describe('bad input', () => {
  test.each([
    ['UserAuthentification=120', 'UserAuthentication'],
    ['userauthentication=120', 'UserAuthentication'],
    ['UserCreate=50', undefined],
    ['UserCreations=50', 'UserCreation'],
    ['EmailPerDay=50', 'EmailsPerDay'],
    ['AWS', 'aws'],
    ['SignUp=3', undefined],
    ['', undefined],
    ['=3', undefined],
    ['constructor=3', undefined],
    ['UserCreation =3', 'UserCreation'],
  ])('--quota: %j names no category, and what it may have meant is %s', (assignment, meant) => {
    const parse = () => parseQuotas([assignment])

    expect(parse).toThrow(SettingsError)
    expect(parse).toThrow(`--quota ${assignment}: expected aws, or NAME=NUMBER or NAME=off`)
    expect(parse).toThrow(/UserAuthentication, UserCreation, .*EmailsPerDay/)
    if (meant === undefined) expect(parse).not.toThrow(/did you mean/)
    else expect(parse).toThrow(`; did you mean ${meant}?`)
  })

  test.each(['', '0', '-1', '1.5', '05', 'many', '1e3', '1000000000', 'OFF', ' 5', '5 ', '=5'])(
    '--quota: %j is no number of requests',
    (written) => {
      const parse = () => parseQuotas([`UserRead=${written}`])

      expect(parse).toThrow(SettingsError)
      expect(parse).toThrow(
        `--quota UserRead=${written}: expected UserRead=NUMBER, a whole number from 1 to 999999999, or UserRead=off. For example --quota UserRead=120`,
      )
    },
  )

  test('--quota: a name alone is told the form, with a number that AWS has', () => {
    expect(() => parseQuotas(['EmailsPerDay'])).toThrow('For example --quota EmailsPerDay=50')
  })
})
