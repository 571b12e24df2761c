/** GetUserAuthFactors, and the features that this pool lacks: passkeys and device tracking. */

import { describe, expect, test } from 'vitest'
import { expectError } from '../../support/cognito-api.ts'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool } from '../../support/test-pool.ts'
import {
  createConfirmedUser,
  createSignedInUser,
  requireStoredUser,
  rider,
} from '../../support/users.ts'

const Username = rider.username

describe('GetUserAuthFactors', () => {
  test('GetUserAuthFactors returns the canonical user name and PASSWORD', async () => {
    const pool = await createTestPool({ usernameModel: 'email' })
    const { AccessToken } = await createSignedInUser(pool)
    const { body } = await pool.call('GetUserAuthFactors', { AccessToken })

    expect(body).toEqual({
      Username: requireStoredUser(pool, Username).sub,
      ConfiguredUserAuthFactors: ['PASSWORD'],
    })
  })
})

describe('passkeys and device tracking, which this pool does not support', () => {
  const passkeys = [
    'StartWebAuthnRegistration',
    'CompleteWebAuthnRegistration',
    'ListWebAuthnCredentials',
    'DeleteWebAuthnCredential',
  ]
  const devices = [
    'ConfirmDevice',
    'ForgetDevice',
    'GetDevice',
    'ListDevices',
    'UpdateDeviceStatus',
  ]
  const operations = [
    ...passkeys.map((operation) => [operation, 'WebAuthnNotEnabledException'] as const),
    ...devices.map((operation) => [operation, 'InvalidParameterException'] as const),
  ]
  test.each(operations)('%s is rejected with %s', async (operation, __type) => {
    const pool = await createTestPool()
    const { AccessToken } = await createSignedInUser(pool)
    const { status, body } = await pool.call(operation, { AccessToken })

    expect({ status, body }).toMatchObject({ status: 400, body: { __type } })
  })

  test.each(operations)('%s checks the access token first', async (operation) => {
    const pool = await createTestPool()

    expectError(await pool.call(operation, { AccessToken: 'nonsense' }), {
      type: 'NotAuthorizedException',
      message: 'Invalid Access Token',
    })
  })

  test('device tracking: a sign-in returns no NewDeviceMetadata', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)

    expect((await signInBySrp(pool)).text).not.toContain('NewDeviceMetadata')
  })
})
