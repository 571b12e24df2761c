/**
 * Every method of amazon-cognito-identity-js, unchanged, against the local pool: what it is given must
 * be enough for it, what it is refused must be readable.
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  CognitoAccessToken,
  CognitoIdToken,
  CognitoRefreshToken,
  CognitoUser,
  CognitoUserAttribute,
  CognitoUserPool,
  CognitoUserSession,
} from 'amazon-cognito-identity-js'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  fromHandlers,
  type IdentityPool,
  openIdentityPool,
  takeStep,
  toDetails,
  toPromise,
} from '../../support/identity-client.ts'
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
  requireStoredUser,
  rider,
  signInUser,
  startSessionOf,
  type Tokens,
  UserPoolId,
} from '../../support/users.ts'
import { expectSuccess } from '../../support/wire.ts'

const refreshKey = `CognitoIdentityServiceProvider.${ClientId}.${rider.username}.refreshToken`
const newPassword = 'N3w-Passw0rd!'
const incorrect = { code: 'NotAuthorizedException', message: 'Incorrect username or password.' }
const passwordFlow = {
  explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const),
}

type Overrides = Parameters<typeof createTestPool>[0]

interface Stage extends IdentityPool {
  readonly cloud: TestPool
  /** of the rider, who may or may not exist */
  readonly user: CognitoUser
}

async function start(overrides: Overrides = {}): Promise<Stage> {
  const cloud = await createTestPool(overrides)
  const identity = openIdentityPool(cloud.endpoint)
  return { ...identity, cloud, user: identity.createUser(rider.username) }
}

/** A confirmed rider whose session the library holds, without the third of a second SRP takes. */
async function startSignedIn(overrides: Overrides = {}): Promise<Stage> {
  const stage = await start(overrides)
  stage.user.setSignInUserSession(toSession(await signInUser(stage.cloud)))
  return stage
}

function toSession(tokens: Tokens): CognitoUserSession {
  return new CognitoUserSession({
    IdToken: new CognitoIdToken(tokens),
    AccessToken: new CognitoAccessToken(tokens),
    RefreshToken: new CognitoRefreshToken(tokens),
  })
}

/** Signs in by password, one request, as far as it goes. */
function beginPasswordSignIn(user: CognitoUser, password: string = rider.password) {
  user.setAuthenticationFlowType('USER_PASSWORD_AUTH')
  return takeStep((handlers) =>
    user.authenticateUser(toDetails({ username: user.getUsername(), password }), handlers),
  )
}

/** A user the owner made, who must choose another password first. */
async function inviteUser(cloud: TestPool, password: string): Promise<void> {
  expectSuccess(
    await callAsOwner(cloud, 'AdminCreateUser', {
      Username: rider.username,
      TemporaryPassword: password,
      UserAttributes: [
        { Name: 'email', Value: rider.username },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  )
}

/** Sets up an authenticator app and has sign-in ask for its codes. */
async function setUpTotp({ user, cloud }: Stage): Promise<string> {
  const secret = await associate(user)
  await verify(user, codeOf(secret, cloud))
  await toPromise((settle) =>
    user.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, settle),
  )
  return secret
}

function associate(user: CognitoUser): Promise<string> {
  return new Promise((associateSecretCode, onFailure) =>
    user.associateSoftwareToken({ associateSecretCode, onFailure }),
  )
}

function verify(user: CognitoUser, code: string): Promise<unknown> {
  return fromHandlers((handlers) => user.verifySoftwareToken(code, 'phone', handlers))
}

function readAttributes(list: readonly { Name: string; Value: string }[]) {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]))
}

describe('a pool object', () => {
  test('knows itself and its last user', async () => {
    const { pool, user } = await startSignedIn()

    expect([pool.getUserPoolId(), pool.getUserPoolName(), pool.getClientId()]).toEqual([
      UserPoolId,
      UserPoolId.split('_')[1],
      ClientId,
    ])
    expect(pool.getCurrentUser()?.getUsername()).toBe(user.getUsername())
  })
})

