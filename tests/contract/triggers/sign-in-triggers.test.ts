/** PreAuthentication, PostAuthentication and UserMigration. */

import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import type { TriggerHandlers } from '../../../src/local-cloud/user-pool/triggers/trigger-events.ts'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { phone, withSmsMfa } from '../../support/phones.ts'
import {
  answerChallenge,
  preparePasswordVerifier,
  requireChallenge,
  signInByPassword,
  signInBySrp,
} from '../../support/sign-in.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { recordTrigger } from '../../support/triggers.ts'
import {
  ClientId,
  createConfirmedUser,
  latestCodeFor,
  requireStoredUser,
  rider,
} from '../../support/users.ts'

const incorrect = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
} as const
const explicitAuthFlows: UserPoolSettings['explicitAuthFlows'] = new Set([
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
])

async function createPool(triggers: TriggerHandlers, overrides: Partial<UserPoolSettings> = {}) {
  return createTestPool({ explicitAuthFlows, ...overrides }, { triggers })
}

describe('PreAuthentication', () => {
  test("PreAuthentication gets Cognito's event, with ClientMetadata as validationData", async () => {
    const { events, handler } = recordTrigger('PreAuthentication')
    const pool = await createPool({ PreAuthentication: handler })
    await createConfirmedUser(pool)
    expectSuccess(
      await pool.call('InitiateAuth', {
        ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: rider.username, PASSWORD: rider.password },
        ClientMetadata: { device: 'phone' },
      }),
    )

    expect(events).toMatchObject([
      {
        version: '1',
        triggerSource: 'PreAuthentication_Authentication',
        userName: rider.username,
        callerContext: { clientId: ClientId },
        request: {
          userAttributes: { 'cognito:user_status': 'CONFIRMED', email: rider.username },
          validationData: { device: 'phone' },
          userNotFound: false,
        },
      },
    ])
    expect(events[0]?.request).not.toHaveProperty('clientMetadata')
  })

  // Measured on AWS: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-authentication.html
  // and a public table of fourteen cases.
  test.each([
    ['the right password', rider, false],
    ['a wrong password', { ...rider, password: 'Wr0ng-Passw0rd!' }, false],
    ['the name of nobody', { ...rider, username: 'nobody@example.com' }, true],
  ])(
    'PreAuthentication is asked once with %s, and may refuse',
    async (_, credentials, userNotFound) => {
      const { events, handler } = recordTrigger('PreAuthentication', () => {
        throw new Error('LOCKED')
      })
      const pool = await createPool({ PreAuthentication: handler })
      await createConfirmedUser(pool)

      expectError(await signInByPassword(pool, credentials), {
        type: 'UserLambdaValidationException',
        message: 'PreAuthentication failed with error LOCKED.',
      })
      expect(events.map(({ request }) => request.userNotFound)).toEqual([userNotFound])
    },
  )

  test('PreAuthentication is not asked about a request without a password', async () => {
    const { events, handler } = recordTrigger('PreAuthentication')
    const pool = await createPool({ PreAuthentication: handler })
    await signInByPassword(pool, { ...rider, password: '' })

    expect(events).toEqual([])
  })

  test('PreAuthentication of a LEGACY client is not told who is not there', async () => {
    const { events, handler } = recordTrigger('PreAuthentication')
    const pool = await createPool(
      { PreAuthentication: handler },
      { preventsUserExistenceErrors: false },
    )
    await createConfirmedUser(pool)
    await signInByPassword(pool, { ...rider, username: 'nobody@example.com' })
    await signInBySrp(pool)

    expect(events.map(({ request }) => request)).toMatchObject([{ validationData: null }])
    expect(events[0]?.request).not.toHaveProperty('userNotFound')
  })

  test('PreAuthentication is asked when SRP starts, and not at a refresh', async () => {
    const { events, handler } = recordTrigger('PreAuthentication')
    const pool = await createPool({ PreAuthentication: handler })
    await createConfirmedUser(pool)
    const signedIn = await signInBySrp(pool)
    expectSuccess(signedIn)
    expect(events).toHaveLength(1)
    const { RefreshToken } = Object(signedIn.body.AuthenticationResult)
    expectSuccess(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }))

    expect(events).toHaveLength(1)
  })

  test('PreAuthentication: wrong passwords count towards the lockout all the same', async () => {
    const { handler } = recordTrigger('PreAuthentication')
    const pool = await createPool({ PreAuthentication: handler })
    await createConfirmedUser(pool)
    for (let failures = 0; failures < 5; failures++) {
      expectError(
        await signInByPassword(pool, { ...rider, password: 'Wr0ng-Passw0rd!' }),
        incorrect,
      )
    }

    expectError(await signInByPassword(pool), {
      type: 'NotAuthorizedException',
      message: 'Password attempts exceeded',
    })
  })
})

