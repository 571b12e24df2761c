/** How often a user may fail or ask; every wait is on the clock that tests move. */

import { describe, expect, test } from 'vitest'
import {
  cognitoLimits,
  type LimitedOperation,
  type Limits,
  noLimits,
} from '../../../src/local-cloud/user-pool/limits.ts'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { ENABLED, LEGACY } from '../../support/existence-errors.ts'
import {
  answerChallenge,
  requireChallenge,
  type SessionChallenge,
  signInByPassword,
  signInBySrp,
} from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { codeOf, settleMidStep, switchOnApp } from '../../support/totp.ts'
import {
  ClientId,
  type Credentials,
  confirmUser,
  latestCodeFor,
  otherThan,
  registerUser,
  requireTokens,
  rider,
  signInUser,
} from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess } from '../../support/wire.ts'

const minute = 60
const hour = 3600
const Username = rider.username
const ghost = { ...rider, username: 'ghost@example.com' }
const other = { ...rider, username: 'other@example.com' }

const incorrect = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
} as const
const locked = { type: 'NotAuthorizedException', message: 'Password attempts exceeded' } as const
const exceeded = {
  type: 'LimitExceededException',
  message: 'Attempt limit exceeded, please try after some time.',
} as const

type SignIn = (pool: TestPool, credentials: Credentials) => Promise<Answer>

const ways: readonly [string, SignIn][] = [
  ['by SRP', signInBySrp],
  ['by password', signInByPassword],
]

async function createPoolWithRider(limits: Limits = cognitoLimits): Promise<TestPool> {
  const pool = await createTestPool(
    { explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH']) },
    { limits },
  )
  await confirmUser(pool)
  return pool
}

/** Fails so often that the next attempt is refused unseen; the clock moves past every wait before. */
async function fail(
  pool: TestPool,
  times: number,
  { username } = rider,
  signIn: SignIn = signInByPassword,
): Promise<void> {
  for (let failure = 1; failure <= times; failure += 1) {
    if (failure > 5) pool.clock.advance(2 ** (failure - 6))
    expectRefusal(await signIn(pool, { username, password: 'Passw0rd?' }), incorrect)
  }
}

describe.each(ways)('wrong passwords %s', (_, signIn) => {
  test('cost nothing four times', async () => {
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
  ])('cost %i times a wait of %i seconds', async (times, seconds) => {
    const pool = await createPoolWithRider()
    await fail(pool, times, rider, signIn)

    pool.clock.advance(seconds - 0.001)
    expectRefusal(await signIn(pool, rider), locked)
    pool.clock.advance(0.001)
    requireTokens(await signIn(pool, rider))
  })

  test('are not counted while the user must wait, and nor is the right one', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 5, rider, signIn)

    for (const password of ['Passw0rd?', rider.password, 'Passw0rd?']) {
      expectRefusal(await signIn(pool, { ...rider, password }), locked)
    }
    pool.clock.advance(1)
    requireTokens(await signIn(pool, rider))
  })

  test('are forgotten after the right one', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 4, rider, signIn)
    requireTokens(await signIn(pool, rider))
    await fail(pool, 4, rider, signIn)

    requireTokens(await signIn(pool, rider))
  })

  test('are counted for a user who does not exist as for one who does', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 5, ghost, signIn)

    expectRefusal(await signIn(pool, ghost), locked)
    pool.clock.advance(1)
    expectRefusal(await signIn(pool, ghost), incorrect)
    pool.clock.advance(1.999)
    expectRefusal(await signIn(pool, ghost), locked)
  })

  test('are counted for each user alone', async () => {
    const pool = await createPoolWithRider()
    await confirmUser(pool, other)
    await fail(pool, 5, rider, signIn)
    await fail(pool, 5, ghost, signIn)

    requireTokens(await signIn(pool, other))
  })

  test('may be as many as you like without limits', async () => {
    const pool = await createPoolWithRider(noLimits)
    for (let failure = 0; failure < 20; failure += 1) {
      expectRefusal(await signIn(pool, { ...rider, password: 'Passw0rd?' }), incorrect)
    }

    requireTokens(await signIn(pool, rider))
  })
})

