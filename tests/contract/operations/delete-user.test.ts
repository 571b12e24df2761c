import { describe, expect, test } from 'vitest'
import { callAsOwner } from '../../support/owner.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { userOperations } from '../../support/user-operations.ts'
import {
  ClientId,
  confirmUser,
  registerUser,
  requestReset,
  requireStoredUser,
  rider,
  signInUser,
  type Tokens,
} from '../../support/users.ts'
import { type Answer, contentType, expectRefusal, expectSuccess } from '../../support/wire.ts'

type Delete = (pool: TestPool, tokens: Tokens) => Promise<Answer>

const ways: readonly [string, Delete][] = [
  ['DeleteUser', (pool, { AccessToken }) => pool.call('DeleteUser', { AccessToken })],
  ['AdminDeleteUser', (pool) => callAsOwner(pool, 'AdminDeleteUser', { Username: rider.username })],
]

describe.each(ways)('%s', (_, deleteUser) => {
  test('answers with an empty body', async () => {
    const pool = await createTestPool()
    const { status, text, headers } = await deleteUser(pool, await signInUser(pool))

    expect({ status, text, type: headers.get('content-type') }).toEqual({
      status: 200,
      text: '',
      type: contentType,
    })
  })

  test.each(userOperations)('leaves no access token that %s takes', async (operation, body) => {
    const pool = await createTestPool()
    const tokens = await signInUser(pool)
    await deleteUser(pool, tokens)

    expectRefusal(await pool.call(operation, { AccessToken: tokens.AccessToken, ...body }), {
      type: 'UserNotFoundException',
      message: 'User does not exist.',
    })
  })

  test('leaves no refresh token and no password', async () => {
    const pool = await createTestPool()
    const tokens = await signInUser(pool)
    await deleteUser(pool, tokens)
    const { RefreshToken } = tokens

    expectRefusal(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }), {
      type: 'NotAuthorizedException',
      message: 'Invalid Refresh Token',
    })
    expectRefusal(await signInBySrp(pool), {
      type: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
    })
  })

  test('frees the name for somebody new, with none of the old codes and tokens', async () => {
    const pool = await createTestPool()
    const tokens = await signInUser(pool)
    const ConfirmationCode = await requestReset(pool, rider.username)
    const { sub } = requireStoredUser(pool, rider.username)
    await deleteUser(pool, tokens)
    await registerUser(pool)

    expect(requireStoredUser(pool, rider.username).sub).not.toBe(sub)
    expectRefusal(await pool.call('GetUser', { AccessToken: tokens.AccessToken }), {
      type: 'UserNotFoundException',
      message: 'User does not exist.',
    })
    expectRefusal(
      await pool.call('ConfirmForgotPassword', {
        ClientId,
        Username: rider.username,
        ConfirmationCode,
        Password: 'N3w-Passw0rd!',
      }),
      {
        type: 'ExpiredCodeException',
        message: 'Invalid code provided, please request a code again.',
      },
    )
  })

  test('leaves other users alone', async () => {
    const pool = await createTestPool()
    const other = { ...rider, username: 'other@example.com' }
    await confirmUser(pool, other)
    await deleteUser(pool, await signInUser(pool))

    expectSuccess(await signInBySrp(pool, other))
  })
})