describe('somebody new', () => {
  test('signs up, asks for another code, proves the address and signs in by SRP', async () => {
    const server = await startLocalCloud()
    const { pool, createUser, storage } = openIdentityPool(server.endpoint)
    const email = new CognitoUserAttribute({ Name: 'email', Value: rider.username })
    const signedUp = await toPromise<{ user: CognitoUser; userConfirmed: boolean }>((settle) =>
      pool.signUp(rider.username, rider.password, [email], [], settle),
    )
    const { user } = signedUp
    expect(signedUp.userConfirmed).toBe(false)

    const wrong = otherThan(latestCodeFor(server, rider.username))
    await expect(
      toPromise((settle) => user.confirmRegistration(wrong, true, settle)),
    ).rejects.toMatchObject({ code: 'CodeMismatchException' })
    await toPromise((settle) => user.resendConfirmationCode(settle))
    const code = latestCodeFor(server, rider.username)
    expect(await toPromise((settle) => user.confirmRegistration(code, true, settle))).toBe(
      'SUCCESS',
    )

    const sameUser = createUser(rider.username)
    expect(sameUser.getAuthenticationFlowType()).toBe('USER_SRP_AUTH')
    const step = await takeStep((handlers) => sameUser.authenticateUser(toDetails(rider), handlers))
    if (step.kind !== 'signed-in') throw new Error(`expected to be signed in, not ${step.kind}`)
    expect(sameUser.getSignInUserSession()).toBe(step.session)
    expect(storage.get(refreshKey)).toBe(step.session.getRefreshToken().getToken())
    await expectVerifiedTokens(server, {
      idToken: step.session.getIdToken().getJwtToken(),
      accessToken: step.session.getAccessToken().getJwtToken(),
    })
  })

  test('may leave attributes out, and is then sent nothing', async () => {
    const { pool, cloud } = await start()
    const signedUp = await toPromise<{ codeDeliveryDetails: unknown }>((settle) =>
      pool.signUp('rider', rider.password, [], [], settle),
    )

    expect(signedUp.codeDeliveryDetails).toBeUndefined()
    expect(cloud.outboxLetters).toHaveLength(0)
  })

  test('who was invited chooses a password after SRP, and gets no further with a weak one', async () => {
    const { user, cloud } = await start()
    await inviteUser(cloud, rider.password)
    const step = await takeStep((handlers) => user.authenticateUser(toDetails(rider), handlers))
    expect(step).toEqual({
      kind: 'new-password-required',
      userAttributes: expect.objectContaining({ email: rider.username, email_verified: 'true' }),
      requiredAttributes: [],
    })

    const complete = (password: string, attributes: Readonly<Record<string, string>>) =>
      takeStep((handlers) => user.completeNewPasswordChallenge(password, attributes, handlers))
    await expect(complete('weak-password', {})).rejects.toMatchObject({
      code: 'InvalidPasswordException',
      message: 'Password does not conform to policy: Password must have uppercase characters',
    })
    expect(await complete(newPassword, { name: 'Rider' })).toMatchObject({ kind: 'signed-in' })
    expect(requireStoredUser(cloud, rider.username)).toMatchObject({ status: 'CONFIRMED' })
    expect(requireStoredUser(cloud, rider.username).attributes.get('name')).toBe('Rider')
  })

  test('who was invited chooses a password after a sign-in by password as well', async () => {
    const { user, cloud } = await start(passwordFlow)
    await inviteUser(cloud, rider.password)
    expect(await beginPasswordSignIn(user)).toMatchObject({ kind: 'new-password-required' })

    expect(
      await takeStep((handlers) => user.completeNewPasswordChallenge(newPassword, {}, handlers)),
    ).toMatchObject({ kind: 'signed-in' })
  })

  test('signs up again after deleting the account', async () => {
    const { user, cloud, storage } = await startSignedIn()
    expect(await toPromise((settle) => user.deleteUser(settle))).toBe('SUCCESS')

    expect(storage.size).toBe(0)
    expect(cloud.store.findUser(rider.username)).toBeUndefined()
    await confirmUser(cloud)
    expect(requireStoredUser(cloud, rider.username).status).toBe('CONFIRMED')
  })
})

