/** Sign-ins that send the password itself, and all of them by the hand of the pool's owner. */

import { describe, expect, test } from 'vitest'
import {
  explicitAuthFlows,
  type UserPoolSettings,
} from '../../../src/local-cloud/user-pool/settings.ts'
import type { User } from '../../../src/local-cloud/user-pool/store/store.ts'
import { ENABLED, existenceErrors, LEGACY } from '../../support/existence-errors.ts'
import { callAsOwner } from '../../support/owner.ts'
import { requireChallenge, signInByPassword, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { codeOf, settleMidStep, switchOnApp } from '../../support/totp.ts'
import {
  ClientId,
  type Credentials,
  changeUser,
  confirmUser,
  registerUser,
  requireTokens,
  rider,
  signInUser,
} from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess } from '../../support/wire.ts'

const incorrect = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
} as const
const unknown = { type: 'UserNotFoundException', message: 'User does not exist.' } as const
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
  await confirmUser(pool)
  return pool
}

function initiateAsOwner(
  pool: TestPool,
  AuthFlow: string,
  AuthParameters: Readonly<Record<string, string>>,
): Promise<Answer> {
  return callAsOwner(pool, 'AdminInitiateAuth', { ClientId, AuthFlow, AuthParameters })
}

const asOwner =
  (AuthFlow: string) =>
  (pool: TestPool, { username, password }: Credentials = rider): Promise<Answer> =>
    initiateAsOwner(pool, AuthFlow, { USERNAME: username, PASSWORD: password })

const ways = [
  ['USER_PASSWORD_AUTH', signInByPassword],
  ['ADMIN_USER_PASSWORD_AUTH', asOwner('ADMIN_USER_PASSWORD_AUTH')],
  ['ADMIN_NO_SRP_AUTH', asOwner('ADMIN_NO_SRP_AUTH')],
] as const

