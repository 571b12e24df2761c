/** Rate limits and lockouts, on the clock that tests move. */

import { describe, expect, test } from 'vitest'
import {
  cognitoLimits,
  type LimitedOperation,
  type Limits,
  noLimits,
} from '../../../src/local-cloud/user-pool/limits.ts'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { codeExpired, incorrectCredentials, userNotFound } from '../../support/cognito-errors.ts'
import {
  answerChallenge,
  requireChallenge,
  type SessionChallenge,
  signInByPassword,
  signInBySrp,
} from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { currentTotp, enableTotpMfa, moveToMiddleOfStep } from '../../support/totp.ts'
import { ENABLED, LEGACY } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  type Credentials,
  createConfirmedUser,
  createSignedInUser,
  differentCode,
  latestCodeFor,
  requireTokens,
  rider,
  signUpUser,
} from '../../support/users.ts'

const minute = 60
const hour = 3600
const Username = rider.username
const ghost = { ...rider, username: 'ghost@example.com' }
const other = { ...rider, username: 'other@example.com' }

const locked = { type: 'NotAuthorizedException', message: 'Password attempts exceeded' } as const
const exceeded = {
  type: 'LimitExceededException',
  message: 'Attempt limit exceeded, please try after some time.',
} as const

type SignIn = (pool: TestPool, credentials: Credentials) => Promise<ApiResponse>

const ways: readonly [string, SignIn][] = [
  ['by SRP', signInBySrp],
  ['by password', signInByPassword],
]

async function createPoolWithRider(limits: Limits = cognitoLimits): Promise<TestPool> {
  const pool = await createTestPool(
    { explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH']) },
    { limits },
  )
  await createConfirmedUser(pool)
  return pool
}

/** Fails `times` times, moving the clock past each wait. */
async function fail(
  pool: TestPool,
  times: number,
  { username } = rider,
  signIn: SignIn = signInByPassword,
): Promise<void> {
  for (let failure = 1; failure <= times; failure += 1) {
    if (failure > 5) pool.clock.advance(2 ** (failure - 6))
    expectError(await signIn(pool, { username, password: 'Passw0rd?' }), incorrectCredentials)
  }
}

describe.each(ways)('lockout after wrong passwords %s', (_, signIn) => {
  test('lockout: four wrong passwords cause no wait', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 4, rider, signIn)

    requireTokens(await signIn(pool, rider))
  })

  test.each([
    [5, 1],
    [6, 2],
    [7, 4],
    [10, 32],
    [14, 512],
  ])('lockout: %i wrong passwords cause a wait of %i seconds', async (times, seconds) => {
    const pool = await createPoolWithRider()
    await fail(pool, times, rider, signIn)

    pool.clock.advance(seconds - 0.001)
    expectError(await signIn(pool, rider), locked)
    pool.clock.advance(0.001)
    requireTokens(await signIn(pool, rider))
  })

  test('lockout: attempts during the wait are rejected and not counted', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 5, rider, signIn)

    for (const password of ['Passw0rd?', rider.password, 'Passw0rd?']) {
      expectError(await signIn(pool, { ...rider, password }), locked)
    }
    pool.clock.advance(1)
    requireTokens(await signIn(pool, rider))
  })

  test('lockout: the correct password resets the count', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 4, rider, signIn)
    requireTokens(await signIn(pool, rider))
    await fail(pool, 4, rider, signIn)

    requireTokens(await signIn(pool, rider))
  })

  test('user enumeration: wrong passwords of an unknown user are counted in the same way', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 5, ghost, signIn)

    expectError(await signIn(pool, ghost), locked)
    pool.clock.advance(1)
    expectError(await signIn(pool, ghost), incorrectCredentials)
    pool.clock.advance(1.999)
    expectError(await signIn(pool, ghost), locked)
  })

  test('lockout: wrong passwords are counted for each user separately', async () => {
    const pool = await createPoolWithRider()
    await createConfirmedUser(pool, other)
    await fail(pool, 5, rider, signIn)
    await fail(pool, 5, ghost, signIn)

    requireTokens(await signIn(pool, other))
  })

  test('lockout: the limits can be switched off', async () => {
    const pool = await createPoolWithRider(noLimits)
    for (let failure = 0; failure < 20; failure += 1) {
      expectError(await signIn(pool, { ...rider, password: 'Passw0rd?' }), incorrectCredentials)
    }

    requireTokens(await signIn(pool, rider))
  })
})

