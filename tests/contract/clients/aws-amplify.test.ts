/**
 * The unchanged aws-amplify v6 against the local pool. It is one object for the whole process, so each test
 * configures it again for its own pool and storage, and the tests of this file run one after another.
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as auth from 'aws-amplify/auth'
import { ConsoleLogger } from 'aws-amplify/utils'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { configureAmplify } from '../../support/amplify-client.ts'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { accessTokenRevoked } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { addPasskey, withPasskeys } from '../../support/passkeys.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { currentTotp } from '../../support/totp.ts'
import { withEmailCodes, withEmailMfa } from '../../support/user-auth.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  differentCode,
  latestCodeFor,
  requireStoredUser,
  rider,
  signUpUser,
  startSessionFor,
} from '../../support/users.ts'
import { expectVerifiedTokens } from '../../support/verified-tokens.ts'

const { username, password } = rider
const newPassword = 'N3w-Passw0rd!'
const done = { isSignedIn: true, nextStep: { signInStep: 'DONE' } }
const incorrect = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' }
const delivery = { destination: 'r***@e***', deliveryMedium: 'EMAIL', attributeName: 'email' }

// Amplify warns about every endpoint outside of AWS.
ConsoleLogger.LOG_LEVEL = 'ERROR'

interface Stage {
  readonly pool: TestPool
  readonly storage: ReadonlyMap<string, string>
}

/** A pool that also allows USER_PASSWORD_AUTH, which spares most tests the arithmetic of SRP. */
async function start(overrides: Parameters<typeof createTestPool>[0] = {}): Promise<Stage> {
  const pool = await createTestPool({
    explicitAuthFlows: new Set([
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ]),
    ...overrides,
  })
  return { pool, storage: configureAmplify(pool.endpoint) }
}

async function startSignedIn(overrides: Parameters<typeof createTestPool>[0] = {}): Promise<Stage> {
  const stage = await start(overrides)
  await createConfirmedUser(stage.pool)
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

/** @returns a function that lists the operations called since its last call */
function watchLog({ logEntries }: TestPool): () => readonly string[] {
  let seen = logEntries.length
  return () => {
    const names = logEntries.slice(seen).map(({ operation, status }) => `${operation} ${status}`)
    seen = logEntries.length
    return names
  }
}

/** Ends every wait of the library at once. */
function skipWaits(): void {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  vi.setTimerTickMode('nextTimerAsync')
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

/** Amplify leaves a second autoSignIn within 300 ms without an answer: these pass before the next test. */
async function finishAutoSignIn() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    return await auth.autoSignIn()
  } finally {
    vi.advanceTimersByTime(300)
    vi.useRealTimers()
  }
}