describe('a lockout', () => {
  test('is never longer than fifteen minutes', async () => {
    const pool = await createPoolWithRider()
    // Doubled once more it would be 1024 seconds.
    await fail(pool, 15)

    pool.clock.advance(15 * minute - 1)
    expectRefusal(await signInByPassword(pool, rider), locked)
    pool.clock.advance(1)
    requireTokens(await signInByPassword(pool, rider))
  })

  test('is forgotten after fifteen quiet minutes', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 8)
    pool.clock.advance(15 * minute)
    await fail(pool, 4)

    requireTokens(await signInByPassword(pool, rider))
  })

  test('is not forgotten a second before', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 8)
    pool.clock.advance(15 * minute - 1)
    await fail(pool, 1)

    pool.clock.advance(15)
    expectRefusal(await signInByPassword(pool, rider), locked)
  })

  test('does not last for ever when the clock is set back', async () => {
    const pool = await createPoolWithRider()
    await fail(pool, 10)
    pool.clock.advance(-24 * hour)

    requireTokens(await signInByPassword(pool, rider))
  })

  test('is one for a user under all names', async () => {
    const pool = await createTestPool({
      usernameModel: 'email',
      explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH']),
    })
    await confirmUser(pool)
    const username = pool.store.findUser(Username)?.sub ?? ''
    await fail(pool, 3)
    await fail(pool, 2, { ...rider, username: Username.toUpperCase() })

    expectRefusal(await signInByPassword(pool, { ...rider, username }), locked)
  })

  test('is one for SRP and passwords, and refuses a proof that was asked for before', async () => {
    const pool = await createPoolWithRider()
    const answer = signInBySrp(pool, rider, async (step, body) => {
      if (step === 'RespondToAuthChallenge') await fail(pool, 5)
      return pool.call(step, body)
    })

    expectRefusal(await answer, locked)
  })

  test('does not hide under LEGACY that there is no such user', async () => {
    const pool = await createTestPool({
      ...LEGACY,
      explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH']),
    })
    for (let failure = 0; failure < 7; failure += 1) {
      expectRefusal(await signInByPassword(pool, ghost), {
        type: 'UserNotFoundException',
        message: 'User does not exist.',
      })
    }
  })

  test('comes after as many failures as the limits say', async () => {
    const pool = await createPoolWithRider({ ...cognitoLimits, failedSignIns: 2 })
    await fail(pool, 2)

    expectRefusal(await signInByPassword(pool, rider), locked)
    pool.clock.advance(1)
    requireTokens(await signInByPassword(pool, rider))
  })
})

describe('wrong codes of an authenticator app', () => {
  async function beginWithApp() {
    const pool = await createTestPool({ mfaConfiguration: 'OPTIONAL' })
    settleMidStep(pool.clock)
    const { AccessToken } = await signInUser(pool)
    const secret = await switchOnApp(pool, AccessToken)
    pool.clock.shiftWallClock(30)
    const code = codeOf(secret, pool)
    const answer = (challenge: SessionChallenge, SOFTWARE_TOKEN_MFA_CODE: string) =>
      answerChallenge(pool, challenge, { SOFTWARE_TOKEN_MFA_CODE })
    return { pool, code, answer }
  }

  test('count as wrong passwords do, and the Session outlives the wait', async () => {
    const { pool, code, answer } = await beginWithApp()
    const challenge = requireChallenge(await signInBySrp(pool))
    for (let failure = 0; failure < 5; failure += 1) await answer(challenge, otherThan(code))

    expectRefusal(await answer(challenge, code), locked)
    expectRefusal(await signInBySrp(pool), locked)
    pool.clock.advance(1)
    requireTokens(await answer(challenge, code))
  })

  test('are not forgotten for a right password alone', async () => {
    const { pool, code, answer } = await beginWithApp()
    for (let failure = 0; failure < 5; failure += 1) {
      await answer(requireChallenge(await signInBySrp(pool)), otherThan(code))
    }

    expectRefusal(await signInBySrp(pool), locked)
  })

  test('are forgotten after a right one', async () => {
    const { pool, code, answer } = await beginWithApp()
    const challenge = requireChallenge(await signInBySrp(pool))
    for (let failure = 0; failure < 4; failure += 1) await answer(challenge, otherThan(code))
    requireTokens(await answer(challenge, code))
    await fail(pool, 4, rider, signInBySrp)

    requireChallenge(await signInBySrp(pool))
  })
})

/** The calls an hour that Cognito allows, and a call that is in order. */
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

/** A user in the state in which the operation makes sense, and the operation. */
async function startLimited(
  [operation, limit, members]: LimitedCall,
  { limits, ...settings }: Partial<UserPoolSettings & { limits: Limits }> = {},
) {
  const pool = await createTestPool(
    { accessTokenSeconds: 24 * hour, ...settings },
    { limits: limits ?? cognitoLimits },
  )
  const isUnconfirmed = ['ConfirmSignUp', 'ResendConfirmationCode'].includes(operation)
  await (isUnconfirmed ? registerUser : confirmUser)(pool)
  const signedIn = isUnconfirmed ? {} : requireTokens(await signInBySrp(pool))
  const call = (change: object = {}) =>
    pool.call(operation, { ClientId, ...signedIn, ...members, ...change })
  return {
    pool,
    call,
    /** As often as Cognito allows in an hour. */
    async callOften(change: object = {}) {
      for (let count = 0; count < limit; count += 1) {
        expect((await call(change)).body.__type).not.toBe(exceeded.type)
      }
    },
  }
}

