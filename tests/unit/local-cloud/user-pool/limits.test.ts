/** The command line option --limit. */

import { describe, expect, test } from 'vitest'
import {
  cognitoLimits,
  limitedOperations,
  noLimits,
  parseLimits,
} from '../../../../src/local-cloud/user-pool/limits.ts'
import { SettingsError } from '../../../../src/shared/settings-error.ts'

describe('one --limit option', () => {
  test.each([
    ['SignIn=3', { failedSignIns: 3 }],
    ['SignIn=off', { failedSignIns: undefined }],
    ['sign-up-code=60', { codeSeconds: { ...cognitoLimits.codeSeconds, 'sign-up': 60 } }],
    ['attribute-code=1', { codeSeconds: { ...cognitoLimits.codeSeconds, attribute: 1 } }],
    [
      'password-reset-code=999999999',
      { codeSeconds: { ...cognitoLimits.codeSeconds, 'password-reset': 999_999_999 } },
    ],
  ])('--limit: %s changes one limit and no other', (assignment, change) => {
    expect(parseLimits([assignment], cognitoLimits)).toEqual({ ...cognitoLimits, ...change })
  })

  test.each(limitedOperations)(
    '--limit: the calls of %s can be limited and unlimited',
    (operation) => {
      const toLimits = (limit: number | undefined) => ({
        ...cognitoLimits,
        callsPerHour: { ...cognitoLimits.callsPerHour, [operation]: limit },
      })

      expect(parseLimits([`${operation}=42`], cognitoLimits)).toEqual(toLimits(42))
      expect(parseLimits([`${operation}=off`], cognitoLimits)).toEqual(toLimits(undefined))
    },
  )

  test.each([
    ...['', 'SignIn', 'SignIn=', '=3', 'SignIn=0', 'SignIn=-1', 'SignIn=1.5', 'SignIn=03'],
    ...['SignIn=OFF', 'signin=3', 'SignIn=3 ', 'SignIn = 3', 'SignIn=1000000000', 'SignUp=3'],
    ...['sign-up-code=off', 'sign-up=60', 'toString=3', '__proto__=3', 'SignIn=3,ConfirmSignUp=4'],
  ])('--limit: %j is rejected with what was written and what is possible', (assignment) => {
    const parse = () => parseLimits([assignment], cognitoLimits)

    expect(parse).toThrow(SettingsError)
    expect(parse).toThrow(`--limit ${assignment}`)
    expect(parse).toThrow(/SignIn, ChangePassword, .*sign-up-code, .*For example --limit/s)
  })
})

describe('several --limit options', () => {
  test('--limit: all of them take effect and the last one of a name wins', () => {
    const limits = parseLimits(['SignIn=2', 'ForgotPassword=9', 'SignIn=3'], cognitoLimits)

    expect(limits.failedSignIns).toBe(3)
    expect(limits.callsPerHour.ForgotPassword).toBe(9)
  })

  test('--limit: single limits can be set again after all were switched off', () => {
    const { callsPerHour, ...rest } = parseLimits(['ConfirmSignUp=3'], noLimits)

    expect(callsPerHour).toEqual({ ...noLimits.callsPerHour, ConfirmSignUp: 3 })
    expect(rest).toEqual({ failedSignIns: undefined, codeSeconds: noLimits.codeSeconds })
  })

  test('--limit: no option changes nothing', () => {
    expect(parseLimits([], cognitoLimits)).toBe(cognitoLimits)
  })
})
