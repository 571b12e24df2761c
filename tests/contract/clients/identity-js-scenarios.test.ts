/**
 * Every method of the unchanged amazon-cognito-identity-js against the local pool: it works with each
 * response and reports each error.
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
  type ISignUpResult,
} from 'amazon-cognito-identity-js'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { expectSuccess } from '../../support/cognito-api.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import {
  fromHandlers,
  type IdentityPool,
  openIdentityPool,
  takeStep,
  toDetails,
  toPromise,
} from '../../support/identity-client.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { bySms, createRiderWithPhone, phone, withSmsMfa } from '../../support/phones.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { currentTotp } from '../../support/totp.ts'
import {
  ClientId,
  createConfirmedUser,
  createSignedInUser,
  differentCode,
  latestCodeFor,
  requireStoredUser,
  rider,
  startSessionFor,
  type Tokens,
  UserPoolId,
} from '../../support/users.ts'
import { expectVerifiedTokens } from '../../support/verified-tokens.ts'

const refreshKey = `CognitoIdentityServiceProvider.${ClientId}.${rider.username}.refreshToken`
const newPassword = 'N3w-Passw0rd!'
const incorrect = { code: 'NotAuthorizedException', message: 'Incorrect username or password.' }
const passwordFlow = {
  explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const),
}

type Overrides = Parameters<typeof createTestPool>[0]

interface Stage extends IdentityPool {
  readonly cloud: TestPool
  /** the user of the tests, who may not exist yet */
  readonly user: CognitoUser
}

async function start(overrides: Overrides = {}): Promise<Stage> {
  const cloud = await createTestPool(overrides)
  const identity = openIdentityPool(cloud.endpoint)
  return { ...identity, cloud, user: identity.createUser(rider.username) }
}

/** A confirmed user whose session the library holds, without the third of a second that SRP takes. */
async function startSignedIn(overrides: Overrides = {}): Promise<Stage> {
  const stage = await start(overrides)
  stage.user.setSignInUserSession(toSession(await createSignedInUser(stage.cloud)))
  return stage
}

function toSession(tokens: Tokens): CognitoUserSession {
  return new CognitoUserSession({
    IdToken: new CognitoIdToken(tokens),
    AccessToken: new CognitoAccessToken(tokens),
    RefreshToken: new CognitoRefreshToken(tokens),
  })
}

/** Starts a sign-in by USER_PASSWORD_AUTH and returns the step it leads to. */
function beginPasswordSignIn(user: CognitoUser, password: string = rider.password) {
  user.setAuthenticationFlowType('USER_PASSWORD_AUTH')
  return takeStep((handlers) =>
    user.authenticateUser(toDetails({ username: user.getUsername(), password }), handlers),
  )
}