describe('PostAuthentication', () => {
  test('PostAuthentication comes after the proof of SRP, with the ClientMetadata of that response', async () => {
    const { events, handler } = recordTrigger('PostAuthentication')
    const pool = await createPool({ PostAuthentication: handler })
    await createConfirmedUser(pool)
    const answer = await preparePasswordVerifier(pool)
    expect(events).toEqual([])
    expectSuccess(
      await pool.call('RespondToAuthChallenge', { ...answer, ClientMetadata: { page: 'ride' } }),
    )

    expect(events).toMatchObject([
      {
        triggerSource: 'PostAuthentication_Authentication',
        userName: rider.username,
        request: {
          userAttributes: { 'cognito:user_status': 'CONFIRMED' },
          newDeviceUsed: false,
          clientMetadata: { page: 'ride' },
        },
      },
    ])
  })

  test('PostAuthentication that throws gives no tokens, and the same proof is good for a second try', async () => {
    let isBroken = true
    const pool = await createPool({
      PostAuthentication: async (event) => {
        if (isBroken) throw new Error('audit log is down')
        return event
      },
    })
    await createConfirmedUser(pool)
    const answer = await preparePasswordVerifier(pool)

    expectError(await pool.call('RespondToAuthChallenge', answer), {
      type: 'UserLambdaValidationException',
      message: 'PostAuthentication failed with error audit log is down.',
    })
    const { sub } = requireStoredUser(pool, rider.username)
    expect(pool.store.listSessionsOf(sub, 10)).toEqual([])
    isBroken = false
    expectSuccess(await pool.call('RespondToAuthChallenge', answer))
    expect(pool.store.listSessionsOf(sub, 10)).toHaveLength(1)
  })

  test('PostAuthentication may write to its user: it is asked once, and the tokens have what it wrote', async () => {
    let calls = 0
    const pool = await createPool({
      PostAuthentication: async (event) => {
        calls++
        const nickname = { Name: 'nickname', Value: `call ${calls}` }
        const user = { Username: event.userName, UserAttributes: [nickname] }
        expectSuccess(await callWithIam(pool, 'AdminUpdateUserAttributes', user))
        return event
      },
    })
    await createConfirmedUser(pool)
    const signedIn = await signInByPassword(pool)
    expectSuccess(signedIn)

    expect(calls).toBe(1)
    const { IdToken } = Object(signedIn.body.AuthenticationResult)
    expect(decodeJwt(IdToken).nickname).toBe('call 1')
  })

  test('PostAuthentication is not asked after a wrong password', async () => {
    const { events, handler } = recordTrigger('PostAuthentication')
    const pool = await createPool({ PostAuthentication: handler })
    await createConfirmedUser(pool)
    expectError(await signInByPassword(pool, { ...rider, password: 'Wr0ng-Passw0rd!' }), incorrect)

    expect(events).toEqual([])
  })
})

