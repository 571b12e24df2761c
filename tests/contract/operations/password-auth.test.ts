/** USER_PASSWORD_AUTH and the sign-ins by IAM callers, which all send the password itself. */

import { describe, expect, test } from 'vitest'
import {
  explicitAuthFlows,
  type UserPoolSettings,
} from '../../../src/local-cloud/user-pool/settings.ts'
import type { User } from '../../../src/local-cloud/user-pool/store/store.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import {
  incorrectCredentials,
  passwordResetRequired,
  userDisabled,
  userNotConfirmed,
  userNotFound,
} from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { requireChallenge, signInByPassword, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { currentTotp, enableTotpMfa, moveToMiddleOfStep } from '../../support/totp.ts'
import { ENABLED, LEGACY, userExistenceErrors } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  type Credentials,
  changeUser,
  createConfirmedUser,
  createSignedInUser,
  requireTokens,
  rider,
  signUpUser,
} from '../../support/users.ts'

const notSupported = {
  type: 'InvalidParameterException',
  message: 'Initiate Auth method not supported.',
} as const
const wrong = { ...rider, password: 'Passw0rd?' }
const ghost = { ...rider, username: 'ghost@example.com' }

const everyFlow = { explicitAuthFlows: new Set(explicitAuthFlows) } as const

const without = (flow: string) => ({
  explicitAuthFlows: new Set(explicitAuthFlows.filter((one) => one !== flow)),
})

async function createPoolWithRider(overrides: Partial<UserPoolSettings> = {}): Promise<TestPool> {
  const pool = await createTestPool({ ...everyFlow, ...overrides })
  await createConfirmedUser(pool)
  return pool
}

function initiateWithIam(
  pool: TestPool,
  AuthFlow: string,
  AuthParameters: Readonly<Record<string, string>>,
): Promise<ApiResponse> {
  return callWithIam(pool, 'AdminInitiateAuth', { ClientId, AuthFlow, AuthParameters })
}

const withIam =
  (AuthFlow: string) =>
  (pool: TestPool, { username, password }: Credentials = rider): Promise<ApiResponse> =>
    initiateWithIam(pool, AuthFlow, { USERNAME: username, PASSWORD: password })

const ways = [
  ['USER_PASSWORD_AUTH', signInByPassword],
  ['ADMIN_USER_PASSWORD_AUTH', withIam('ADMIN_USER_PASSWORD_AUTH')],
  ['ADMIN_NO_SRP_AUTH', withIam('ADMIN_NO_SRP_AUTH')],
] as const

describe.each(ways)('password sign-in: %s', (_, signIn) => {
  test('the correct password gives tokens that work', async () => {
    const pool = await createPoolWithRider()
    const { status, body } = await signIn(pool)

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        ChallengeParameters: {},
        AuthenticationResult: {
          AccessToken: expect.any(String),
          IdToken: expect.any(String),
          RefreshToken: expect.any(String),
          ExpiresIn: 3600,
          TokenType: 'Bearer',
        },
      },
    })
    const { AccessToken } = requireTokens(await signIn(pool))
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test.each(userExistenceErrors)(
    'a wrong password is rejected with PreventUserExistenceErrors %s',
    async (_mode, setting) => {
      expectError(await signIn(await createPoolWithRider(setting), wrong), incorrectCredentials)
    },
  )

  test('user enumeration: an unknown user gets the error of the PreventUserExistenceErrors mode', async () => {
    expectError(await signIn(await createPoolWithRider(ENABLED), ghost), incorrectCredentials)
    expectError(await signIn(await createPoolWithRider(LEGACY), ghost), userNotFound)
  })

  test('the user name is found in any case', async () => {
    const pool = await createPoolWithRider()

    requireTokens(await signIn(pool, { ...rider, username: 'RIDER@example.com' }))
  })

  const states: readonly [string, Partial<User>, Parameters<typeof expectError>[1]][] = [
    ['disabled', { enabled: false, status: 'UNCONFIRMED' }, userDisabled],
    ['unconfirmed', { status: 'UNCONFIRMED' }, userNotConfirmed],
    ['in RESET_REQUIRED', { status: 'RESET_REQUIRED' }, passwordResetRequired],
  ]
  test.each(states)(
    'a user who is %s is told so before the password is checked',
    async (_state, change, expectedError) => {
      const pool = await createPoolWithRider()
      changeUser(pool, rider.username, change)

      expectError(await signIn(pool), expectedError)
      expectError(await signIn(pool, wrong), expectedError)
    },
  )

  test('a temporary password leads to the NEW_PASSWORD_REQUIRED challenge', async () => {
    const pool = await createPoolWithRider()
    const Username = rider.username
    const { username, password } = { username: Username, password: 'Temp0rary!' }
    await callWithIam(pool, 'AdminSetUserPassword', { Username, Password: password })

    expectError(await signIn(pool), incorrectCredentials)
    expect(requireChallenge(await signIn(pool, { username, password })).ChallengeName).toBe(
      'NEW_PASSWORD_REQUIRED',
    )
  })
})

