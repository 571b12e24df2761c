/** ChangePassword: the previous password, the password policy and what happens to sessions. */

import { describe, expect, test } from 'vitest'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { incorrectCredentials } from '../../support/cognito-errors.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, createSignedInUser, rider } from '../../support/users.ts'

const next = { ...rider, password: 'N3w-Passw0rd!' }

function changePassword(
  pool: TestPool,
  AccessToken: string,
  change: { PreviousPassword?: string; ProposedPassword?: string | null } = {},
): Promise<ApiResponse> {
  return pool.call('ChangePassword', {
    AccessToken,
    PreviousPassword: rider.password,
    ProposedPassword: next.password,
    ...change,
  })
}

describe('ChangePassword with the correct previous password', () => {
  test('ChangePassword: the new password signs in and the old one no longer does', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await createSignedInUser(pool)
    const { status, body } = await changePassword(pool, AccessToken)

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expectError(await signInBySrp(pool, rider), incorrectCredentials)
    expectSuccess(await signInBySrp(pool, next))
  })

  test('ChangePassword keeps the access token and the refresh token valid', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await createSignedInUser(pool)
    await changePassword(pool, AccessToken)

    expectSuccess(await pool.call('GetUser', { AccessToken }))
    expectSuccess(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }))
  })
})

test('ChangePassword with a wrong previous password changes nothing', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await createSignedInUser(pool)

  expectError(
    await changePassword(pool, AccessToken, { PreviousPassword: 'Passw0rd?' }),
    incorrectCredentials,
  )
  expectSuccess(await signInBySrp(pool, rider))
})

describe('ChangePassword and the password policy', () => {
  test.each([
    ['N3w-Pa!', 'Password not long enough'],
    ['N3W-PASSW0RD!', 'Password must have lowercase characters'],
    ['n3w-passw0rd!', 'Password must have uppercase characters'],
    ['New-Password!', 'Password must have numeric characters'],
    ['N3wPassw0rd', 'Password must have symbol characters'],
    [' N3w-Passw0rd!', 'Password must satisfy regular expression pattern: ^\\S.*\\S$'],
    ['N3w-Passw0rd! ', 'Password must satisfy regular expression pattern: ^\\S.*\\S$'],
  ])(
    'password policy: %j is rejected with the first rule it breaks',
    async (ProposedPassword, problem) => {
      const pool = await createTestPool()
      const { AccessToken } = await createSignedInUser(pool)

      expectError(await changePassword(pool, AccessToken, { ProposedPassword }), {
        type: 'InvalidPasswordException',
        message: `Password does not conform to policy: ${problem}`,
      })
      expectSuccess(await signInBySrp(pool, rider))
    },
  )

  test('ChangePassword checks the previous password before the policy', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await createSignedInUser(pool)
    const change = { PreviousPassword: 'Passw0rd?', ProposedPassword: 'password' }

    expectError(await changePassword(pool, AccessToken, change), incorrectCredentials)
  })
})

test.each([
  ['N3w!', 'Value at', 'Member must have length greater than or equal to 6'],
  [`N3w!${'x'.repeat(253)}`, 'Value at', 'Member must have length less than or equal to 256'],
  [null, 'Value null at', 'Member must not be null'],
])(
  'ChangePassword validation: the proposed password %j is rejected for its length',
  async (ProposedPassword, what, why) => {
    const pool = await createTestPool()
    const { AccessToken } = await createSignedInUser(pool)

    expectError(await changePassword(pool, AccessToken, { ProposedPassword }), {
      type: 'InvalidParameterException',
      message: `1 validation error detected: ${what} 'proposedPassword' failed to satisfy constraint: ${why}`,
    })
  },
)

test('ChangePassword with an ID token changes nothing', async () => {
  const pool = await createTestPool()
  const { IdToken } = await createSignedInUser(pool)

  expectError(await changePassword(pool, IdToken), {
    type: 'NotAuthorizedException',
    message: 'Invalid Access Token',
  })
  expectSuccess(await signInBySrp(pool, rider))
})