describe('lockout', () => {
  test('lockout: the wait is never longer than fifteen minutes', async () => {
    const pool = await createPoolWithRider()
    // Doubled once more it would be 1024 seconds.
    await fail(pool, 15)

    pool.clock.advance(15 * minute - 1)
    expectError(await signInByPassword(pool, rider), locked)
    pool.clock.advance(1)
    requireTokens(await signInByPassword(pool, rider))
  })

  test('lockout: the count is reset after fifteen minutes without an attempt', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 8)
    pool.clock.advance(15 * minute)
    await fail(pool, 4)

    requireTokens(await signInByPassword(pool, rider))
  })

  test('lockout: the count is kept one second before that', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 8)
    pool.clock.advance(15 * minute - 1)
    await fail(pool, 1)

    pool.clock.advance(15)
    expectError(await signInByPassword(pool, rider), locked)
  })

  test('lockout: it ends even when the clock is set back', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 10)
    pool.clock.advance(-24 * hour)

    requireTokens(await signInByPassword(pool, rider))
  })

  test('lockout: an alias and the user name share one count', async () => {
    const pool = await createTestPool({
      usernameModel: 'email',
      explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH']),
    })
    await createConfirmedUser(pool)
    const username = pool.store.findUser(Username)?.sub ?? ''
    await fail(pool, 3)
    await fail(pool, 2, { ...rider, username: Username.toUpperCase() })

    expectError(await signInByPassword(pool, { ...rider, username }), locked)
  })

  test('lockout: SRP and password sign-ins share one count, also for a challenge issued before', async () => {
    const pool = await createPoolWithRider()
    const response = signInBySrp(pool, rider, async (step, body) => {
      if (step === 'RespondToAuthChallenge') await fail(pool, 5)
      return pool.call(step, body)
    })

    expectError(await response, locked)
  })

  test('user enumeration: with LEGACY the lockout does not hide that a user does not exist', async () => {
    const pool = await createTestPool({
      ...LEGACY,
      explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH']),
    })
    for (let failure = 0; failure < 7; failure += 1) {
      expectError(await signInByPassword(pool, ghost), userNotFound)
    }
  })

  test('lockout: the allowed number of wrong passwords can be set', async () => {
    const pool = await createPoolWithRider({ ...cognitoLimits, failedSignIns: 2 })
    await fail(pool, 2)

    expectError(await signInByPassword(pool, rider), locked)
    pool.clock.advance(1)
    requireTokens(await signInByPassword(pool, rider))
  })
})

describe('lockout after wrong TOTP codes', () => {
  async function beginWithApp() {
    const pool = await createTestPool({ mfaConfiguration: 'OPTIONAL' })
    moveToMiddleOfStep(pool.clock)
    const { AccessToken } = await createSignedInUser(pool)
    const secret = await enableTotpMfa(pool, AccessToken)
    pool.clock.shiftWallClock(30)
    const code = currentTotp(secret, pool)
    const answer = (challenge: SessionChallenge, SOFTWARE_TOKEN_MFA_CODE: string) =>
      answerChallenge(pool, challenge, { SOFTWARE_TOKEN_MFA_CODE })
    return { pool, code, answer }
  }

  test('TOTP lockout: wrong codes cause the same wait and the Session stays valid', async () => {
    const { pool, code, answer } = await beginWithApp()
    const challenge = requireChallenge(await signInBySrp(pool))
    for (let failure = 0; failure < 5; failure += 1) await answer(challenge, differentCode(code))

    expectError(await answer(challenge, code), locked)
    expectError(await signInBySrp(pool), locked)
    pool.clock.advance(1)
    requireTokens(await answer(challenge, code))
  })

  test('TOTP lockout: the correct password alone does not reset the count', async () => {
    const { pool, code, answer } = await beginWithApp()
    for (let failure = 0; failure < 5; failure += 1) {
      await answer(requireChallenge(await signInBySrp(pool)), differentCode(code))
    }

    expectError(await signInBySrp(pool), locked)
  })

  test('TOTP lockout: the correct code resets the count', async () => {
    const { pool, code, answer } = await beginWithApp()
    const challenge = requireChallenge(await signInBySrp(pool))
    for (let failure = 0; failure < 4; failure += 1) await answer(challenge, differentCode(code))
    requireTokens(await answer(challenge, code))
    await fail(pool, 4, rider, signInBySrp)

    requireChallenge(await signInBySrp(pool))
  })
})

