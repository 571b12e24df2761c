/** The published amazon-cognito-identity-js against the real server: sign-up, sign-in, session and password reset. */

import { describe, expect, test } from 'vitest'
import { createIdentityClient } from '../../support/identity-client.ts'
import type { LocalCloudServer } from '../../support/local-cloud-server.ts'
import {
  signUpWithClient as register,
  startServerAndClient as start,
} from '../../support/server-and-client.ts'
import { differentCode, latestCodeFor, rider } from '../../support/users.ts'

const incorrect = {
  code: 'NotAuthorizedException',
  name: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
}

/** Operation and status of every response so far, as the terminal shows them. */
function readLog({ printed }: LocalCloudServer): readonly string[] {
  return printed
    .filter((line) => / \d{3} \d+\.\d ms /.test(line))
    .map((line) => line.split(' ').slice(0, 2).join(' '))
}

describe('sign-up with amazon-cognito-identity-js', () => {
  test('sign-up: the mailed code leads to a sign-in', async () => {
    const { server, client } = await start()
    const { userConfirmed, userSub, codeDeliveryDetails } = await client.signUp(rider)

    expect(userConfirmed).toBe(false)
    expect(codeDeliveryDetails).toEqual({
      Destination: 'r***@e***',
      DeliveryMedium: 'EMAIL',
      AttributeName: 'email',
    })
    const code = latestCodeFor(server, rider.username)
    expect(await client.confirm({ username: rider.username, code })).toBe('SUCCESS')
    const { session } = await client.signIn(rider)
    expect(session.getIdToken().payload.sub).toBe(userSub)
  })

  test('confirmation code: a wrong code is rejected and the resent one is accepted', async () => {
    const { server, client } = await start()
    await client.signUp(rider)
    const { username } = rider
    const wrong = differentCode(latestCodeFor(server, username))

    await expect(client.confirm({ username, code: wrong })).rejects.toMatchObject({
      code: 'CodeMismatchException',
    })
    expect(await client.resendCode(username)).toMatchObject({
      CodeDeliveryDetails: { DeliveryMedium: 'EMAIL' },
    })
    const code = latestCodeFor(server, username)
    expect(await client.confirm({ username, code })).toBe('SUCCESS')
  })

  test('sign-up: a second sign-up under one name is rejected', async () => {
    const { client } = await start()
    await client.signUp(rider)

    await expect(client.signUp(rider)).rejects.toMatchObject({
      code: 'UsernameExistsException',
      message: 'User already exists',
    })
  })

  test('password policy: a weak password is rejected with the rule it breaks', async () => {
    const { client } = await start()

    await expect(client.signUp({ ...rider, password: 'password1!' })).rejects.toMatchObject({
      code: 'InvalidPasswordException',
      message: 'Password did not conform with policy: Password must have uppercase characters',
    })
  })
})

describe('sign-in with amazon-cognito-identity-js', () => {
  test('sign-in: the correct password gives a session and stores it', async () => {
    const parts = await start()
    await register(parts)
    const { session } = await parts.client.signIn(rider)

    expect(session.isValid()).toBe(true)
    expect(session.getIdToken().payload.email).toBe(rider.username)
    expect([...parts.client.storage.keys()].map((key) => key.split('.').at(-1)).sort()).toEqual([
      'LastAuthUser',
      'accessToken',
      'clockDrift',
      'idToken',
      'refreshToken',
    ])
  })

  test('sign-in: the user name is found in any case', async () => {
    const parts = await start()
    await register(parts)
    const { session } = await parts.client.signIn({ ...rider, username: 'RIDER@Example.COM' })

    expect(session.getAccessToken().payload.username).toBe(rider.username)
  })

  test.each([
    ['one character more', 'Passw0rd!x'],
    ['a leading space', ' Passw0rd!'],
    ['empty', ''],
  ])(
    'SRP: a wrong password (%s) is rejected by the PASSWORD_VERIFIER challenge',
    async (_, password) => {
      const parts = await start()
      await register(parts)

      await expect(parts.client.signIn({ ...rider, password })).rejects.toMatchObject(incorrect)
      expect(readLog(parts.server).slice(-2)).toEqual([
        'InitiateAuth 200',
        'RespondToAuthChallenge 400',
      ])
      expect(parts.client.storage.size).toBe(0)
    },
  )

  test('user enumeration: an unknown user is rejected with the same error at the same step', async () => {
    const { server, client } = await start()

    await expect(client.signIn(rider)).rejects.toMatchObject(incorrect)
    expect(readLog(server)).toEqual(['InitiateAuth 200', 'RespondToAuthChallenge 400'])
  })

  test('sign-in: an unconfirmed user is told UserNotConfirmedException', async () => {
    const { client } = await start()
    await client.signUp(rider)

    await expect(client.signIn(rider)).rejects.toMatchObject({
      code: 'UserNotConfirmedException',
      message: 'User is not confirmed.',
    })
  })

  test('SRP: the password of another user is rejected', async () => {
    const parts = await start()
    await register(parts)
    await register(parts, { username: 'second@example.com', password: 'S3cond!pw' })

    await expect(parts.client.signIn({ ...rider, password: 'S3cond!pw' })).rejects.toMatchObject(
      incorrect,
    )
  })
})

describe('session with amazon-cognito-identity-js', () => {
  test('session: it is refreshed and the new tokens work', async () => {
    const parts = await start()
    await register(parts)
    const user = await parts.client.signIn(rider)
    const refreshed = await user.refresh()

    expect(refreshed.getAccessToken().getJwtToken()).not.toBe(
      user.session.getAccessToken().getJwtToken(),
    )
    expect(refreshed.getRefreshToken().getToken()).toBe(user.session.getRefreshToken().getToken())
    const attributes = await user.attributes()
    expect(Object.fromEntries(attributes.map(({ Name, Value }) => [Name, Value]))).toMatchObject({
      email: rider.username,
      email_verified: 'true',
    })
  })

  test('session: a global sign-out ends it everywhere', async () => {
    const parts = await start()
    await register(parts)
    const here = await parts.client.signIn(rider)
    const elsewhere = await createIdentityClient(parts.server.endpoint).signIn(rider)

    expect(await here.globalSignOut()).toBe('SUCCESS')
    expect(parts.client.storage.size).toBe(0)
    await expect(elsewhere.attributes()).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
  })

  test('session: signOut revokes its own tokens only', async () => {
    const parts = await start()
    await register(parts)
    const here = await parts.client.signIn(rider)
    const elsewhere = await createIdentityClient(parts.server.endpoint).signIn(rider)
    await here.signOut()

    expect(readLog(parts.server).at(-1)).toBe('RevokeToken 200')
    expect(parts.client.storage.size).toBe(0)
    const AccessToken = here.session.getAccessToken().getJwtToken()
    expect((await parts.server.call('GetUser', { AccessToken })).body).toMatchObject({
      message: 'Access Token has been revoked',
    })
    await expect(elsewhere.attributes()).resolves.not.toHaveLength(0)
  })
})

test('password reset: the mailed code sets a new password', async () => {
  const parts = await start()
  await register(parts)
  const { server, client } = parts
  const reset = { ...rider, password: 'N3w-Passw0rd!' }

  expect(await client.forgotPassword(rider.username)).toMatchObject({
    CodeDeliveryDetails: { Destination: 'r***@e***' },
  })
  const code = latestCodeFor(server, rider.username)
  expect(await client.confirmPassword({ ...reset, code })).toBe('SUCCESS')
  await expect(client.signIn(reset)).resolves.toHaveProperty('session')
  await expect(client.signIn(rider)).rejects.toMatchObject(incorrect)
})
