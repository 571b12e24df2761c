/** AWS's quotas of user pools: what the table says of each operation. */

import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import {
  findQuotaCategory,
  quotaCategories,
  quotaCategoryNames,
} from '../../../src/shared/cognito-quotas.ts'

test('quotas: the default rates are those of the developer guide', () => {
  const rates = quotaCategoryNames().map(
    (name) => `${name} ${quotaCategories[name].requestsPerSecond}`,
  )

  expect(rates).toEqual([
    ...['UserAuthentication 120', 'UserCreation 50', 'UserFederation 25', 'UserAccountRecovery 30'],
    ...['UserRead 120', 'UserUpdate 25', 'UserToken 120', 'UserResourceRead 50'],
    ...['UserResourceUpdate 25', 'UserList 30', 'UserPoolRead 15', 'UserPoolUpdate 15'],
    ...['UserPoolResourceRead 20', 'UserPoolResourceUpdate 15', 'UserPoolClientRead 15'],
    ...['UserPoolClientUpdate 15', 'ClientAuthentication 150', 'LimitManagement 1'],
  ])
})

test('quotas: six categories can be raised for money', () => {
  expect(quotaCategoryNames().filter((name) => quotaCategories[name].isAdjustable)).toEqual([
    ...['UserAuthentication', 'UserCreation', 'UserFederation', 'UserRead', 'UserToken'],
    'UserResourceRead',
  ])
})

describe('the category of an operation', () => {
  test('quotas: no operation is in two categories', () => {
    const named = quotaCategoryNames().flatMap((name): readonly string[] => [
      ...quotaCategories[name].operations,
    ])
    expect(named.filter((name, index) => named.indexOf(name) !== index)).toEqual([])
  })

  test('quotas: every operation of the local pool has one, but those that AWS names in none', () => {
    expect([...operations.keys()].filter((name) => findQuotaCategory(name) === undefined)).toEqual([
      ...['CompleteWebAuthnRegistration', 'DeleteWebAuthnCredential', 'GetUserAuthFactors'],
      ...['ListWebAuthnCredentials', 'StartWebAuthnRegistration'],
    ])
  })

  test.each([
    ['RespondToAuthChallenge', 'NEW_PASSWORD_REQUIRED', 'UserAccountRecovery'],
    ['AdminRespondToAuthChallenge', 'NEW_PASSWORD_REQUIRED', 'UserAccountRecovery'],
    ['RespondToAuthChallenge', 'PASSWORD_VERIFIER', 'UserAuthentication'],
    ['RespondToAuthChallenge', undefined, 'UserAuthentication'],
    ['SignUp', 'NEW_PASSWORD_REQUIRED', 'UserCreation'],
    ['constructor', undefined, undefined],
  ])('quotas: %s with the challenge %s draws on %s', (operation, challenge, category) => {
    expect(findQuotaCategory(operation, challenge)).toBe(category)
  })
})
