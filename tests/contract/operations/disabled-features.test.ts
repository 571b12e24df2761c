/** GetUserAuthFactors, and device tracking, which this pool lacks. */

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

describe('device tracking, which this pool does not support', () => {
  const operations = [
    'ConfirmDevice',
    'ForgetDevice',
    'GetDevice',
    'ListDevices',
    'UpdateDeviceStatus',
  ]
  test.each(operations)('%s is rejected', async (operation) => {
    const pool = await createTestPool()
    const { AccessToken } = await createSignedInUser(pool)
    const { status, body } = await pool.call(operation, { AccessToken })

    expect({ status, body }).toMatchObject({
      status: 400,
      body: { __type: 'InvalidParameterException' },
    })
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
