/**
 * aws-amplify v6, unchanged, against the local pool. It is one object for the whole process, so each test
 * configures it anew for a pool and a storage of its own, and tests of this file run one after another.
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Amplify } from 'aws-amplify'
import * as auth from 'aws-amplify/auth'
import { cognitoUserPoolsTokenProvider } from 'aws-amplify/auth/cognito'
import { ConsoleLogger } from 'aws-amplify/utils'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { callAsOwner } from '../../support/owner.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { expectVerifiedTokens } from '../../support/token-judge.ts'
import { codeOf } from '../../support/totp.ts'
import {
  ClientId,
  confirmUser,
  latestCodeFor,
  otherThan,
  registerUser,
  requireStoredUser,
  rider,
  startSessionOf,
  UserPoolId,
} from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

const { username, password } = rider
const newPassword = 'N3w-Passw0rd!'
const done = { isSignedIn: true, nextStep: { signInStep: 'DONE' } }
const incorrect = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' }
const delivery = { destination: 'r***@e***', deliveryMedium: 'EMAIL', attributeName: 'email' }

// It warns about every endpoint that is not Amazon's.
ConsoleLogger.LOG_LEVEL = 'ERROR'

/** Points the library at a pool, with an empty storage. */
function configure(userPoolEndpoint: string): ReadonlyMap<string, string> {
  const storage = new Map<string, string>()
  Amplify.configure({
    Auth: { Cognito: { userPoolId: UserPoolId, userPoolClientId: ClientId, userPoolEndpoint } },
  })
  cognitoUserPoolsTokenProvider.setKeyValueStorage({
    getItem: async (key) => storage.get(key) ?? null,
    setItem: async (key, value) => {
      storage.set(key, value)
    },
    removeItem: async (key) => {
      storage.delete(key)
    },
    clear: async () => storage.clear(),
  })
  return storage
}

interface Stage {
  readonly pool: TestPool
  readonly storage: ReadonlyMap<string, string>
}

/** A pool that also takes the password itself, which spares most tests the arithmetic of SRP. */
async function start(overrides: Parameters<typeof createTestPool>[0] = {}): Promise<Stage> {
  const pool = await createTestPool({
    explicitAuthFlows: new Set([
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ]),
    ...overrides,
  })
  return { pool, storage: configure(pool.endpoint) }
}

async function startSignedIn(overrides: Parameters<typeof createTestPool>[0] = {}): Promise<Stage> {
  const stage = await start(overrides)
  await confirmUser(stage.pool)
  expect(await signInByPassword()).toEqual(done)
  return stage
}

function signInByPassword(typed: string = password) {
  const options = { authFlowType: 'USER_PASSWORD_AUTH' } as const
  return auth.signIn({ username, password: typed, options })
}

async function requireTokens() {
  const { tokens } = await auth.fetchAuthSession()
  if (!tokens?.idToken) throw new Error('expected to be signed in')
  return { accessToken: tokens.accessToken.toString(), idToken: tokens.idToken.toString() }
}

/** Operations answered since the last call of what this returns. */
function watchLog({ logEntries }: TestPool): () => readonly string[] {
  let seen = logEntries.length
  return () => {
    const names = logEntries.slice(seen).map(({ operation, status }) => `${operation} ${status}`)
    seen = logEntries.length
    return names
  }
}