/** An invited user, who must set a new password first. */
async function inviteUser(cloud: TestPool, password: string): Promise<void> {
  expectSuccess(
    await callWithIam(cloud, 'AdminCreateUser', {
      Username: rider.username,
      TemporaryPassword: password,
      UserAttributes: [
        { Name: 'email', Value: rider.username },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  )
}

/** Sets up an authenticator app and enables TOTP. */
async function setUpTotp({ user, cloud }: Stage): Promise<string> {
  const secret = await associate(user)
  await verify(user, currentTotp(secret, cloud))
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

describe('CognitoUserPool', () => {
  test('CognitoUserPool returns its ids and the last user', async () => {
    const { pool, user } = await startSignedIn()

    expect([pool.getUserPoolId(), pool.getUserPoolName(), pool.getClientId()]).toEqual([
      UserPoolId,
      UserPoolId.split('_')[1],
      ClientId,
    ])
    expect(pool.getCurrentUser()?.getUsername()).toBe(user.getUsername())
  })
})

describe('sign-up with amazon-cognito-identity-js', () => {
  test('sign-up: a second code, confirmation and a sign-in by SRP', async () => {
    const server = await startLocalCloud()
    const { pool, createUser, storage } = openIdentityPool(server.endpoint)
    const email = new CognitoUserAttribute({ Name: 'email', Value: rider.username })
    const signedUp = await toPromise<{ user: CognitoUser; userConfirmed: boolean }>((settle) =>
      pool.signUp(rider.username, rider.password, [email], [], settle),
    )
    const { user } = signedUp
    expect(signedUp.userConfirmed).toBe(false)

    const wrong = differentCode(latestCodeFor(server, rider.username))
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

  test('sign-up: attributes are optional, and no code is sent without an address', async () => {
    const { pool, cloud } = await start()
    const signedUp = await toPromise<{ codeDeliveryDetails: unknown }>((settle) =>
      pool.signUp('rider', rider.password, [], [], settle),
    )

    expect(signedUp.codeDeliveryDetails).toBeUndefined()
    expect(cloud.sentEmails).toHaveLength(0)
  })

  test('NEW_PASSWORD_REQUIRED: an invited user sets a password after SRP, and a weak one is rejected', async () => {
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

  test('NEW_PASSWORD_REQUIRED: an invited user sets a password after USER_PASSWORD_AUTH', async () => {
    const { user, cloud } = await start(passwordFlow)
    await inviteUser(cloud, rider.password)
    expect(await beginPasswordSignIn(user)).toMatchObject({ kind: 'new-password-required' })

    expect(
      await takeStep((handlers) => user.completeNewPasswordChallenge(newPassword, {}, handlers)),
    ).toMatchObject({ kind: 'signed-in' })
  })

  test('sign-up: a deleted user can sign up again', async () => {
    const { user, cloud, storage } = await startSignedIn()
    expect(await toPromise((settle) => user.deleteUser(settle))).toBe('SUCCESS')

    expect(storage.size).toBe(0)
    expect(cloud.store.findUser(rider.username)).toBeUndefined()
    await createConfirmedUser(cloud)
    expect(requireStoredUser(cloud, rider.username).status).toBe('CONFIRMED')
  })
})

describe('USER_PASSWORD_AUTH', () => {
  test('USER_PASSWORD_AUTH: it gives a session when the client allows the flow', async () => {
    const { user, cloud, storage } = await start(passwordFlow)
    await createConfirmedUser(cloud)

    expect(await beginPasswordSignIn(user)).toMatchObject({ kind: 'signed-in' })
    expect(storage.has(refreshKey)).toBe(true)
  })

  test('USER_PASSWORD_AUTH: a wrong password is rejected', async () => {
    const { user, cloud } = await start(passwordFlow)
    await createConfirmedUser(cloud)

    await expect(beginPasswordSignIn(user, newPassword)).rejects.toMatchObject(incorrect)
  })

  test('USER_PASSWORD_AUTH: it is rejected when the client does not allow the flow', async () => {
    const { user, cloud } = await start()
    await createConfirmedUser(cloud)

    await expect(beginPasswordSignIn(user)).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: 'USER_PASSWORD_AUTH flow not enabled for this client',
    })
  })
})

describe('TOTP with amazon-cognito-identity-js', () => {
  const optional = { ...passwordFlow, mfaConfiguration: 'OPTIONAL' } as const

  test('TOTP: an authenticator app set up while signed in is asked for at the next sign-in', async () => {
    const { user, cloud, createUser } = await startSignedIn(optional)
    const secret = await associate(user)
    await expect(verify(user, differentCode(currentTotp(secret, cloud)))).rejects.toMatchObject({
      code: 'EnableSoftwareTokenMFAException',
    })
    expect(await verify(user, currentTotp(secret, cloud))).toMatchObject({ Status: 'SUCCESS' })
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
    await expect(sendCode(differentCode(currentTotp(secret, cloud, 1)))).rejects.toMatchObject({
      code: 'CodeMismatchException',
      message: 'Invalid code received for user',
    })
    expect(await sendCode(currentTotp(secret, cloud, 1))).toMatchObject({ kind: 'signed-in' })
    expect(
      cloud.store.findSoftwareToken(requireStoredUser(cloud, rider.username).sub),
    ).toMatchObject({ enabled: true, preferred: true })
  })

  test('TOTP: it is asked for after SRP too', async () => {
    const stage = await startSignedIn({ mfaConfiguration: 'OPTIONAL' })
    const { cloud, createUser } = stage
    const secret = await setUpTotp(stage)
    const later = createUser(rider.username)

    expect(
      await takeStep((handlers) => later.authenticateUser(toDetails(rider), handlers)),
    ).toMatchObject({ kind: 'totp-required' })
    expect(
      await takeStep((handlers) =>
        later.sendMFACode(currentTotp(secret, cloud, 1), handlers, 'SOFTWARE_TOKEN_MFA'),
      ),
    ).toMatchObject({ kind: 'signed-in' })
  })

  test('TOTP: it is set up during sign-in where the pool requires MFA', async () => {
    const { user, cloud, createUser } = await start({ ...passwordFlow, mfaConfiguration: 'ON' })
    await createConfirmedUser(cloud)
    expect(await beginPasswordSignIn(user)).toEqual({
      kind: 'mfa-setup',
      parameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]', USER_ID_FOR_SRP: rider.username },
    })
    const secret = await associate(user)
    const session = await verify(user, currentTotp(secret, cloud))

    expect(session).toBe(user.getSignInUserSession())
    expect(user.getSignInUserSession()?.isValid()).toBe(true)
    expect(await beginPasswordSignIn(createUser(rider.username))).toMatchObject({
      kind: 'totp-required',
    })
  })

  test('TOTP: it is no longer asked for once it is disabled', async () => {
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

  test('TOTP: getUserData reports it', async () => {
    const stage = await startSignedIn(optional)
    await setUpTotp(stage)

    expect(await toPromise((settle) => stage.user.getUserData(settle))).toMatchObject({
      Username: rider.username,
      PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA',
      UserMFASettingList: ['SOFTWARE_TOKEN_MFA'],
    })
  })

  test('TOTP: it cannot be set up in a pool with MFA OFF', async () => {
    const { user } = await startSignedIn({ mfaConfiguration: 'OFF' })

    await expect(associate(user)).rejects.toMatchObject({
      code: 'SoftwareTokenMFANotFoundException',
      message: 'Software Token MFA has not been enabled by the userPool',
    })
  })
})

describe('password with amazon-cognito-identity-js', () => {
  test('password reset: the mailed code sets a new password, also with inputVerificationCode', async () => {
    const { user, cloud } = await start(passwordFlow)
    await createConfirmedUser(cloud)
    const details = { CodeDeliveryDetails: { Destination: 'r***@e***' } }
    expect(await fromHandlers((handlers) => user.forgotPassword(handlers))).toMatchObject(details)
    const shown = await new Promise((inputVerificationCode, onFailure) =>
      user.forgotPassword({ onSuccess: onFailure, onFailure, inputVerificationCode }),
    )
    expect(shown).toMatchObject(details)

    const reset = (code: string) =>
      fromHandlers((handlers) => user.confirmPassword(code, newPassword, handlers))
    const code = latestCodeFor(cloud, rider.username)
    await expect(reset(differentCode(code))).rejects.toMatchObject({
      code: 'CodeMismatchException',
    })
    expect(await reset(code)).toBe('SUCCESS')
    expect(await beginPasswordSignIn(user, newPassword)).toMatchObject({ kind: 'signed-in' })
  })

  test('change of password: the old password is required', async () => {
    const { user } = await startSignedIn(passwordFlow)
    const change = (old: string) =>
      toPromise((settle) => user.changePassword(old, newPassword, settle))

    await expect(change(newPassword)).rejects.toMatchObject(incorrect)
    expect(await change(rider.password)).toBe('SUCCESS')
    expect(await beginPasswordSignIn(user, newPassword)).toMatchObject({ kind: 'signed-in' })
  })
})

describe('user attributes with amazon-cognito-identity-js', () => {
  test('user attributes: they are read, updated and deleted', async () => {
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

  test('user attributes: getUserData uses its cache unless bypassed, and a bypass refreshes the session', async () => {
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
    other.setSignInUserSession(toSession(await startSessionFor(cloud)))
    await toPromise((settle) => other.updateAttributes([{ Name: 'name', Value: 'Rider' }], settle))
    const before = user.getSignInUserSession()

    expect(await read({})).not.toHaveProperty('name')
    expect(await read({ bypassCache: true })).toMatchObject({ name: 'Rider' })
    expect(user.getSignInUserSession()).not.toBe(before)
    expect([...storage.keys()]).toContain(
      `CognitoIdentityServiceProvider.${ClientId}.${rider.username}.userData`,
    )
  })

  test('user attributes: an attribute that is not writable is rejected', async () => {
    const { user } = await startSignedIn()

    await expect(
      toPromise((settle) =>
        user.updateAttributes([{ Name: 'email_verified', Value: 'true' }], settle),
      ),
    ).rejects.toMatchObject({
      code: 'InvalidParameterException',
      message: 'Cannot modify the non-mutable attribute email_verified',
    })
  })

  test('change of email: the new address is pending until its code is confirmed', async () => {
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

/** Moves the clocks of the library and of the pool. */
function passTime({ clock }: TestPool, seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
  onTestFinished(() => {
    vi.useRealTimers()
  })
  clock.advance(seconds)
}

/** Ends every wait of the library at once. */
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

describe('session with amazon-cognito-identity-js', () => {
  test('session: it is restored from storage without a request', async () => {
    const { user, cloud, pool } = await startSignedIn()
    const requests = cloud.logEntries.length
    const found = pool.getCurrentUser()
    if (!found) throw new Error('expected a user in the storage')

    expect(accessToken(await getSession(found))).toBe(accessToken(user.getSignInUserSession()))
    expect(cloud.logEntries).toHaveLength(requests)
  })

  test('session: getSession refreshes an expired one', async () => {
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

  test('session: refreshSession works and the new tokens are accepted', async () => {
    const { user } = await startSignedIn()
    const old = await getSession(user)
    const renewed = await toPromise<CognitoUserSession>((settle) =>
      user.refreshSession(old.getRefreshToken(), settle),
    )

    expect(accessToken(renewed)).not.toBe(accessToken(old))
    expect(await toPromise((settle) => user.getUserAttributes(settle))).not.toHaveLength(0)
  })

  test('session: after a global sign-out elsewhere it is dropped once the retries of the library are over', async () => {
    const { user, cloud, createUser, storage } = await startSignedIn()
    const ended = await getSession(user)
    const elsewhere = createUser(rider.username)
    elsewhere.setSignInUserSession(toSession(await startSessionFor(cloud)))
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

  test('session: signOut revokes it', async () => {
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

  test('session: signOut without a callback only clears the storage', async () => {
    const { user, cloud, storage } = await startSignedIn()
    const session = await getSession(user)
    const requests = cloud.logEntries.length
    user.signOut()

    expect(storage.size).toBe(0)
    expect(cloud.logEntries).toHaveLength(requests)
    user.setSignInUserSession(session)
    expect(await toPromise((settle) => user.getUserAttributes(settle))).not.toHaveLength(0)
  })

  test('refresh token rotation: the library cannot refresh, and the error says why', async () => {
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

describe('phone numbers and SMS, with amazon-cognito-identity-js', () => {
  const withSms = { ...withSmsMfa, preventsUserExistenceErrors: false }
  const smsRequired = {
    kind: 'sms-code-required',
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
      CODE_DELIVERY_DESTINATION: bySms.Destination,
      USER_ID_FOR_SRP: rider.username,
    },
  }

  test('sign-up by phone: the code of the SMS confirms, and the phone number signs in by SRP', async () => {
    const { pool, createUser, cloud } = await start({ ...withSms, usernameModel: 'phone' })
    const result = await new Promise<ISignUpResult | undefined>((resolve, reject) =>
      pool.signUp(phone, rider.password, [], [], (error, signedUp) =>
        error ? reject(error) : resolve(signedUp),
      ),
    )
    const user = createUser(phone)

    expect(result).toMatchObject({ userConfirmed: false, codeDeliveryDetails: bySms })
    await toPromise((settle) =>
      user.confirmRegistration(latestCodeFor(cloud, phone), false, settle),
    )
    const step = await takeStep((handlers) =>
      user.authenticateUser(toDetails({ username: phone, password: rider.password }), handlers),
    )
    expect(step).toMatchObject({ kind: 'signed-in' })
  })

  test('SMS MFA: enableMFA and disableMFA, getMFAOptions, and the code that sendMFACode sends by default', async () => {
    const stage = await start(withSms)
    const { user, cloud } = stage
    await createRiderWithPhone(cloud)
    user.setSignInUserSession(toSession(await startSessionFor(cloud)))
    await toPromise((settle) => user.enableMFA(settle))
    const options = await new Promise((resolve) =>
      user.getMFAOptions((error, found) => resolve({ error, found })),
    )

    expect(options).toEqual({
      error: null,
      found: [{ DeliveryMedium: 'SMS', AttributeName: 'phone_number' }],
    })
    const second = stage.createUser(rider.username)
    expect(await beginPasswordSignIn(second)).toEqual(smsRequired)
    await expect(
      takeStep((handlers) =>
        second.sendMFACode(differentCode(latestCodeFor(cloud, phone)), handlers),
      ),
    ).rejects.toMatchObject({ code: 'CodeMismatchException' })
    expect(
      await takeStep((handlers) => second.sendMFACode(latestCodeFor(cloud, phone), handlers)),
    ).toMatchObject({ kind: 'signed-in' })
    await toPromise((settle) => second.disableMFA(settle))
    expect(await beginPasswordSignIn(stage.createUser(rider.username))).toMatchObject({
      kind: 'signed-in',
    })
  })

  test('SMS MFA: setUserMfaPreference prefers it, and getAttributeVerificationCode sends an SMS', async () => {
    const stage = await start(withSms)
    const { user, cloud } = stage
    await createRiderWithPhone(cloud)
    user.setSignInUserSession(toSession(await startSessionFor(cloud)))
    await toPromise((settle) =>
      user.setUserMfaPreference({ Enabled: true, PreferredMfa: true }, null, settle),
    )
    await fromHandlers((handlers) => user.getAttributeVerificationCode('phone_number', handlers))
    await fromHandlers((handlers) =>
      user.verifyAttribute('phone_number', latestCodeFor(cloud, phone), handlers),
    )

    expect(cloud.sentMessages.at(-1)).toMatchObject({ medium: 'SMS', to: phone })
    expect(await beginPasswordSignIn(stage.createUser(rider.username))).toEqual(smsRequired)
  })
})

describe('features this pool lacks, with amazon-cognito-identity-js', () => {
  const deviceKey = 'us-east-1_0c4d8a52-5a7c-4f0e-9d6b-3a5a2f3b7c11'
  const noDevices = {
    code: 'InvalidParameterException',
    message: 'Device tracking is not configured for this user pool.',
  }
  const noSms = {
    code: 'InvalidParameterException',
    message: 'SMS MFA is not configured for this user pool.',
  }

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
  ])('device tracking: %s fails with a message about devices', async (_, callMethod) => {
    const { user } = await startSignedIn()
    user.getCachedDeviceKeyAndPassword()

    await expect(callMethod(user)).rejects.toMatchObject(noDevices)
  })

  test.each<[string, (user: CognitoUser) => Promise<unknown>]>([
    ['enableMFA', (user) => toPromise((settle) => user.enableMFA(settle))],
    ['disableMFA', (user) => toPromise((settle) => user.disableMFA(settle))],
  ])('SMS MFA: %s fails with a message about SMS', async (_, callMethod) => {
    const { user } = await startSignedIn()

    await expect(callMethod(user)).rejects.toMatchObject(noSms)
  })

  test('SMS MFA: getMFAOptions returns none', async () => {
    const { user } = await startSignedIn()
    const response = await new Promise((resolve) =>
      user.getMFAOptions((error, options) => resolve({ error, options })),
    )

    expect(response).toEqual({ error: null, options: undefined })
  })

  test('SMS MFA: it cannot be set as the preferred factor', async () => {
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
      { code: 'InvalidParameterException', message: 'Missing required parameter Session' },
      (user) => takeStep((handlers) => user.sendCustomChallengeAnswer('answer', handlers)),
    ],
    [
      'sendMFASelectionAnswer',
      { code: 'InvalidParameterException', message: 'Missing required parameter Session' },
      (user) => takeStep((handlers) => user.sendMFASelectionAnswer('SMS_MFA', handlers)),
    ],
    [
      'sendMFACode for an SMS',
      { code: 'InvalidParameterException', message: 'Missing required parameter Session' },
      (user) => takeStep((handlers) => user.sendMFACode('123456', handlers)),
    ],
  ])(
    'custom challenge: %s fails because no such challenge was issued',
    async (_, expectedError, callMethod) => {
      const { user, cloud } = await start()
      await createConfirmedUser(cloud)

      await expect(callMethod(user)).rejects.toMatchObject(expectedError)
    },
  )
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
])('coverage: this file calls every public method of $type.name', ({ type, count }) => {
  const source = readFileSync(fileURLToPath(import.meta.url), 'utf8')
  const methods = listPublicMethods(type)

  expect(methods).toHaveLength(count)
  expect(methods.filter((method) => !source.includes(`.${method}(`))).toEqual([])
})