describe('missing AuthParameters', () => {
  test.each([
    ['USERNAME', { PASSWORD: rider.password }],
    ['PASSWORD', { USERNAME: rider.username }],
  ])('a password sign-in without %s is rejected', async (name, AuthParameters) => {
    const pool = await createPoolWithRider()
    const expectedError = {
      type: 'InvalidParameterException',
      message: `Missing required parameter ${name}`,
    } as const
    const AuthFlow = 'USER_PASSWORD_AUTH'

    expectError(
      await pool.call('InitiateAuth', { ClientId, AuthFlow, AuthParameters }),
      expectedError,
    )
    expectError(await initiateWithIam(pool, 'ADMIN_NO_SRP_AUTH', AuthParameters), expectedError)
  })
})

describe('ExplicitAuthFlows', () => {
  test.each([
    [
      'USER_PASSWORD_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'USER_PASSWORD_AUTH flow not enabled for this client',
    ],
    ['USER_SRP_AUTH', 'ALLOW_USER_SRP_AUTH', 'USER_SRP_AUTH is not enabled for the client.'],
    ['USER_AUTH', 'ALLOW_USER_AUTH', 'USER_AUTH flow not enabled for this client'],
  ])(
    'InitiateAuth: a client without permission for %s is rejected',
    async (AuthFlow, flow, message) => {
      const pool = await createPoolWithRider(without(flow))
      const { username, password } = rider
      const AuthParameters = { USERNAME: username, PASSWORD: password, SRP_A: 'a5'.repeat(384) }

      expectError(await pool.call('InitiateAuth', { ClientId, AuthFlow, AuthParameters }), {
        type: 'InvalidParameterException',
        message,
      })
    },
  )

  test.each([
    ['ADMIN_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    ['ADMIN_NO_SRP_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    ['USER_SRP_AUTH', 'ALLOW_USER_SRP_AUTH'],
    ['REFRESH_TOKEN_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  ])(
    'AdminInitiateAuth: a client without permission for %s is rejected',
    async (AuthFlow, flow) => {
      const pool = await createPoolWithRider(without(flow))
      const response = await initiateWithIam(pool, AuthFlow, {
        USERNAME: rider.username,
        PASSWORD: rider.password,
        SRP_A: 'a5'.repeat(384),
        REFRESH_TOKEN: 'any',
      })

      expect(response.body).toEqual({
        __type: 'InvalidParameterException',
        message: expect.stringMatching(/(flow not|is not) enabled for th(is|e) client\.?$/),
      })
    },
  )
})

describe('auth flow of the other operation', () => {
  test.each(['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'])(
    'InitiateAuth does not support %s',
    async (AuthFlow) => {
      const pool = await createPoolWithRider()
      const AuthParameters = { USERNAME: rider.username, PASSWORD: rider.password }

      expectError(
        await pool.call('InitiateAuth', { ClientId, AuthFlow, AuthParameters }),
        notSupported,
      )
    },
  )

  test('AdminInitiateAuth does not support USER_PASSWORD_AUTH', async () => {
    expectError(await withIam('USER_PASSWORD_AUTH')(await createPoolWithRider()), notSupported)
  })
})

describe('AdminInitiateAuth', () => {
  const srpWithIam = (pool: TestPool, credentials: Credentials = rider) =>
    signInBySrp(pool, credentials, (step, body) => callWithIam(pool, `Admin${step}`, body))

  test('USER_SRP_AUTH works with AdminInitiateAuth and AdminRespondToAuthChallenge', async () => {
    const pool = await createPoolWithRider()
    const { AccessToken } = requireTokens(await srpWithIam(pool))

    expectSuccess(await pool.call('GetUser', { AccessToken }))
    expectError(await srpWithIam(pool, wrong), incorrectCredentials)
  })

  test.each(['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'])(
    'AdminInitiateAuth accepts %s',
    async (AuthFlow) => {
      const pool = await createTestPool()
      const { RefreshToken } = await createSignedInUser(pool)
      const response = await initiateWithIam(pool, AuthFlow, { REFRESH_TOKEN: RefreshToken })
      const { AccessToken, RefreshToken: next } = requireTokens(response)

      expect(next).toBeUndefined()
      expectSuccess(await pool.call('GetUser', { AccessToken }))
    },
  )

  test('an unknown client is a ResourceNotFoundException', async () => {
    const pool = await createTestPool()
    const expectedError = {
      type: 'ResourceNotFoundException',
      message: 'User pool client nosuchclient does not exist.',
    } as const

    expectError(
      await callWithIam(pool, 'AdminInitiateAuth', {
        ClientId: 'nosuchclient',
        AuthFlow: 'ADMIN_NO_SRP_AUTH',
      }),
      expectedError,
    )
    expectError(
      await callWithIam(pool, 'AdminRespondToAuthChallenge', {
        ClientId: 'nosuchclient',
        ChallengeName: 'MFA_SETUP',
      }),
      expectedError,
    )
  })
})

describe('AdminRespondToAuthChallenge', () => {
  test('AdminRespondToAuthChallenge sets the new password of an invited user', async () => {
    const pool = await createTestPool(everyFlow)
    const [Username, TemporaryPassword] = ['rider', 'Temp0rary!']
    await callWithIam(pool, 'AdminCreateUser', { Username, TemporaryPassword })
    const { ChallengeName, Session } = requireChallenge(
      await withIam('ADMIN_USER_PASSWORD_AUTH')(pool, {
        username: Username,
        password: TemporaryPassword,
      }),
    )

    requireTokens(
      await callWithIam(pool, 'AdminRespondToAuthChallenge', {
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: rider.password },
      }),
    )
    requireTokens(await signInByPassword(pool, { ...rider, username: Username }))
  })

  test('AdminRespondToAuthChallenge accepts a TOTP code after USER_PASSWORD_AUTH', async () => {
    const pool = await createTestPool({ ...everyFlow, mfaConfiguration: 'OPTIONAL' })
    moveToMiddleOfStep(pool.clock)
    const { AccessToken } = await createSignedInUser(pool)
    const secret = await enableTotpMfa(pool, AccessToken)
    pool.clock.shiftWallClock(30)
    const { ChallengeName, Session } = requireChallenge(await signInByPassword(pool))

    requireTokens(
      await callWithIam(pool, 'AdminRespondToAuthChallenge', {
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: {
          USERNAME: rider.username,
          SOFTWARE_TOKEN_MFA_CODE: currentTotp(secret, pool),
        },
      }),
    )
  })
})

test('account status: an unconfirmed user with a wrong password is told UserNotConfirmedException', async () => {
  const pool = await createTestPool(everyFlow)
  await signUpUser(pool)

  expectError(await signInByPassword(pool, wrong), userNotConfirmed)
})