describe('a sign-in by password', () => {
  test('gives a session where the client allows it', async () => {
    const { user, cloud, storage } = await start(passwordFlow)
    await confirmUser(cloud)

    expect(await beginPasswordSignIn(user)).toMatchObject({ kind: 'signed-in' })
    expect(storage.has(refreshKey)).toBe(true)
  })

  test('is refused with a wrong one', async () => {
    const { user, cloud } = await start(passwordFlow)
    await confirmUser(cloud)

    await expect(beginPasswordSignIn(user, newPassword)).rejects.toMatchObject(incorrect)
  })

  test('is refused where the client does not allow it', async () => {
    const { user, cloud } = await start()
    await confirmUser(cloud)

    await expect(beginPasswordSignIn(user)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: 'USER_PASSWORD_AUTH flow not enabled for this client',
    })
  })
})

describe('an authenticator app', () => {
  const optional = { ...passwordFlow, mfaConfiguration: 'OPTIONAL' } as const

  test('set up by somebody signed in is asked for at the next sign-in', async () => {
    const { user, cloud, createUser } = await startSignedIn(optional)
    const secret = await associate(user)
    await expect(verify(user, otherThan(codeOf(secret, cloud)))).rejects.toMatchObject({
      code: 'EnableSoftwareTokenMFAException',
    })
    expect(await verify(user, codeOf(secret, cloud))).toMatchObject({ Status: 'SUCCESS' })
    expect(
      await toPromise((settle) =>
        user.setUserMfaPreference(null, { Enabled: true, PreferredMfa: true }, settle),
      ),
    ).toBe('SUCCESS')

    const later = createUser(rider.username)
    expect(await beginPasswordSignIn(later)).toEqual({
      kind: 'totp-required',
      parameters: { USER_ID_FOR_SRP: rider.username, FRIENDLY_DEVICE_NAME: 'phone' },
    })
    const sendCode = (code: string) =>
      takeStep((handlers) => later.sendMFACode(code, handlers, 'SOFTWARE_TOKEN_MFA'))
    await expect(sendCode(otherThan(codeOf(secret, cloud, 1)))).rejects.toMatchObject({
      code: 'CodeMismatchException',
      message: 'Invalid code received for user',
    })
    expect(await sendCode(codeOf(secret, cloud, 1))).toMatchObject({ kind: 'signed-in' })
    expect(
      cloud.store.findSoftwareToken(requireStoredUser(cloud, rider.username).sub),
    ).toMatchObject({ enabled: true, preferred: true })
  })

  test('is asked for after SRP too', async () => {
    const stage = await startSignedIn({ mfaConfiguration: 'OPTIONAL' })
    const { cloud, createUser } = stage
    const secret = await setUpTotp(stage)
    const later = createUser(rider.username)

    expect(
      await takeStep((handlers) => later.authenticateUser(toDetails(rider), handlers)),
    ).toMatchObject({ kind: 'totp-required' })
    expect(
      await takeStep((handlers) =>
        later.sendMFACode(codeOf(secret, cloud, 1), handlers, 'SOFTWARE_TOKEN_MFA'),
      ),
    ).toMatchObject({ kind: 'signed-in' })
  })

  test('is set up on the way in where the pool demands one', async () => {
    const { user, cloud, createUser } = await start({ ...passwordFlow, mfaConfiguration: 'ON' })
    await confirmUser(cloud)
    expect(await beginPasswordSignIn(user)).toEqual({
      kind: 'mfa-setup',
      parameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]', USER_ID_FOR_SRP: rider.username },
    })
    const secret = await associate(user)
    const session = await verify(user, codeOf(secret, cloud))

    expect(session).toBe(user.getSignInUserSession())
    expect(user.getSignInUserSession()?.isValid()).toBe(true)
    expect(await beginPasswordSignIn(createUser(rider.username))).toMatchObject({
      kind: 'totp-required',
    })
  })

  test('is no longer asked for once it is switched off', async () => {
    const stage = await startSignedIn(optional)
    const { user, createUser } = stage
    await setUpTotp(stage)
    await toPromise((settle) =>
      user.setUserMfaPreference(null, { Enabled: false, PreferredMfa: false }, settle),
    )

    expect(await beginPasswordSignIn(createUser(rider.username))).toMatchObject({
      kind: 'signed-in',
    })
  })

  test('shows in the user data', async () => {
    const stage = await startSignedIn(optional)
    await setUpTotp(stage)

    expect(await toPromise((settle) => stage.user.getUserData(settle))).toMatchObject({
      Username: rider.username,
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    })
  })

  test('cannot be set up in a pool without', async () => {
    const { user } = await startSignedIn({ mfaConfiguration: 'OFF' })

    await expect(associate(user)).rejects.toMatchObject({
      code: 'SoftwareTokenMFANotFoundException',
      message: 'Software Token MFA has not been enabled by the userPool',
    })
  })
})