describe.each(limited)('%s', (...limitedCall) => {
  const [operation, limit] = limitedCall
  const start = (options = {}) => startLimited(limitedCall, options)

  test(`may be called ${limit} times an hour, and again when the hour is over`, async () => {
    const { pool, call, callOften } = await start()
    await callOften()

    expectRefusal(await call(), exceeded)
    pool.clock.advance(hour - 1)
    expectRefusal(await call(), exceeded)
    pool.clock.advance(1)
    await callOften()
    expectRefusal(await call(), exceeded)
  })

  test('has an hour that begins with the first call', async () => {
    const { pool, call } = await start()
    await call()
    pool.clock.advance(hour - 1)
    for (let count = 1; count < limit; count += 1) await call()

    expectRefusal(await call(), exceeded)
    pool.clock.advance(1)
    expect((await call()).body.__type).not.toBe(exceeded.type)
  })

  test('does nothing beyond the limit', async () => {
    const { pool, call, callOften } = await start()
    await callOften()
    const before = [pool.store.findUser(Username), pool.store.listEmails(1000)]
    await call()

    expect([pool.store.findUser(Username), pool.store.listEmails(1000)]).toEqual(before)
  })

  test('may be called as often as one likes without limits', async () => {
    const { callOften } = await start({ limits: noLimits })

    await callOften()
    await callOften()
  })

  test('may be called as often as the limits say', async () => {
    const callsPerHour = { ...cognitoLimits.callsPerHour, [operation]: 1 }
    const { call } = await start({ limits: { ...cognitoLimits, callsPerHour } })
    await call()

    expectRefusal(await call(), exceeded)
  })

  test('may be called again when the clock was set back by an hour', async () => {
    const { pool, call, callOften } = await start()
    await callOften()
    pool.clock.advance(-hour)

    expect((await call()).body.__type).not.toBe(exceeded.type)
  })

  test('counts nothing that is refused before it looks at the user', async () => {
    const { call } = await start()
    const nonsense = { AccessToken: 'nonsense', ClientId: 'nosuchclient' }
    for (let count = 0; count < limit; count += 1) await call(nonsense)

    expect((await call()).body.__type).not.toBe(exceeded.type)
  })
})

describe.each(limited.filter(isForAnyone))('%s', (...limitedCall) => {
  test('counts for each user alone, in any letters', async () => {
    const { pool, call, callOften } = await startLimited(limitedCall)
    await registerUser(pool, other)
    await callOften()

    expectRefusal(await call({ Username: Username.toUpperCase() }), exceeded)
    expect((await call({ Username: other.username })).body.__type).not.toBe(exceeded.type)
  })

  test.each([ENABLED, LEGACY])(
    'counts for a user who does not exist as for one who does, with %j',
    async (setting) => {
      const { call, callOften } = await startLimited(limitedCall, setting)
      const { username } = ghost
      await callOften({ Username: username })

      expectRefusal(await call({ Username: username.toUpperCase() }), exceeded)
      expect((await call()).body.__type).not.toBe(exceeded.type)
    },
  )
})

describe('a limit', () => {
  test('is for one operation: others may still be called', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    for (let count = 0; count < 6; count += 1) {
      await pool.call('ResendConfirmationCode', { ClientId, Username })
    }
    const ConfirmationCode = latestCodeFor(pool, Username)

    expectSuccess(await pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode }))
  })

  test('refuses the right code too', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    const confirm = (ConfirmationCode: string) =>
      pool.call('ConfirmSignUp', { ClientId, Username, ConfirmationCode })
    const code = latestCodeFor(pool, Username)
    for (let count = 0; count < 15; count += 1) await confirm(otherThan(code))

    expectRefusal(await confirm(code), exceeded)
    pool.clock.advance(hour)
    expectSuccess(await confirm(code))
  })

  test('counts every one of fifty calls at once', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => pool.call('ForgotPassword', { ClientId, Username })),
    )

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
    expect(answers.filter(({ body }) => body.__type === exceeded.type)).toHaveLength(45)
  })
})

describe('codes live as long as the limits say', () => {
  test.each([
    ['sign-up', 60],
    ['password-reset', 90],
  ] as const)('for %s', async (purpose, seconds) => {
    const pool = await createTestPool(
      {},
      { limits: { ...noLimits, codeSeconds: { ...noLimits.codeSeconds, [purpose]: seconds } } },
    )
    await (purpose === 'sign-up' ? registerUser : confirmUser)(pool)
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
    expectRefusal(await use(), {
      type: 'ExpiredCodeException',
      message: 'Invalid code provided, please request a code again.',
    })
    pool.clock.advance(-1)
    expectSuccess(await use())
  })
})