/** Has every wait of the library be over at once. */
function skipWaits(): void {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  vi.setTimerTickMode('nextTimerAsync')
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

describe('somebody new', () => {
  test('signs up, asks for another code, proves the address and signs in by SRP', async () => {
    const server = await startLocalCloud()
    const storage = configure(server.endpoint)
    const options = { userAttributes: { email: username } }
    expect(await auth.signUp({ username, password, options })).toEqual({
      isSignUpComplete: false,
      userId: requireStoredUser(server, username).sub,
      nextStep: { signUpStep: 'CONFIRM_SIGN_UP', codeDeliveryDetails: delivery },
    })

    const wrong = otherThan(latestCodeFor(server, username))
    await expect(auth.confirmSignUp({ username, confirmationCode: wrong })).rejects.toMatchObject({
      name: 'CodeMismatchException',
    })
    expect(await auth.resendSignUpCode({ username })).toEqual(delivery)
    const confirmationCode = latestCodeFor(server, username)
    expect(await auth.confirmSignUp({ username, confirmationCode })).toMatchObject({
      isSignUpComplete: true,
      nextStep: { signUpStep: 'DONE' },
    })

    expect(await auth.signIn({ username, password })).toEqual(done)
    expect(await auth.getCurrentUser()).toMatchObject({
      username,
      userId: requireStoredUser(server, username).sub,
    })
    expect(storage.get(`CognitoIdentityServiceProvider.${ClientId}.LastAuthUser`)).toBe(username)
    await expectVerifiedTokens(server, await requireTokens())
  })

  test('may be signed in at once after the code', async () => {
    const { pool } = await start()
    const autoSignIn = { authFlowType: 'USER_PASSWORD_AUTH' } as const
    const options = { userAttributes: { email: username }, autoSignIn }
    await auth.signUp({ username, password, options })
    const confirmationCode = latestCodeFor(pool, username)

    expect(await auth.confirmSignUp({ username, confirmationCode })).toMatchObject({
      nextStep: { signUpStep: 'COMPLETE_AUTO_SIGN_IN' },
    })
    expect(await auth.autoSignIn()).toEqual(done)
  })

  test('is refused under a name that is taken', async () => {
    const { pool } = await start()
    await registerUser(pool)

    await expect(auth.signUp({ username, password })).rejects.toMatchObject({
      name: 'UsernameExistsException',
      message: 'User already exists',
    })
  })

  test('who was invited chooses a password of their own', async () => {
    const { pool } = await start()
    expectSuccess(
      await callAsOwner(pool, 'AdminCreateUser', {
        Username: username,
        TemporaryPassword: password,
      }),
    )
    expect(await auth.signIn({ username, password })).toEqual({
      isSignedIn: false,
      nextStep: {
        signInStep: 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED',
        missingAttributes: [],
      },
    })
    await expect(auth.confirmSignIn({ challengeResponse: 'password1!' })).rejects.toMatchObject({
      name: 'InvalidPasswordException',
    })
    const options = { userAttributes: { name: 'Rider' } }
    expect(await auth.confirmSignIn({ challengeResponse: newPassword, options })).toEqual(done)
    expect(await auth.fetchUserAttributes()).toMatchObject({ name: 'Rider' })
  })
})

describe('a sign-in', () => {
  test('with a wrong password is refused', async () => {
    const { pool } = await start()
    await confirmUser(pool)

    await expect(auth.signIn({ username, password: newPassword })).rejects.toMatchObject(incorrect)
  })

  test('of nobody is refused in the same words', async () => {
    await start()

    await expect(auth.signIn({ username, password })).rejects.toMatchObject(incorrect)
  })

  test('of nobody is refused by name where existence is no secret', async () => {
    await start({ preventsUserExistenceErrors: false })

    await expect(auth.signIn({ username, password })).rejects.toMatchObject({
      name: 'UserNotFoundException',
      message: 'User does not exist.',
    })
  })

  test('before the code leads to the code', async () => {
    const { pool } = await start()
    await registerUser(pool)

    expect(await auth.signIn({ username, password })).toEqual({
      isSignedIn: false,
      nextStep: { signInStep: 'CONFIRM_SIGN_UP' },
    })
  })

  test('with a password that was reset leads to the reset', async () => {
    const { pool } = await start()
    await confirmUser(pool)
    expectSuccess(await callAsOwner(pool, 'AdminResetUserPassword', { Username: username }))

    expect(await signInByPassword()).toEqual({
      isSignedIn: false,
      nextStep: { signInStep: 'RESET_PASSWORD' },
    })
  })

  const noTrigger = 'Custom auth lambda trigger is not configured for the user pool.'
  test.each([
    ['CUSTOM_WITHOUT_SRP', { username }, noTrigger],
    ['CUSTOM_WITH_SRP', { username, password }, noTrigger],
    ['USER_AUTH', { username }, 'USER_AUTH flow not enabled for this client'],
  ] as const)('by %s, which the client may not, is told why', async (flow, typed, message) => {
    const { pool } = await start()
    await confirmUser(pool)

    await expect(auth.signIn({ ...typed, options: { authFlowType: flow } })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message,
    })
  })
})