describe('a password', () => {
  test('that is forgotten is set anew, and the code may be shown as asked for', async () => {
    const { user, cloud } = await start(passwordFlow)
    await confirmUser(cloud)
    const details = { CodeDeliveryDetails: { Destination: 'r***@e***' } }
    expect(await fromHandlers((handlers) => user.forgotPassword(handlers))).toMatchObject(details)
    const shown = await new Promise((inputVerificationCode, onFailure) =>
      user.forgotPassword({ onSuccess: onFailure, onFailure, inputVerificationCode }),
    )
    expect(shown).toMatchObject(details)

    const reset = (code: string) =>
      fromHandlers((handlers) => user.confirmPassword(code, newPassword, handlers))
    const code = latestCodeFor(cloud, rider.username)
    await expect(reset(otherThan(code))).rejects.toMatchObject({ code: 'CodeMismatchException' })
    expect(await reset(code)).toBe('SUCCESS')
    expect(await beginPasswordSignIn(user, newPassword)).toMatchObject({ kind: 'signed-in' })
  })

  test('is changed by its owner, who must know the old one', async () => {
    const { user } = await startSignedIn(passwordFlow)
    const change = (old: string) =>
      toPromise((settle) => user.changePassword(old, newPassword, settle))

    await expect(change(newPassword)).rejects.toMatchObject(incorrect)
    expect(await change(rider.password)).toBe('SUCCESS')
    expect(await beginPasswordSignIn(user, newPassword)).toMatchObject({ kind: 'signed-in' })
  })
})

