/** PreSignUp and PostConfirmation: who is confirmed at once, who is refused, and what comes after a confirmation. */

import { describe, expect, test } from 'vitest'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { recordTrigger } from '../../support/triggers.ts'
import {
  ClientId,
  createConfirmedUser,
  latestCodeFor,
  requestPasswordReset,
  requireStoredUser,
  rider,
  signUpUser,
  UserPoolId,
} from '../../support/users.ts'

const email = { Name: 'email', Value: rider.username }
const signUpBody = {
  ClientId,
  Username: rider.username,
  Password: rider.password,
  UserAttributes: [email],
}

describe('PreSignUp', () => {
  test("PreSignUp gets Cognito's event, with ValidationData and ClientMetadata", async () => {
    const { events, handler } = recordTrigger('PreSignUp')
    const pool = await createTestPool({}, { triggers: { PreSignUp: handler } })
    expectSuccess(
      await pool.call('SignUp', {
        ...signUpBody,
        ValidationData: [{ Name: 'captcha', Value: 'x1' }],
        ClientMetadata: { from: 'test' },
      }),
    )

    expect(events).toEqual([
      {
        version: '1',
        triggerSource: 'PreSignUp_SignUp',
        region: 'us-east-1',
        userPoolId: UserPoolId,
        userName: rider.username,
        callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: ClientId },
        request: {
          userAttributes: { email: rider.username, email_verified: 'false' },
          validationData: { captcha: 'x1' },
          clientMetadata: { from: 'test' },
        },
        response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
      },
    ])
  })

  test('PreSignUp in a pool of email addresses names the user as they will be named', async () => {
    const { events, handler } = recordTrigger('PreSignUp')
    const pool = await createTestPool(
      { usernameModel: 'email' },
      { triggers: { PreSignUp: handler } },
    )
    const { UserSub } = await signUpUser(pool)

    expect(events.map(({ userName }) => userName)).toEqual([UserSub])
  })

  test('PreSignUp confirms a user and verifies their address: no code is sent, and they can sign in', async () => {
    const { handler } = recordTrigger('PreSignUp', () => ({
      autoConfirmUser: true,
      autoVerifyEmail: true,
    }))
    const pool = await createTestPool({}, { triggers: { PreSignUp: handler } })
    const body = await signUpUser(pool)

    expect(body).toEqual({ UserConfirmed: true, UserSub: expect.any(String) })
    expect(pool.sentEmails).toEqual([])
    const user = requireStoredUser(pool, rider.username)
    expect(user.status).toBe('CONFIRMED')
    expect(user.attributes.get('email_verified')).toBe('true')
  })

  test('PreSignUp that throws refuses the user in its own words, and leaves nobody', async () => {
    let isOpen = false
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PreSignUp: async (event) => {
            if (!isOpen) throw new Error('Registration is closed')
            return event
          },
        },
      },
    )

    expectError(await pool.call('SignUp', signUpBody), {
      type: 'UserLambdaValidationException',
      message: 'PreSignUp failed with error Registration is closed.',
    })
    expect(pool.store.findUser(rider.username)).toBeUndefined()
    expect(pool.sentEmails).toEqual([])
    isOpen = true
    await signUpUser(pool)
    expect(pool.sentEmails).toHaveLength(1)
  })

  test('PreSignUp that verifies an address which is not there is refused', async () => {
    const { handler } = recordTrigger('PreSignUp', () => ({ autoVerifyPhone: true }))
    const pool = await createTestPool({}, { triggers: { PreSignUp: handler } })

    expectError(await pool.call('SignUp', signUpBody), {
      type: 'InvalidLambdaResponseException',
      message: 'Unrecognizable lambda output',
    })
  })

  test('PreSignUp is not asked about a password that breaks the policy', async () => {
    const { events, handler } = recordTrigger('PreSignUp')
    const pool = await createTestPool({}, { triggers: { PreSignUp: handler } })

    expectError(await pool.call('SignUp', { ...signUpBody, Password: 'password' }), {
      type: 'InvalidPasswordException',
      message: 'Password did not conform with policy: Password must have uppercase characters',
    })
    expect(events).toEqual([])
  })

  test('PreSignUp is asked by AdminCreateUser, whose user chooses a password all the same', async () => {
    const { events, handler } = recordTrigger('PreSignUp', () => ({
      autoConfirmUser: true,
      autoVerifyEmail: true,
    }))
    const pool = await createTestPool({}, { triggers: { PreSignUp: handler } })
    expectSuccess(
      await callWithIam(pool, 'AdminCreateUser', {
        Username: rider.username,
        UserAttributes: [email],
        ValidationData: [{ Name: 'by', Value: 'admin' }],
      }),
    )

    expect(events).toMatchObject([
      {
        triggerSource: 'PreSignUp_AdminCreateUser',
        callerContext: { clientId: 'CLIENT_ID_NOT_APPLICABLE' },
        request: { validationData: { by: 'admin' } },
      },
    ])
    const { status, attributes } = requireStoredUser(pool, rider.username)
    expect(status).toBe('FORCE_CHANGE_PASSWORD')
    expect(attributes.get('email_verified')).toBe('true')
  })
})