describe.each(ways)('%s', (_, signIn) => {
  test('answers the right password with tokens that work', async () => {
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

  test.each(existenceErrors)('refuses a wrong password, under %s', async (_mode, setting) => {
    expectRefusal(await signIn(await createPoolWithRider(setting), wrong), incorrect)
  })

  test('says of an unknown user what the setting says', async () => {
    expectRefusal(await signIn(await createPoolWithRider(ENABLED), ghost), incorrect)
    expectRefusal(await signIn(await createPoolWithRider(LEGACY), ghost), unknown)
  })

  test('finds the user by the name in other letters', async () => {
    const pool = await createPoolWithRider()

    requireTokens(await signIn(pool, { ...rider, username: 'RIDER@example.com' }))
  })

  const states: readonly [string, Partial<User>, Parameters<typeof expectRefusal>[1]][] = [
    [
      'disabled',
      { enabled: false, status: 'UNCONFIRMED' },
      { type: 'NotAuthorizedException', message: 'User is disabled.' },
    ],
    [
      'unconfirmed',
      { status: 'UNCONFIRMED' },
      { type: 'UserNotConfirmedException', message: 'User is not confirmed.' },
    ],
    [
      'in need of a reset',
      { status: 'RESET_REQUIRED' },
      {
        type: 'PasswordResetRequiredException',
        message: 'Password reset required for the user',
      },
    ],
  ]
  test.each(states)(
    'tells a user who is %s, whatever the password',
    async (_state, change, refusal) => {
      const pool = await createPoolWithRider()
      changeUser(pool, rider.username, change)

      expectRefusal(await signIn(pool), refusal)
      expectRefusal(await signIn(pool, wrong), refusal)
    },
  )

  test('goes on to the challenge that is next', async () => {
    const pool = await createPoolWithRider()
    const Username = rider.username
    const { username, password } = { username: Username, password: 'Temp0rary!' }
    await callAsOwner(pool, 'AdminSetUserPassword', { Username, Password: password })

    expectRefusal(await signIn(pool), incorrect)
    expect(requireChallenge(await signIn(pool, { username, password })).ChallengeName).toBe(
      'NEW_PASSWORD_REQUIRED',
    )
  })
})

describe('parameters', () => {
  test.each([
    ['USERNAME', { PASSWORD: rider.password }],
    ['PASSWORD', { USERNAME: rider.username }],
  ])('without %s are refused', async (name, AuthParameters) => {
    const pool = await createPoolWithRider()
    const refusal = {
      type: 'InvalidParameterException',
      message: `Missing required parameter ${name}`,
    } as const
    const AuthFlow = 'USER_PASSWORD_AUTH'

    expectRefusal(await pool.call('InitiateAuth', { ClientId, AuthFlow, AuthParameters }), refusal)
    expectRefusal(await initiateAsOwner(pool, 'ADMIN_NO_SRP_AUTH', AuthParameters), refusal)
  })
})

describe('a flow that the client does not allow is refused in its own words', () => {
  test.each([
    [
      'USER_PASSWORD_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'USER_PASSWORD_AUTH flow not enabled for this client',
    ],
    ['USER_SRP_AUTH', 'ALLOW_USER_SRP_AUTH', 'USER_SRP_AUTH is not enabled for the client.'],
    ['USER_AUTH', '', 'USER_AUTH flow not enabled for this client'],
  ])('%s', async (AuthFlow, flow, message) => {
    const pool = await createPoolWithRider(without(flow))
    const { username, password } = rider
    const AuthParameters = { USERNAME: username, PASSWORD: password, SRP_A: 'a5'.repeat(384) }

    expectRefusal(await pool.call('InitiateAuth', { ClientId, AuthFlow, AuthParameters }), {
      type: 'InvalidParameterException',
      message,
    })
  })

  test.each([
    ['ADMIN_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    ['ADMIN_NO_SRP_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    ['USER_SRP_AUTH', 'ALLOW_USER_SRP_AUTH'],
    ['REFRESH_TOKEN_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  ])('%s of the owner', async (AuthFlow, flow) => {
    const pool = await createPoolWithRider(without(flow))
    const answer = await initiateAsOwner(pool, AuthFlow, {
      USERNAME: rider.username,
      PASSWORD: rider.password,
      SRP_A: 'a5'.repeat(384),
      REFRESH_TOKEN: 'any',
    })

    expect(answer.body).toEqual({
      __type: 'InvalidParameterException',
      message: expect.stringMatching(/(flow not|is not) enabled for th(is|e) client\.?$/),
    })
  })
})

describe('a flow by the wrong door is no method there', () => {
  test.each(['ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'])(
    '%s by InitiateAuth',
    async (AuthFlow) => {
      const pool = await createPoolWithRider()
      const AuthParameters = { USERNAME: rider.username, PASSWORD: rider.password }

      expectRefusal(
        await pool.call('InitiateAuth', { ClientId, AuthFlow, AuthParameters }),
        notSupported,
      )
    },
  )

  test('USER_PASSWORD_AUTH by AdminInitiateAuth', async () => {
    expectRefusal(await asOwner('USER_PASSWORD_AUTH')(await createPoolWithRider()), notSupported)
  })
})

describe('AdminInitiateAuth', () => {
  const srpAsOwner = (pool: TestPool, credentials: Credentials = rider) =>
    signInBySrp(pool, credentials, (step, body) => callAsOwner(pool, `Admin${step}`, body))

  test('takes USER_SRP_AUTH, and AdminRespondToAuthChallenge the proof', async () => {
    const pool = await createPoolWithRider()
    const { AccessToken } = requireTokens(await srpAsOwner(pool))

    expectSuccess(await pool.call('GetUser', { AccessToken }))
    expectRefusal(await srpAsOwner(pool, wrong), incorrect)
  })

  test.each(['REFRESH_TOKEN_AUTH', 'REFRESH_TOKEN'])('takes %s', async (AuthFlow) => {
    const pool = await createTestPool()
    const { RefreshToken } = await signInUser(pool)
    const answer = await initiateAsOwner(pool, AuthFlow, { REFRESH_TOKEN: RefreshToken })
    const { AccessToken, RefreshToken: next } = requireTokens(answer)

    expect(next).toBeUndefined()
    expectSuccess(await pool.call('GetUser', { AccessToken }))
  })

  test('names an unknown client', async () => {
    const pool = await createTestPool()
    const refusal = {
      type: 'ResourceNotFoundException',
      message: 'User pool client nosuchclient does not exist.',
    } as const

    expectRefusal(
      await callAsOwner(pool, 'AdminInitiateAuth', {
        ClientId: 'nosuchclient',
        AuthFlow: 'ADMIN_NO_SRP_AUTH',
      }),
      refusal,
    )
    expectRefusal(
      await callAsOwner(pool, 'AdminRespondToAuthChallenge', {
        ClientId: 'nosuchclient',
        ChallengeName: 'MFA_SETUP',
      }),
      refusal,
    )
  })
})

describe('AdminRespondToAuthChallenge', () => {
  test('sets the new password of a first sign-in', async () => {
    const pool = await createTestPool(everyFlow)
    const [Username, TemporaryPassword] = ['rider', 'Temp0rary!']
    await callAsOwner(pool, 'AdminCreateUser', { Username, TemporaryPassword })
    const { ChallengeName, Session } = requireChallenge(
      await asOwner('ADMIN_USER_PASSWORD_AUTH')(pool, {
        username: Username,
        password: TemporaryPassword,
      }),
    )

    requireTokens(
      await callAsOwner(pool, 'AdminRespondToAuthChallenge', {
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: rider.password },
      }),
    )
    requireTokens(await signInByPassword(pool, { ...rider, username: Username }))
  })

  test('takes the code of an app, after the password of a client that sends it', async () => {
    const pool = await createTestPool({ ...everyFlow, mfaConfiguration: 'OPTIONAL' })
    settleMidStep(pool.clock)
    const { AccessToken } = await signInUser(pool)
    const secret = await switchOnApp(pool, AccessToken)
    pool.clock.shiftWallClock(30)
    const { ChallengeName, Session } = requireChallenge(await signInByPassword(pool))

    requireTokens(
      await callAsOwner(pool, 'AdminRespondToAuthChallenge', {
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: {
          USERNAME: rider.username,
          SOFTWARE_TOKEN_MFA_CODE: codeOf(secret, pool),
        },
      }),
    )
  })
})

test('an unconfirmed user is told so before a wrong password is', async () => {
  const pool = await createTestPool(everyFlow)
  await registerUser(pool)

  expectRefusal(await signInByPassword(pool, wrong), {
    type: 'UserNotConfirmedException',
    message: 'User is not confirmed.',
  })
})