describe('a session', () => {
  test('is refreshed on demand, and the new tokens work', async () => {
    const { pool, storage } = await startSignedIn()
    const readLog = watchLog(pool)
    const before = await requireTokens()
    const refreshKey = [...storage.keys()].find((key) => key.endsWith('.refreshToken')) ?? ''
    const refreshToken = storage.get(refreshKey)
    const { tokens } = await auth.fetchAuthSession({ forceRefresh: true })

    expect(readLog()).toEqual(['GetTokensFromRefreshToken 200'])
    expect(tokens?.accessToken.toString()).not.toBe(before.accessToken)
    expect(storage.get(refreshKey)).toBe(refreshToken)
    expect(await auth.fetchUserAttributes()).toMatchObject({ email_verified: 'true' })
  })

  test('is refreshed again and again where refresh tokens rotate', async () => {
    const { storage } = await startSignedIn({ rotationGraceSeconds: 0 })
    const refreshKey = [...storage.keys()].find((key) => key.endsWith('.refreshToken')) ?? ''
    const seen = new Set([storage.get(refreshKey)])
    for (const _ of Array.from({ length: 3 })) {
      await auth.fetchAuthSession({ forceRefresh: true })
      seen.add(storage.get(refreshKey))
    }

    expect(seen.size).toBe(4)
    expect(await auth.fetchUserAttributes()).toMatchObject({ email: username })
  })

  test('that was ended elsewhere is forgotten at the next refresh', async () => {
    const { pool } = await startSignedIn()
    const { AccessToken } = await startSessionOf(pool)
    expectSuccess(await pool.call('GlobalSignOut', { AccessToken }))
    const { tokens } = await auth.fetchAuthSession({ forceRefresh: true })

    expect(tokens).toBeUndefined()
    await expect(auth.getCurrentUser()).rejects.toMatchObject({
      name: 'UserUnAuthenticatedException',
    })
  })

  test('ends with a sign-out, which revokes its tokens and no others', async () => {
    const { pool, storage } = await startSignedIn()
    const { accessToken } = await requireTokens()
    const elsewhere = await startSessionOf(pool)
    const readLog = watchLog(pool)
    await auth.signOut()

    expect(readLog()).toEqual(['RevokeToken 200'])
    expect([...storage.keys()].filter((key) => /Token$/.test(key))).toEqual([])
    expectRefusal(await pool.call('GetUser', { AccessToken: accessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
    expectSuccess(await pool.call('GetUser', { AccessToken: elsewhere.AccessToken }))
  })

  test('ends everywhere with a global sign-out', async () => {
    const { pool } = await startSignedIn()
    const { AccessToken } = await startSessionOf(pool)
    const readLog = watchLog(pool)
    await auth.signOut({ global: true })

    expect(readLog()).toEqual(['GlobalSignOut 200'])
    expectRefusal(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
  })

  test('ends with the account', async () => {
    const { pool } = await startSignedIn()
    await auth.deleteUser()

    expect(pool.store.findUser(username)).toBeUndefined()
    await expect(auth.getCurrentUser()).rejects.toMatchObject({
      name: 'UserUnAuthenticatedException',
    })
  })
})

describe('an authenticator app', () => {
  test('is set up, asked for after SRP, and switched off again', async () => {
    const { pool } = await startSignedIn({ mfaConfiguration: 'OPTIONAL' })
    const { sharedSecret, getSetupUri } = await auth.setUpTOTP()
    expect(getSetupUri('Wild Rydes').searchParams.get('secret')).toBe(sharedSecret)
    const wrong = otherThan(codeOf(sharedSecret, pool))
    await expect(auth.verifyTOTPSetup({ code: wrong })).rejects.toMatchObject({
      name: 'EnableSoftwareTokenMFAException',
    })
    await auth.verifyTOTPSetup({ code: codeOf(sharedSecret, pool) })
    expect(await auth.fetchMFAPreference()).toEqual({})
    await auth.updateMFAPreference({ totp: 'PREFERRED' })
    expect(await auth.fetchMFAPreference()).toEqual({ enabled: ['TOTP'], preferred: 'TOTP' })

    await auth.signOut()
    expect(await auth.signIn({ username, password })).toEqual({
      isSignedIn: false,
      nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_TOTP_CODE' },
    })
    await expect(
      auth.confirmSignIn({ challengeResponse: otherThan(codeOf(sharedSecret, pool, 1)) }),
    ).rejects.toMatchObject({ name: 'CodeMismatchException' })
    expect(await auth.confirmSignIn({ challengeResponse: codeOf(sharedSecret, pool, 1) })).toEqual(
      done,
    )
    await auth.updateMFAPreference({ totp: 'DISABLED' })
    expect(await auth.fetchMFAPreference()).toEqual({})
  })

  test('is set up on the way in where the pool demands one', async () => {
    const { pool } = await start({ mfaConfiguration: 'ON' })
    await confirmUser(pool)
    const { nextStep } = await signInByPassword()
    if (nextStep.signInStep !== 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP') {
      throw new Error(`expected to set up an app, not ${nextStep.signInStep}`)
    }
    const { sharedSecret } = nextStep.totpSetupDetails

    expect(await auth.confirmSignIn({ challengeResponse: codeOf(sharedSecret, pool) })).toEqual(
      done,
    )
  })

  test('cannot be set up in a pool without', async () => {
    await startSignedIn({ mfaConfiguration: 'OFF' })

    await expect(auth.setUpTOTP()).rejects.toMatchObject({
      name: 'SoftwareTokenMFANotFoundException',
      message: 'Software Token MFA has not been enabled by the userPool',
    })
  })
})

describe('a password', () => {
  test('that is forgotten is set anew with the mailed code', async () => {
    const { pool } = await start()
    await confirmUser(pool)
    expect(await auth.resetPassword({ username })).toEqual({
      isPasswordReset: false,
      nextStep: {
        resetPasswordStep: 'CONFIRM_RESET_PASSWORD_WITH_CODE',
        codeDeliveryDetails: delivery,
      },
    })
    const code = latestCodeFor(pool, username)
    const reset = (confirmationCode: string) =>
      auth.confirmResetPassword({ username, confirmationCode, newPassword })

    await expect(reset(otherThan(code))).rejects.toMatchObject({ name: 'CodeMismatchException' })
    await reset(code)
    expect(await signInByPassword(newPassword)).toEqual(done)
  })

  test('is changed by its owner, who must know the old one', async () => {
    await startSignedIn()

    await expect(
      auth.updatePassword({ oldPassword: newPassword, newPassword }),
    ).rejects.toMatchObject(incorrect)
    await auth.updatePassword({ oldPassword: password, newPassword })
    await auth.signOut()
    expect(await signInByPassword(newPassword)).toEqual(done)
  })

  test('is asked about three times when there were too many attempts, and then given up', async () => {
    const { pool } = await start()
    await confirmUser(pool)
    for (const _ of Array.from({ length: 5 })) await auth.resetPassword({ username })
    const readLog = watchLog(pool)
    skipWaits()

    await expect(auth.resetPassword({ username })).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Attempt limit exceeded, please try after some time.',
    })
    expect(readLog()).toEqual(Array.from({ length: 3 }, () => 'ForgotPassword 400'))
  })
})

describe('attributes', () => {
  test('are read, changed one or several at a time, and deleted', async () => {
    await startSignedIn()
    expect(
      await auth.updateUserAttribute({ userAttribute: { attributeKey: 'name', value: 'Rider' } }),
    ).toEqual({ isUpdated: true, nextStep: { updateAttributeStep: 'DONE' } })
    await auth.updateUserAttributes({ userAttributes: { nickname: 'Bee', locale: 'en' } })
    expect(await auth.fetchUserAttributes()).toMatchObject({
      email: username,
      email_verified: 'true',
      name: 'Rider',
      nickname: 'Bee',
      locale: 'en',
    })
    await auth.deleteUserAttributes({ userAttributeKeys: ['nickname', 'locale'] })

    expect(await auth.fetchUserAttributes()).toEqual({
      sub: (await auth.getCurrentUser()).userId,
      email: username,
      email_verified: 'true',
      name: 'Rider',
    })
  })

  test('such as a new address wait for the code that was sent there', async () => {
    const { pool } = await startSignedIn()
    const email = 'new@example.com'
    expect(await auth.updateUserAttributes({ userAttributes: { email } })).toEqual({
      email: {
        isUpdated: false,
        nextStep: {
          updateAttributeStep: 'CONFIRM_ATTRIBUTE_WITH_CODE',
          codeDeliveryDetails: { ...delivery, destination: 'n***@e***' },
        },
      },
    })
    const superseded = latestCodeFor(pool, email)
    expect(await auth.sendUserAttributeVerificationCode({ userAttributeKey: 'email' })).toEqual({
      ...delivery,
      destination: 'n***@e***',
    })
    const confirm = (confirmationCode: string) =>
      auth.confirmUserAttribute({ userAttributeKey: 'email', confirmationCode })

    await expect(confirm(superseded)).rejects.toMatchObject({ name: 'ExpiredCodeException' })
    await confirm(latestCodeFor(pool, email))
    expect(await auth.fetchUserAttributes()).toMatchObject({ email, email_verified: 'true' })
  })
})

describe('what this pool does not have', () => {
  test('fails the list of devices with words about devices', async () => {
    await startSignedIn()

    await expect(auth.fetchDevices()).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Device tracking is not configured for this user pool.',
    })
  })

  test('fails a device that is forgotten with words about devices', async () => {
    await startSignedIn()

    await expect(auth.forgetDevice({ device: { id: 'us-east-1_0c4d' } })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Device tracking is not configured for this user pool.',
    })
  })

  test('fails passkeys with words about passkeys', async () => {
    await startSignedIn()
    const refusal = {
      name: 'WebAuthnNotEnabledException',
      message: 'WebAuthn is not enabled for this user pool.',
    }

    await expect(auth.listWebAuthnCredentials()).rejects.toMatchObject(refusal)
    await expect(auth.deleteWebAuthnCredential({ credentialId: 'none' })).rejects.toMatchObject(
      refusal,
    )
  })
})

test('this file calls every function of the library, but for those with a reason', () => {
  const source = readFileSync(fileURLToPath(import.meta.url), 'utf8')
  const reasons: ReadonlyMap<string, string> = new Map([
    ['AuthError', 'a class'],
    ['associateWebAuthnCredential', 'asks the browser for a passkey first'],
    ['decodeJWT', 'asks nobody'],
    ['rememberDevice', 'asks nobody while the storage knows no device'],
    ['signInWithRedirect', 'leaves for the pages of managed login'],
  ])

  expect(
    Object.keys(auth).filter((name) => !reasons.has(name) && !source.includes(`auth.${name}(`)),
  ).toEqual([])
})