describe('sign-up with Amplify', () => {
  test('Amplify sign-up: a second code, confirmation and a sign-in by SRP', async () => {
    const server = await startLocalCloud()
    const storage = configureAmplify(server.endpoint)
    const options = { userAttributes: { email: username } }
    expect(await auth.signUp({ username, password, options })).toEqual({
      isSignUpComplete: false,
      userId: requireStoredUser(server, username).sub,
      nextStep: { signUpStep: 'CONFIRM_SIGN_UP', codeDeliveryDetails: delivery },
    })

    const wrong = differentCode(latestCodeFor(server, username))
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

  test('Amplify sign-up: autoSignIn works right after the confirmation', async () => {
    const { pool } = await start()
    const autoSignIn = { authFlowType: 'USER_PASSWORD_AUTH' } as const
    const options = { userAttributes: { email: username }, autoSignIn }
    await auth.signUp({ username, password, options })
    const confirmationCode = latestCodeFor(pool, username)

    expect(await auth.confirmSignUp({ username, confirmationCode })).toMatchObject({
      nextStep: { signUpStep: 'COMPLETE_AUTO_SIGN_IN' },
    })
    expect(await finishAutoSignIn()).toEqual(done)
  })

  test('Amplify sign-up: a taken user name is rejected', async () => {
    const { pool } = await start()
    await signUpUser(pool)

    await expect(auth.signUp({ username, password })).rejects.toMatchObject({
      name: 'UsernameExistsException',
      message: 'User already exists',
    })
  })

  test('Amplify sign-in: an invited user chooses a new password', async () => {
    const { pool } = await start()
    expectSuccess(
      await callWithIam(pool, 'AdminCreateUser', {
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

describe('sign-in with Amplify', () => {
  test('Amplify sign-in: a wrong password is rejected', async () => {
    const { pool } = await start()
    await createConfirmedUser(pool)

    await expect(auth.signIn({ username, password: newPassword })).rejects.toMatchObject(incorrect)
  })

  test('user enumeration: an unknown user is rejected with the error of a wrong password', async () => {
    await start()

    await expect(auth.signIn({ username, password })).rejects.toMatchObject(incorrect)
  })

  test('user enumeration: with LEGACY an unknown user is a UserNotFoundException', async () => {
    await start({ preventsUserExistenceErrors: false })

    await expect(auth.signIn({ username, password })).rejects.toMatchObject({
      name: 'UserNotFoundException',
      message: 'User does not exist.',
    })
  })

  test('Amplify sign-in: an unconfirmed user gets the step CONFIRM_SIGN_UP', async () => {
    const { pool } = await start()
    await signUpUser(pool)

    expect(await auth.signIn({ username, password })).toEqual({
      isSignedIn: false,
      nextStep: { signInStep: 'CONFIRM_SIGN_UP' },
    })
  })

  test('Amplify sign-in: a password reset by an IAM caller gets the step RESET_PASSWORD', async () => {
    const { pool } = await start()
    await createConfirmedUser(pool)
    expectSuccess(await callWithIam(pool, 'AdminResetUserPassword', { Username: username }))

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
  ] as const)(
    'Amplify sign-in: the flow %s, which the client does not allow, is rejected with the reason',
    async (flow, typed, message) => {
      const { pool } = await start()
      await createConfirmedUser(pool)

      await expect(
        auth.signIn({ ...typed, options: { authFlowType: flow } }),
      ).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message,
      })
    },
  )
})

describe('choice-based sign-in with Amplify', () => {
  const selection = {
    isSignedIn: false,
    nextStep: {
      signInStep: 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
      availableChallenges: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP'],
    },
  }
  const byEmailCode = {
    isSignedIn: false,
    nextStep: {
      signInStep: 'CONFIRM_SIGN_IN_WITH_EMAIL_CODE',
      codeDeliveryDetails: { deliveryMedium: 'EMAIL', destination: 'r***@e***' },
    },
  }

  async function startWithRider(overrides: Parameters<typeof createTestPool>[0] = withEmailCodes) {
    const stage = await start(overrides)
    await createConfirmedUser(stage.pool)
    return stage
  }

  function signIn(options: { preferredChallenge?: 'EMAIL_OTP' | 'PASSWORD' | 'PASSWORD_SRP' }) {
    const authFlowType = 'USER_AUTH' as const
    const typed = options.preferredChallenge?.startsWith('PASSWORD') ? { password } : {}
    return auth.signIn({ username, ...typed, options: { authFlowType, ...options } })
  }

  test('Amplify USER_AUTH: EMAIL_OTP sends a code, a wrong one is told, and the right one signs in', async () => {
    const { pool } = await startWithRider()
    expect(await signIn({ preferredChallenge: 'EMAIL_OTP' })).toEqual(byEmailCode)

    await expect(auth.confirmSignIn({ challengeResponse: '00000' })).rejects.toMatchObject({
      name: 'CodeMismatchException',
    })
    const challengeResponse = latestCodeFor(pool, username)
    expect(await auth.confirmSignIn({ challengeResponse })).toEqual(done)
    expect(await auth.getCurrentUser()).toMatchObject({ username })
  })

  test.each(['PASSWORD_SRP', 'PASSWORD'] as const)(
    'Amplify USER_AUTH: %s signs in at once',
    async (preferredChallenge) => {
      await startWithRider()

      expect(await signIn({ preferredChallenge })).toEqual(done)
    },
  )

  test.each(['PASSWORD_SRP', 'PASSWORD'])(
    'Amplify USER_AUTH: %s is chosen from the list, then the password signs in',
    async (challengeResponse) => {
      await startWithRider()
      expect(await signIn({})).toEqual(selection)

      expect(await auth.confirmSignIn({ challengeResponse })).toMatchObject({
        nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_PASSWORD' },
      })
      await expect(auth.confirmSignIn({ challengeResponse: newPassword })).rejects.toMatchObject(
        incorrect,
      )
    },
  )

  test.each(['PASSWORD_SRP', 'PASSWORD'])(
    'Amplify USER_AUTH: the right password after the choice of %s signs in',
    async (challengeResponse) => {
      await startWithRider()
      await signIn({})
      await auth.confirmSignIn({ challengeResponse })

      expect(await auth.confirmSignIn({ challengeResponse: password })).toEqual(done)
    },
  )

  test('Amplify USER_AUTH: EMAIL_OTP is chosen from the list', async () => {
    const { pool } = await startWithRider()
    await signIn({})

    expect(await auth.confirmSignIn({ challengeResponse: 'EMAIL_OTP' })).toEqual(byEmailCode)
    const challengeResponse = latestCodeFor(pool, username)
    expect(await auth.confirmSignIn({ challengeResponse })).toEqual(done)
  })

  test.each([{ password }, {}])(
    'Amplify USER_AUTH: autoSignIn after a sign-up with %j needs no further step',
    async (typed) => {
      const { pool } = await start(withEmailCodes)
      const autoSignIn = { authFlowType: 'USER_AUTH' } as const
      const options = { userAttributes: { email: username }, autoSignIn }
      expect(await auth.signUp({ username, ...typed, options })).toMatchObject({
        nextStep: { signUpStep: 'CONFIRM_SIGN_UP' },
      })

      const confirmationCode = latestCodeFor(pool, username)
      expect(await auth.confirmSignUp({ username, confirmationCode })).toMatchObject({
        nextStep: { signUpStep: 'COMPLETE_AUTO_SIGN_IN' },
      })
      expect(await finishAutoSignIn()).toEqual(done)
      expect(pool.sentEmails).toHaveLength(1)
    },
  )

  test('Amplify MFA: a code by email after the password, and the choice beside an app', async () => {
    const { pool } = await startSignedIn({
      ...withEmailMfa,
      explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH']),
    })
    await auth.updateMFAPreference({ email: 'ENABLED' })
    expect(await auth.fetchMFAPreference()).toEqual({ enabled: ['EMAIL'] })
    const { sharedSecret } = await auth.setUpTOTP()
    await auth.verifyTOTPSetup({ code: currentTotp(sharedSecret, pool) })
    await auth.signOut()
    expect(await signInByPassword()).toEqual(byEmailCode)
    expect(await auth.confirmSignIn({ challengeResponse: latestCodeFor(pool, username) })).toEqual(
      done,
    )

    await auth.updateMFAPreference({ totp: 'ENABLED' })
    await auth.signOut()
    expect(await signInByPassword()).toEqual({
      isSignedIn: false,
      nextStep: {
        signInStep: 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION',
        allowedMFATypes: ['TOTP', 'EMAIL'],
      },
    })
    expect(await auth.confirmSignIn({ challengeResponse: 'EMAIL' })).toEqual(byEmailCode)
    expect(await auth.confirmSignIn({ challengeResponse: latestCodeFor(pool, username) })).toEqual(
      done,
    )
  })

  test('Amplify MFA: where it is required, a user without an address sets one up during sign-in', async () => {
    const { pool } = await start({
      mfaConfiguration: 'ON',
      mfaFactors: new Set(['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']),
    })
    await createConfirmedUser(pool)
    changeUser(pool, username, { attributes: new Map() })
    expect(await signInByPassword()).toMatchObject({
      nextStep: { signInStep: 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION' },
    })

    expect(await auth.confirmSignIn({ challengeResponse: 'EMAIL' })).toMatchObject({
      nextStep: { signInStep: 'CONTINUE_SIGN_IN_WITH_EMAIL_SETUP' },
    })
    expect(await auth.confirmSignIn({ challengeResponse: username })).toEqual(byEmailCode)
    const challengeResponse = latestCodeFor(pool, username)
    expect(await auth.confirmSignIn({ challengeResponse })).toEqual(done)
  })
})

describe('session with Amplify', () => {
  test('Amplify session: fetchAuthSession refreshes on demand and the new tokens work', async () => {
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

  test('Amplify session: refresh token rotation works repeatedly', async () => {
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

  test('Amplify session: a session revoked elsewhere is dropped at the next refresh', async () => {
    const { pool } = await startSignedIn()
    const { AccessToken } = await startSessionFor(pool)
    expectSuccess(await pool.call('GlobalSignOut', { AccessToken }))
    const { tokens } = await auth.fetchAuthSession({ forceRefresh: true })

    expect(tokens).toBeUndefined()
    await expect(auth.getCurrentUser()).rejects.toMatchObject({
      name: 'UserUnAuthenticatedException',
    })
  })

  test('Amplify session: signOut revokes the tokens of this session only', async () => {
    const { pool, storage } = await startSignedIn()
    const { accessToken } = await requireTokens()
    const elsewhere = await startSessionFor(pool)
    const readLog = watchLog(pool)
    await auth.signOut()

    expect(readLog()).toEqual(['RevokeToken 200'])
    expect([...storage.keys()].filter((key) => /Token$/.test(key))).toEqual([])
    expectError(await pool.call('GetUser', { AccessToken: accessToken }), accessTokenRevoked)
    expectSuccess(await pool.call('GetUser', { AccessToken: elsewhere.AccessToken }))
  })

  test('Amplify session: a global sign-out ends every session', async () => {
    const { pool } = await startSignedIn()
    const { AccessToken } = await startSessionFor(pool)
    const readLog = watchLog(pool)
    await auth.signOut({ global: true })

    expect(readLog()).toEqual(['GlobalSignOut 200'])
    expectError(await pool.call('GetUser', { AccessToken }), accessTokenRevoked)
  })

  test('Amplify session: deleteUser ends the session', async () => {
    const { pool } = await startSignedIn()
    await auth.deleteUser()

    expect(pool.store.findUser(username)).toBeUndefined()
    await expect(auth.getCurrentUser()).rejects.toMatchObject({
      name: 'UserUnAuthenticatedException',
    })
  })
})

describe('TOTP with Amplify', () => {
  test('TOTP with Amplify: it is set up, asked for after SRP, and disabled again', async () => {
    const { pool } = await startSignedIn({ mfaConfiguration: 'OPTIONAL' })
    const { sharedSecret, getSetupUri } = await auth.setUpTOTP()
    expect(getSetupUri('Wild Rydes').searchParams.get('secret')).toBe(sharedSecret)
    const wrong = differentCode(currentTotp(sharedSecret, pool))
    await expect(auth.verifyTOTPSetup({ code: wrong })).rejects.toMatchObject({
      name: 'EnableSoftwareTokenMFAException',
    })
    await auth.verifyTOTPSetup({ code: currentTotp(sharedSecret, pool) })
    expect(await auth.fetchMFAPreference()).toEqual({})
    await auth.updateMFAPreference({ totp: 'PREFERRED' })
    expect(await auth.fetchMFAPreference()).toEqual({ enabled: ['TOTP'], preferred: 'TOTP' })

    await auth.signOut()
    expect(await auth.signIn({ username, password })).toEqual({
      isSignedIn: false,
      nextStep: { signInStep: 'CONFIRM_SIGN_IN_WITH_TOTP_CODE' },
    })
    await expect(
      auth.confirmSignIn({ challengeResponse: differentCode(currentTotp(sharedSecret, pool, 1)) }),
    ).rejects.toMatchObject({ name: 'CodeMismatchException' })
    expect(
      await auth.confirmSignIn({ challengeResponse: currentTotp(sharedSecret, pool, 1) }),
    ).toEqual(done)
    await auth.updateMFAPreference({ totp: 'DISABLED' })
    expect(await auth.fetchMFAPreference()).toEqual({})
  })

  test('TOTP with Amplify: it is set up during sign-in where the pool requires MFA', async () => {
    const { pool } = await start({ mfaConfiguration: 'ON' })
    await createConfirmedUser(pool)
    const { nextStep } = await signInByPassword()
    if (nextStep.signInStep !== 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP') {
      throw new Error(`expected to set up an app, not ${nextStep.signInStep}`)
    }
    const { sharedSecret } = nextStep.totpSetupDetails

    expect(
      await auth.confirmSignIn({ challengeResponse: currentTotp(sharedSecret, pool) }),
    ).toEqual(done)
  })

  test('TOTP with Amplify: it cannot be set up in a pool with MFA OFF', async () => {
    await startSignedIn({ mfaConfiguration: 'OFF' })

    await expect(auth.setUpTOTP()).rejects.toMatchObject({
      name: 'SoftwareTokenMFANotFoundException',
      message: 'Software Token MFA has not been enabled by the userPool',
    })
  })
})

describe('password with Amplify', () => {
  test('password reset with Amplify: the mailed code sets a new password', async () => {
    const { pool } = await start()
    await createConfirmedUser(pool)
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

    await expect(reset(differentCode(code))).rejects.toMatchObject({
      name: 'CodeMismatchException',
    })
    await reset(code)
    expect(await signInByPassword(newPassword)).toEqual(done)
  })

  test('change of password with Amplify: the old password is required', async () => {
    await startSignedIn()

    await expect(
      auth.updatePassword({ oldPassword: newPassword, newPassword }),
    ).rejects.toMatchObject(incorrect)
    await auth.updatePassword({ oldPassword: password, newPassword })
    await auth.signOut()
    expect(await signInByPassword(newPassword)).toEqual(done)
  })

  test('lockout with Amplify: "too many attempts" is retried three times and then reported', async () => {
    const { pool } = await start()
    await createConfirmedUser(pool)
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

describe('user attributes with Amplify', () => {
  test('user attributes with Amplify: they are read, updated one or several at a time, and deleted', async () => {
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

  test('change of email with Amplify: the new address is pending until its code is confirmed', async () => {
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

describe('features this pool lacks, with Amplify', () => {
  test('device tracking with Amplify: fetchDevices fails with a message about devices', async () => {
    await startSignedIn()

    await expect(auth.fetchDevices()).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Device tracking is not configured for this user pool.',
    })
  })

  test('device tracking with Amplify: forgetDevice fails with a message about devices', async () => {
    await startSignedIn()

    await expect(auth.forgetDevice({ device: { id: 'us-east-1_0c4d' } })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Device tracking is not configured for this user pool.',
    })
  })

  test('passkeys with Amplify: those of the rider are listed and deleted', async () => {
    const { pool } = await startSignedIn({
      ...withPasskeys,
      explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH']),
    })
    const { AccessToken } = await startSessionFor(pool)
    const { id } = await addPasskey(pool, AccessToken)

    expect(await auth.listWebAuthnCredentials({ pageSize: 20 })).toEqual({
      credentials: [
        {
          credentialId: id,
          friendlyCredentialName: 'Platform passkey',
          relyingPartyId: 'localhost',
          authenticatorAttachment: 'platform',
          authenticatorTransports: ['internal'],
          createdAt: new Date(pool.clock.nowMs()),
        },
      ],
      nextToken: undefined,
    })
    await auth.deleteWebAuthnCredential({ credentialId: id })
    expect((await auth.listWebAuthnCredentials()).credentials).toEqual([])
    await expect(auth.deleteWebAuthnCredential({ credentialId: id })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

test('coverage: this file calls every function of aws-amplify/auth except the listed ones', () => {
  const source = readFileSync(fileURLToPath(import.meta.url), 'utf8')
  const reasons: ReadonlyMap<string, string> = new Map([
    ['AuthError', 'a class'],
    [
      'associateWebAuthnCredential',
      'needs a browser: tests/browser/local-cloud/amplify-passkeys.spec.ts',
    ],
    ['decodeJWT', 'asks nobody'],
    ['rememberDevice', 'asks nobody while the storage knows no device'],
    ['signInWithRedirect', 'leaves for the pages of managed login'],
  ])

  expect(
    Object.keys(auth).filter((name) => !reasons.has(name) && !source.includes(`auth.${name}(`)),
  ).toEqual([])
})