describe('attributes', () => {
  test('are read, changed and deleted', async () => {
    const { user } = await startSignedIn()
    const name = new CognitoUserAttribute({ Name: 'name', Value: 'Rider' })
    const read = async () =>
      readAttributes(
        await toPromise<CognitoUserAttribute[]>((settle) => user.getUserAttributes(settle)),
      )

    expect(await toPromise((settle) => user.updateAttributes([name], settle))).toBe('SUCCESS')
    expect(await read()).toMatchObject({ name: 'Rider', email_verified: 'true' })
    expect(await toPromise((settle) => user.deleteAttributes(['name'], settle))).toBe('SUCCESS')
    expect(await read()).not.toHaveProperty('name')
  })

  test('come from the cache unless it is bypassed, which refreshes the session too', async () => {
    const { user, cloud, storage } = await startSignedIn()
    const read = async (params: object) =>
      readAttributes(
        (
          await toPromise<{ UserAttributes: { Name: string; Value: string }[] }>((settle) =>
            user.getUserData(settle, params),
          )
        ).UserAttributes,
      )
    await read({})
    const other = openIdentityPool(cloud.endpoint).createUser(rider.username)
    other.setSignInUserSession(toSession(await startSessionOf(cloud)))
    await toPromise((settle) => other.updateAttributes([{ Name: 'name', Value: 'Rider' }], settle))
    const before = user.getSignInUserSession()

    expect(await read({})).not.toHaveProperty('name')
    expect(await read({ bypassCache: true })).toMatchObject({ name: 'Rider' })
    expect(user.getSignInUserSession()).not.toBe(before)
    expect([...storage.keys()]).toContain(
      `CognitoIdentityServiceProvider.${ClientId}.${rider.username}.userData`,
    )
  })

  test('that the caller may not write are refused', async () => {
    const { user } = await startSignedIn()

    await expect(
      toPromise((settle) =>
        user.updateAttributes([{ Name: 'email_verified', Value: 'true' }], settle),
      ),
    ).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'A client attempted to write unauthorized attribute',
    })
  })

  test('such as a new address wait for the code that was sent there', async () => {
    const { user, cloud } = await startSignedIn()
    const address = 'new@example.com'
    const details = await new Promise((resolve, reject) =>
      user.updateAttributes([{ Name: 'email', Value: address }], (error, _, result: unknown) =>
        error ? reject(error) : resolve(result),
      ),
    )
    expect(details).toMatchObject({ CodeDeliveryDetailsList: [{ Destination: 'n***@e***' }] })
    const superseded = latestCodeFor(cloud, address)
    const shown = await new Promise((inputVerificationCode, onFailure) =>
      user.getAttributeVerificationCode('email', {
        onSuccess: onFailure,
        onFailure,
        inputVerificationCode,
      }),
    )
    expect(shown).toMatchObject({ CodeDeliveryDetails: { Destination: 'n***@e***' } })
    expect(
      await fromHandlers((handlers) => user.getAttributeVerificationCode('email', handlers)),
    ).toBe('SUCCESS')

    const prove = (code: string) =>
      fromHandlers((handlers) => user.verifyAttribute('email', code, handlers))
    await expect(prove(superseded)).rejects.toMatchObject({ code: 'ExpiredCodeException' })
    expect(await prove(latestCodeFor(cloud, address))).toBe('SUCCESS')
    expect(requireStoredUser(cloud, rider.username).attributes.get('email')).toBe(address)
  })
})

/** Lets time pass for the library and for the pool alike. */
function passTime({ clock }: TestPool, seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  clock.advance(seconds)
}

/** Has every wait of the library be over at once. */
function skipWaits(): void {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  vi.setTimerTickMode('nextTimerAsync')
  onTestFinished(() => {
    vi.useRealTimers()
  })
}

function getSession(user: CognitoUser): Promise<CognitoUserSession> {
  return new Promise((resolve, reject) =>
    user.getSession((error: Error | null, session: CognitoUserSession | null) =>
      session ? resolve(session) : reject(error),
    ),
  )
}

const accessToken = (session: CognitoUserSession | null) => session?.getAccessToken().getJwtToken()