/** Each limited operation, its calls an hour, and a body that it accepts or rejects for its code only. */
const limited: readonly [LimitedOperation, number, object][] = [
  ['ConfirmSignUp', 15, { Username, ConfirmationCode: 'wrong' }],
  ['ResendConfirmationCode', 5, { Username }],
  ['ForgotPassword', 5, { Username }],
  ['ConfirmForgotPassword', 15, { Username, ConfirmationCode: 'wrong', Password: 'N3w-Passw0rd!' }],
  ['VerifyUserAttribute', 15, { AttributeName: 'email', Code: 'wrong' }],
  ['GetUserAttributeVerificationCode', 5, { AttributeName: 'email' }],
  ['ChangePassword', 5, { PreviousPassword: rider.password, ProposedPassword: rider.password }],
]

type LimitedCall = (typeof limited)[number]

const isForAnyone = ([, , members]: LimitedCall) => 'Username' in members

/** A pool with a user on whom the operation can be called, and functions that call it. */
async function startLimited(
  [operation, limit, members]: LimitedCall,
  { limits, ...settings }: Partial<UserPoolSettings & { limits: Limits }> = {},
) {
  const pool = await createTestPool(
    { accessTokenSeconds: 24 * hour, ...settings },
    { limits: limits ?? cognitoLimits },
  )
  const isUnconfirmed = ['ConfirmSignUp', 'ResendConfirmationCode'].includes(operation)
  await (isUnconfirmed ? signUpUser : createConfirmedUser)(pool)
  const signedIn = isUnconfirmed ? {} : requireTokens(await signInBySrp(pool))
  const call = (change: object = {}) =>
    pool.call(operation, { ClientId, ...signedIn, ...members, ...change })
  return {
    pool,
    call,
    /** Calls it as often as Cognito allows in an hour. */
    async callOften(change: object = {}) {
      for (let count = 0; count < limit; count += 1) {
        expect((await call(change)).body.__type).not.toBe(exceeded.type)
      }
    },
  }
}

describe.each(limited)('rate limit: %s', (...limitedCall) => {
  const [operation, limit] = limitedCall
  const start = (options = {}) => startLimited(limitedCall, options)

  test(`it can be called ${limit} times an hour and again after the hour`, async () => {
    const { pool, call, callOften } = await start()
    await callOften()

    expectError(await call(), exceeded)
    pool.clock.advance(hour - 1)
    expectError(await call(), exceeded)
    pool.clock.advance(1)
    await callOften()
    expectError(await call(), exceeded)
  })

  test('the hour begins with the first call', async () => {
    const { pool, call } = await start()
    await call()
    pool.clock.advance(hour - 1)
    for (let count = 1; count < limit; count += 1) await call()

    expectError(await call(), exceeded)
    pool.clock.advance(1)
    expect((await call()).body.__type).not.toBe(exceeded.type)
  })

  test('a call over the limit has no effect', async () => {
    const { pool, call, callOften } = await start()
    await callOften()
    const before = [pool.store.findUser(Username), pool.store.listMessages(1000)]
    await call()

    expect([pool.store.findUser(Username), pool.store.listMessages(1000)]).toEqual(before)
  })

  test('the limit can be switched off', async () => {
    const { callOften } = await start({ limits: noLimits })

    await callOften()
    await callOften()
  })

  test('the number of calls can be set', async () => {
    const callsPerHour = { ...cognitoLimits.callsPerHour, [operation]: 1 }
    const { call } = await start({ limits: { ...cognitoLimits, callsPerHour } })
    await call()

    expectError(await call(), exceeded)
  })

  test('the limit is lifted when the clock is set back by an hour', async () => {
    const { pool, call, callOften } = await start()
    await callOften()
    pool.clock.advance(-hour)

    expect((await call()).body.__type).not.toBe(exceeded.type)
  })

  test('calls with an invalid token or client id are not counted', async () => {
    const { call } = await start()
    const nonsense = { AccessToken: 'nonsense', ClientId: 'nosuchclient' }
    for (let count = 0; count < limit; count += 1) await call(nonsense)

    expect((await call()).body.__type).not.toBe(exceeded.type)
  })
})