describe('PostConfirmation', () => {
  test('PostConfirmation comes after ConfirmSignUp, with the confirmed user and ClientMetadata', async () => {
    const { events, handler } = recordTrigger('PostConfirmation')
    const pool = await createTestPool({}, { triggers: { PostConfirmation: handler } })
    const { UserSub } = await signUpUser(pool)
    expectSuccess(
      await pool.call('ConfirmSignUp', {
        ClientId,
        Username: rider.username,
        ConfirmationCode: latestCodeFor(pool, rider.username),
        ClientMetadata: { campaign: 'spring' },
      }),
    )

    expect(events).toMatchObject([
      {
        triggerSource: 'PostConfirmation_ConfirmSignUp',
        userName: rider.username,
        request: {
          userAttributes: {
            sub: UserSub,
            'cognito:user_status': 'CONFIRMED',
            email_verified: 'true',
          },
          clientMetadata: { campaign: 'spring' },
        },
        response: {},
      },
    ])
  })

  test('PostConfirmation comes after AdminConfirmSignUp, a confirmation by PreSignUp, and a password reset', async () => {
    const { events, handler } = recordTrigger('PostConfirmation')
    const isAuto = { value: false }
    const preSignUp = recordTrigger('PreSignUp', () => ({
      autoConfirmUser: isAuto.value,
      autoVerifyEmail: isAuto.value,
    }))
    const triggers = { PreSignUp: preSignUp.handler, PostConfirmation: handler }
    const pool = await createTestPool({}, { triggers })
    await signUpUser(pool)
    expectSuccess(await callWithIam(pool, 'AdminConfirmSignUp', { Username: rider.username }))
    isAuto.value = true
    const other = { ...rider, username: 'other@example.com' }
    await signUpUser(pool, other)
    expectSuccess(
      await pool.call('ConfirmForgotPassword', {
        ClientId,
        Username: other.username,
        Password: 'N3w-Passw0rd!',
        ConfirmationCode: await requestPasswordReset(pool, other.username),
      }),
    )

    expect(events.map(({ triggerSource, userName }) => [triggerSource, userName])).toEqual([
      ['PostConfirmation_ConfirmSignUp', rider.username],
      ['PostConfirmation_ConfirmSignUp', other.username],
      ['PostConfirmation_ConfirmForgotPassword', other.username],
    ])
  })

  test('PostConfirmation may call the pool, and finds the user confirmed', async () => {
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PostConfirmation: async (event) => {
            const Username = event.userName
            const { body } = await callWithIam(pool, 'AdminGetUser', { Username })
            expect(body.UserStatus).toBe('CONFIRMED')
            expectSuccess(
              await callWithIam(pool, 'AdminAddUserToGroup', { Username, GroupName: 'riders' }),
            )
            return event
          },
        },
      },
    )
    expectSuccess(await callWithIam(pool, 'CreateGroup', { GroupName: 'riders' }))
    await createConfirmedUser(pool)

    const { sub } = requireStoredUser(pool, rider.username)
    expect(pool.store.listGroupsOf(sub).map(({ name }) => name)).toEqual(['riders'])
  })

  test('PostConfirmation that throws is told to the client, and the user stays confirmed', async () => {
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PostConfirmation: async () => {
            throw new Error('no welcome')
          },
        },
      },
    )
    await signUpUser(pool)
    const confirmation = {
      ClientId,
      Username: rider.username,
      ConfirmationCode: latestCodeFor(pool, rider.username),
    }

    expectError(await pool.call('ConfirmSignUp', confirmation), {
      type: 'UserLambdaValidationException',
      message: 'PostConfirmation failed with error no welcome.',
    })
    expect(requireStoredUser(pool, rider.username).status).toBe('CONFIRMED')
  })

  test('PostConfirmation is not asked when the code is wrong', async () => {
    const { events, handler } = recordTrigger('PostConfirmation')
    const pool = await createTestPool({}, { triggers: { PostConfirmation: handler } })
    await signUpUser(pool)
    const code = latestCodeFor(pool, rider.username)
    await pool.call('ConfirmSignUp', {
      ClientId,
      Username: rider.username,
      ConfirmationCode: code === '000000' ? '111111' : '000000',
    })

    expect(events).toEqual([])
  })
})