describe('a session', () => {
  test('is found again in the storage, with no request', async () => {
    const { user, cloud, pool } = await startSignedIn()
    const requests = cloud.logEntries.length
    const found = pool.getCurrentUser()
    if (!found) throw new Error('expected a user in the storage')

    expect(accessToken(await getSession(found))).toBe(accessToken(user.getSignInUserSession()))
    expect(cloud.logEntries).toHaveLength(requests)
  })

  test('that has run out is renewed by getSession', async () => {
    const { user, cloud, createUser } = await startSignedIn()
    const old = user.getSignInUserSession()
    passTime(cloud, 3601)
    expect(old?.isValid()).toBe(false)
    const renewed = await getSession(createUser(rider.username))

    expect(renewed.isValid()).toBe(true)
    expect(accessToken(renewed)).not.toBe(accessToken(old))
    expect(renewed.getRefreshToken().getToken()).toBe(old?.getRefreshToken().getToken())
    expect(cloud.logEntries.at(-1)).toMatchObject({ operation: 'InitiateAuth', status: 200 })
  })

  test('is renewed on demand, and the new tokens work', async () => {
    const { user } = await startSignedIn()
    const old = await getSession(user)
    const renewed = await toPromise<CognitoUserSession>((settle) =>
      user.refreshSession(old.getRefreshToken(), settle),
    )

    expect(accessToken(renewed)).not.toBe(accessToken(old))
    expect(await toPromise((settle) => user.getUserAttributes(settle))).not.toHaveLength(0)
  })

  test('that ended everywhere is given up after the retries of the library, and forgotten', async () => {
    const { user, cloud, createUser, storage } = await startSignedIn()
    const ended = await getSession(user)
    const elsewhere = createUser(rider.username)
    elsewhere.setSignInUserSession(toSession(await startSessionOf(cloud)))
    expect(await fromHandlers((handlers) => elsewhere.globalSignOut(handlers))).toBe('SUCCESS')
    expect(storage.size).toBe(0)
    user.setSignInUserSession(ended)
    const requests = cloud.logEntries.length
    skipWaits()

    await expect(
      toPromise((settle) => user.refreshSession(ended.getRefreshToken(), settle)),
    ).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    })
    expect(storage.size).toBe(0)
    expect(cloud.logEntries.slice(requests)).toHaveLength(6)
  })

  test('ends with a sign-out that revokes it', async () => {
    const { user, cloud, storage } = await startSignedIn()
    const session = await getSession(user)
    await new Promise<void>((resolve) => user.signOut(() => resolve()))

    expect(storage.size).toBe(0)
    user.setSignInUserSession(session)
    await expect(toPromise((settle) => user.getUserAttributes(settle))).rejects.toMatchObject({
      code: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
    expect(cloud.logEntries.at(-2)).toMatchObject({ operation: 'RevokeToken', status: 200 })
  })

  test('is only forgotten by a sign-out without a callback', async () => {
    const { user, cloud, storage } = await startSignedIn()
    const session = await getSession(user)
    const requests = cloud.logEntries.length
    user.signOut()

    expect(storage.size).toBe(0)
    expect(cloud.logEntries).toHaveLength(requests)
    user.setSignInUserSession(session)
    expect(await toPromise((settle) => user.getUserAttributes(settle))).not.toHaveLength(0)
  })

  test('cannot be renewed on a client that rotates refresh tokens, and is told why', async () => {
    const { user } = await startSignedIn({ rotationGraceSeconds: 0 })
    const session = await getSession(user)
    skipWaits()

    await expect(
      toPromise((settle) => user.refreshSession(session.getRefreshToken(), settle)),
    ).rejects.toMatchObject({
      code: 'UnsupportedOperationException',
      message: 'This API does not support refresh token rotation',
    })
  })
})