describe('UserMigration', () => {
  const old = { email: rider.username, email_verified: 'true' }

  test.each([
    ['InitiateAuth', 'USER_PASSWORD_AUTH'],
    ['AdminInitiateAuth', 'ADMIN_USER_PASSWORD_AUTH'],
  ])(
    'UserMigration: %s with %s moves a user here, who has their old password',
    async (operation, AuthFlow) => {
      const { events, handler } = recordTrigger('UserMigration', () => ({
        userAttributes: old,
        finalUserStatus: 'CONFIRMED' as const,
        messageAction: 'SUPPRESS' as const,
      }))
      const pool = await createPool({ UserMigration: handler })
      const isAdmin = operation.startsWith('Admin')
      const AuthParameters = { USERNAME: rider.username, PASSWORD: rider.password }
      const body = { ClientId, AuthFlow, AuthParameters, ClientMetadata: { from: 'old' } }
      expectSuccess(
        isAdmin ? await callWithIam(pool, operation, body) : await pool.call(operation, body),
      )

      expect(events).toMatchObject([
        {
          triggerSource: 'UserMigration_Authentication',
          userName: rider.username,
          request: { password: rider.password, validationData: { from: 'old' } },
        },
      ])
      const user = requireStoredUser(pool, rider.username)
      expect(user.status).toBe('CONFIRMED')
      expect(Object.fromEntries(user.attributes)).toEqual(old)
      expectSuccess(await signInBySrp(pool))
      expect(events).toHaveLength(1)
    },
  )

  test('UserMigration in a pool of email addresses: the name that was typed is the address', async () => {
    const { handler } = recordTrigger('UserMigration', () => ({ userAttributes: { name: 'Ada' } }))
    const pool = await createPool({ UserMigration: handler }, { usernameModel: 'email' })
    expectSuccess(await signInByPassword(pool))

    const user = requireStoredUser(pool, rider.username)
    expect(user.username).toBe(user.sub)
    expect(user.attributes.get('email')).toBe(rider.username)
  })

  test('UserMigration with enableSMSMFA: this sign-in and all later ones ask for a code by SMS', async () => {
    const { handler } = recordTrigger('UserMigration', () => ({
      userAttributes: { ...old, phone_number: phone, phone_number_verified: 'true' },
      enableSMSMFA: true,
    }))
    const pool = await createPool({ UserMigration: handler }, withSmsMfa)
    const first = requireChallenge(await signInByPassword(pool))
    expectSuccess(await answerChallenge(pool, first, { SMS_MFA_CODE: latestCodeFor(pool, phone) }))

    expect(requireChallenge(await signInByPassword(pool)).ChallengeName).toBe('SMS_MFA')
  })

  test.each([
    ['without a phone number', {}, withSmsMfa],
    ['in a pool without MFA by SMS', { phone_number: phone }, {}],
  ])('UserMigration with enableSMSMFA %s fails, and leaves nobody', async (_, more, overrides) => {
    const { handler } = recordTrigger('UserMigration', () => ({
      userAttributes: { ...old, ...more },
      enableSMSMFA: true,
    }))
    const pool = await createPool({ UserMigration: handler }, overrides)

    expectError(await signInByPassword(pool), {
      type: 'InvalidParameterException',
      message: 'User does not have delivery config set to turn on SMS_MFA',
    })
    expect(pool.store.findUser(rider.username)).toBeUndefined()
  })

  test('UserMigration is not asked by SRP, which does not show the password', async () => {
    const { events, handler } = recordTrigger('UserMigration', () => ({ userAttributes: old }))
    const pool = await createPool({ UserMigration: handler })
    expectError(await signInBySrp(pool), incorrect)

    expect(events).toEqual([])
  })

  test('UserMigration that throws refuses the sign-in in its own words, and leaves nobody', async () => {
    const { handler } = recordTrigger('UserMigration', () => {
      throw new Error('Bad Password')
    })
    const pool = await createPool({ UserMigration: handler })

    expectError(await signInByPassword(pool), {
      type: 'UserLambdaValidationException',
      message: 'UserMigration failed with error Bad Password.',
    })
    expect(pool.store.findUser(rider.username)).toBeUndefined()
  })

  test.each([
    ['ENABLED', true, incorrect],
    [
      'LEGACY',
      false,
      {
        type: 'UserNotFoundException',
        message: `Exception migrating user in app client ${ClientId}`,
      } as const,
    ],
  ])(
    'UserMigration that names no attributes migrates nobody, under %s',
    async (_, prevents, error) => {
      const { handler } = recordTrigger('UserMigration')
      const pool = await createPool(
        { UserMigration: handler },
        { preventsUserExistenceErrors: prevents },
      )

      expectError(await signInByPassword(pool), error)
      expect(pool.store.findUser(rider.username)).toBeUndefined()
      expect(pool.logEntries.at(-1)?.triggerCalls?.[0]?.note).toContain('userAttributes is missing')
    },
  )

  test('UserMigration to RESET_REQUIRED: the user is here, and has to reset the password', async () => {
    const { handler } = recordTrigger('UserMigration', () => ({
      userAttributes: old,
      finalUserStatus: 'RESET_REQUIRED' as const,
    }))
    const pool = await createPool({ UserMigration: handler })
    expectError(await signInByPassword(pool), {
      type: 'PasswordResetRequiredException',
      message: 'Password reset required for the user',
    })

    expect(requireStoredUser(pool, rider.username).status).toBe('RESET_REQUIRED')
  })

  test('UserMigration by ForgotPassword: the code goes to the address of the other directory', async () => {
    const { events, handler } = recordTrigger('UserMigration', () => ({
      userAttributes: old,
      messageAction: 'SUPPRESS' as const,
    }))
    const pool = await createPool({ UserMigration: handler })
    const name = { ClientId, Username: rider.username }
    expectSuccess(await pool.call('ForgotPassword', { ...name, ClientMetadata: { why: 'lost' } }))
    expect(events).toMatchObject([
      {
        triggerSource: 'UserMigration_ForgotPassword',
        request: { clientMetadata: { why: 'lost' } },
      },
    ])
    expect(events[0]?.request).not.toHaveProperty('password')
    expectSuccess(
      await pool.call('ConfirmForgotPassword', {
        ...name,
        Password: rider.password,
        ConfirmationCode: latestCodeFor(pool, rider.username),
      }),
    )

    expectSuccess(await signInByPassword(pool))
  })
})
