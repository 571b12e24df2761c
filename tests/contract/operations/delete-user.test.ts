/** DeleteUser and AdminDeleteUser: what is left of an account that was deleted. */

import { describe, expect, test } from 'vitest'
import { accessTokenOperations } from '../../support/access-token-operations.ts'
import {
  type ApiResponse,
  contentType,
  expectError,
  expectSuccess,
} from '../../support/cognito-api.ts'
import { codeExpired, incorrectCredentials, userNotFound } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  createConfirmedUser,
  createSignedInUser,
  requestPasswordReset,
  requireStoredUser,
  rider,
  signUpUser,
  type Tokens,
} from '../../support/users.ts'

type Delete = (pool: TestPool, tokens: Tokens) => Promise<ApiResponse>

const ways: readonly [string, Delete][] = [
  ['DeleteUser', (pool, { AccessToken }) => pool.call('DeleteUser', { AccessToken })],
  ['AdminDeleteUser', (pool) => callWithIam(pool, 'AdminDeleteUser', { Username: rider.username })],
]

describe.each(ways)('deleted account: %s', (_, deleteUser) => {
  test('the response body is empty', async () => {
    const pool = await createTestPool()
    const { status, text, headers } = await deleteUser(pool, await createSignedInUser(pool))

    expect({ status, text, type: headers.get('content-type') }).toEqual({
      status: 200,
      text: '',
      type: contentType,
    })
  })

  test.each(accessTokenOperations)(
    '%s rejects the access token of the deleted user',
    async (operation, body) => {
      const pool = await createTestPool()
      const tokens = await createSignedInUser(pool)
      await deleteUser(pool, tokens)

      expectError(
        await pool.call(operation, { AccessToken: tokens.AccessToken, ...body }),
        userNotFound,
      )
    },
  )

  test('the refresh token and the password of the deleted user are rejected', async () => {
    const pool = await createTestPool()
    const tokens = await createSignedInUser(pool)
    await deleteUser(pool, tokens)
    const { RefreshToken } = tokens

    expectError(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }), {
      type: 'NotAuthorizedException',
      message: 'Invalid Refresh Token',
    })
    expectError(await signInBySrp(pool), incorrectCredentials)
  })

  test('the user name can be registered again, and old codes and tokens stay invalid', async () => {
    const pool = await createTestPool()
    const tokens = await createSignedInUser(pool)
    const ConfirmationCode = await requestPasswordReset(pool, rider.username)
    const { sub } = requireStoredUser(pool, rider.username)
    await deleteUser(pool, tokens)
    await signUpUser(pool)

    expect(requireStoredUser(pool, rider.username).sub).not.toBe(sub)
    expectError(await pool.call('GetUser', { AccessToken: tokens.AccessToken }), userNotFound)
    expectError(
      await pool.call('ConfirmForgotPassword', {
        ClientId,
        Username: rider.username,
        ConfirmationCode,
        Password: 'N3w-Passw0rd!',
      }),
      codeExpired,
    )
  })

  test('other users keep their account and their session', async () => {
    const pool = await createTestPool()
    const other = { ...rider, username: 'other@example.com' }
    await createConfirmedUser(pool, other)
    await deleteUser(pool, await createSignedInUser(pool))

    expectSuccess(await signInBySrp(pool, other))
  })
})