describe('what this pool does not have', () => {
  const deviceKey = 'us-east-1_0c4d8a52-5a7c-4f0e-9d6b-3a5a2f3b7c11'
  const noDevices = {
    code: 'InvalidParameterException',
    message: 'Device tracking is not configured for this user pool.',
  }
  const noSms = {
    code: 'InvalidParameterException',
    message: 'SMS MFA is not configured for this user pool.',
  }
  const noSession = { code: 'NotAuthorizedException', message: 'Invalid session for the user.' }

  test.each<[string, (user: CognitoUser) => Promise<unknown>]>([
    ['getDevice', (user) => fromHandlers((handlers) => user.getDevice(handlers))],
    ['listDevices', (user) => fromHandlers((handlers) => user.listDevices(10, null, handlers))],
    ['forgetDevice', (user) => fromHandlers((handlers) => user.forgetDevice(handlers))],
    [
      'forgetSpecificDevice',
      (user) => fromHandlers((handlers) => user.forgetSpecificDevice(deviceKey, handlers)),
    ],
    [
      'setDeviceStatusRemembered',
      (user) => fromHandlers((handlers) => user.setDeviceStatusRemembered(handlers)),
    ],
    [
      'setDeviceStatusNotRemembered',
      (user) => fromHandlers((handlers) => user.setDeviceStatusNotRemembered(handlers)),
    ],
  ])('fails %s with words about devices', async (_, callMethod) => {
    const { user } = await startSignedIn()
    user.getCachedDeviceKeyAndPassword()

    await expect(callMethod(user)).rejects.toMatchObject(noDevices)
  })

  test.each<[string, (user: CognitoUser) => Promise<unknown>]>([
    ['enableMFA', (user) => toPromise((settle) => user.enableMFA(settle))],
    ['disableMFA', (user) => toPromise((settle) => user.disableMFA(settle))],
  ])('fails %s with words about SMS', async (_, callMethod) => {
    const { user } = await startSignedIn()

    await expect(callMethod(user)).rejects.toMatchObject(noSms)
  })

  test('is absent from the MFA options', async () => {
    const { user } = await startSignedIn()
    const answer = await new Promise((resolve) =>
      user.getMFAOptions((error, options) => resolve({ error, options })),
    )

    expect(answer).toEqual({ error: null, options: undefined })
  })

  test('fails SMS as a preference with words about SMS', async () => {
    const { user } = await startSignedIn()

    await expect(
      toPromise((settle) =>
        user.setUserMfaPreference({ Enabled: true, PreferredMfa: true }, null, settle),
      ),
    ).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: 'User does not have delivery config set to turn on SMS_MFA',
    })
  })

  test.each<[string, object, (user: CognitoUser) => Promise<unknown>]>([
    [
      'initiateAuth',
      {
        code: 'InvalidParameterException',
        message: 'Custom auth lambda trigger is not configured for the user pool.',
      },
      (user) => takeStep((handlers) => user.initiateAuth(toDetails(rider), handlers)),
    ],
    [
      'sendCustomChallengeAnswer',
      noSession,
      (user) => takeStep((handlers) => user.sendCustomChallengeAnswer('answer', handlers)),
    ],
    [
      'sendMFASelectionAnswer',
      noSession,
      (user) => takeStep((handlers) => user.sendMFASelectionAnswer('SMS_MFA', handlers)),
    ],
    [
      'sendMFACode for an SMS',
      noSession,
      (user) => takeStep((handlers) => user.sendMFACode('123456', handlers)),
    ],
  ])('fails %s as a challenge nobody was given', async (_, refusal, callMethod) => {
    const { user, cloud } = await start()
    await confirmUser(cloud)

    await expect(callMethod(user)).rejects.toMatchObject(refusal)
  })
})

/** The methods of a class of the library that its typings offer to everyone. */
function listPublicMethods({ name, prototype }: { name: string; prototype: object }) {
  const typings = readFileSync(
    new URL('../../../node_modules/amazon-cognito-identity-js/index.d.ts', import.meta.url),
    'utf8',
  )
  const [, body = ''] = typings.split(`export class ${name} {`)
  const [members = ''] = body.split('\n\t}\n')
  const declared = new Set([...members.matchAll(/public (\w+)\(/g)].map(([, method]) => method))
  return Object.getOwnPropertyNames(prototype).filter((method) => declared.has(method))
}

test.each([
  { type: CognitoUser, count: 40 },
  { type: CognitoUserPool, count: 5 },
])('this file calls every public method of $type.name', ({ type, count }) => {
  const source = readFileSync(fileURLToPath(import.meta.url), 'utf8')
  const methods = listPublicMethods(type)

  expect(methods).toHaveLength(count)
  expect(methods.filter((method) => !source.includes(`.${method}(`))).toEqual([])
})