describe.each(limited.filter(isForAnyone))('rate limit for each user: %s', (...limitedCall) => {
  test('users are counted separately and the case of the user name does not matter', async () => {
    const { pool, call, callOften } = await startLimited(limitedCall)
    await signUpUser(pool, other)
    await callOften()

    expectError(await call({ Username: Username.toUpperCase() }), exceeded)
    expect((await call({ Username: other.username })).body.__type).not.toBe(exceeded.type)
  })

  test.each([ENABLED, LEGACY])(
    'user enumeration: an unknown user is counted in the same way with %j',
    async (setting) => {
      const { call, callOften } = await startLimited(limitedCall, setting)
      const { username } = ghost
      await callOften({ Username: username })

      expectError(await call({ Username: username.toUpperCase() }), exceeded)
      expect((await call()).body.__type).not.toBe(exceeded.type)
    },
  )
})

describe('rate limit', () => {
  test('rate limit: each operation has its own count', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    for (let count = 0; count < 6; count += 1) {
      await pool.call('ResendConfirmationCode', { ClientId, Username })
    }
    const ConfirmationCode = latestCodeFor(pool, Username)

    expectSuccess(await pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode }))
  })

  test('rate limit: the correct code is rejected too', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    const confirm = (ConfirmationCode: string) =>
      pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode })
    const code = latestCodeFor(pool, Username)
    for (let count = 0; count < 15; count += 1) await confirm(differentCode(code))

    expectError(await confirm(code), exceeded)
    pool.clock.advance(hour)
    expectSuccess(await confirm(code))
  })

  test('rate limit: fifty parallel calls are all counted', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => pool.call('ForgotPassword', { ClientId, Username })),
    )

    expect(responses.filter(({ status }) => status === 200)).toHaveLength(5)
    expect(responses.filter(({ body }) => body.__type === exceeded.type)).toHaveLength(45)
  })
})

describe('code lifetime', () => {
  test.each([
    ['sign-up', 60],
    ['password-reset', 90],
  ] as const)('code lifetime: the lifetime of a %s code can be set', async (purpose, seconds) => {
    const pool = await createTestPool(
      {},
      { limits: { ...noLimits, codeSeconds: { ...noLimits.codeSeconds, [purpose]: seconds } } },
    )
    await (purpose === 'sign-up' ? signUpUser : createConfirmedUser)(pool)
    if (purpose === 'password-reset') await pool.call('ForgotPassword', { ClientId, Username })
    const operation = purpose === 'sign-up' ? 'ConfirmSignUp' : 'ConfirmForgotPassword'
    const use = () =>
      pool.call(operation, {
        ClientId,
        Username,
        ConfirmationCode: latestCodeFor(pool, Username),
        Password: 'N3w-Passw0rd!',
      })

    pool.clock.advance(seconds)
    expectError(await use(), codeExpired)
    pool.clock.advance(-1)
    expectSuccess(await use())
  })
})
