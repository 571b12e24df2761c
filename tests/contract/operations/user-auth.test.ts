/** Choice-based sign-in: the flow USER_AUTH with each preference, and the responses to its challenges. */

import { describe, expect, test } from 'vitest'
import type { User } from '../../../src/local-cloud/user-pool/store/store.ts'
import { type ExpectedError, expectError, expectSuccess } from '../../support/cognito-api.ts'
import {
  expiredSession,
  incorrectCredentials,
  invalidSession,
  passwordResetRequired,
  spentSession,
  userDisabled,
  userNotConfirmed,
  userNotFound,
} from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { answerChallenge } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  createSrpProof,
  initiateUserAuth,
  requireUserAuthChallenge,
  withEmailCodes,
} from '../../support/user-auth.ts'
import { ENABLED, LEGACY } from '../../support/user-existence-errors.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  latestCodeFor,
  requireTokens,
  rider,
  signUpUser,
} from '../../support/users.ts'

const { username, password } = rider
const passwords = ['PASSWORD_SRP', 'PASSWORD']
const everything = [...passwords, 'EMAIL_OTP']

const lockedOut = { type: 'NotAuthorizedException', message: 'Password attempts exceeded' } as const

async function createPool(overrides: Parameters<typeof createTestPool>[0] = {}): Promise<TestPool> {
  const pool = await createTestPool({ ...withEmailCodes, ...overrides })
  await createConfirmedUser(pool)
  return pool
}

async function requireSelection(pool: TestPool, parameters: Record<string, string> = {}) {
  const challenge = requireUserAuthChallenge(await initiateUserAuth(pool, parameters))
  expect(challenge.ChallengeName).toBe('SELECT_CHALLENGE')
  return challenge
}

describe('USER_AUTH without a preference', () => {
  test('SELECT_CHALLENGE lists the factors of the user, the password as two', async () => {
    const pool = await createPool()

    expect(requireUserAuthChallenge(await initiateUserAuth(pool))).toEqual({
      ChallengeName: 'SELECT_CHALLENGE',
      Session: expect.stringMatching(/^[\w-]{20,2048}$/),
      ChallengeParameters: {},
      AvailableChallenges: everything,
    })
  })

  test('SELECT_CHALLENGE lists the passwords alone where the pool allows no other factor', async () => {
    const pool = await createPool({ firstAuthFactors: new Set(['PASSWORD']) })

    expect((await requireSelection(pool)).AvailableChallenges).toEqual(passwords)
  })

  test.each(['EMAIL_OTP', 'WEB_AUTHN', 'SMS_OTP', 'constructor', 'RIDDLE'])(
    'a preference for %s, which the user does not have, is answered by SELECT_CHALLENGE',
    async (PREFERRED_CHALLENGE) => {
      const pool = await createPool()
      changeUser(pool, username, { attributes: new Map() })

      const { AvailableChallenges } = await requireSelection(pool, { PREFERRED_CHALLENGE })
      expect(AvailableChallenges).toEqual(passwords)
    },
  )

  test('a user with an invitation has the passwords alone', async () => {
    const pool = await createPool()
    changeUser(pool, username, { status: 'FORCE_CHANGE_PASSWORD' })

    const selection = await requireSelection(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' })
    expect(selection.AvailableChallenges).toEqual(passwords)
  })

  test('AdminInitiateAuth starts it too', async () => {
    const pool = await createPool()
    const AuthParameters = { USERNAME: username }
    const body = { ClientId, AuthFlow: 'USER_AUTH', AuthParameters }

    const response = await callWithIam(pool, 'AdminInitiateAuth', body)
    expect(response.body.AvailableChallenges).toEqual(everything)
  })
})

describe('USER_AUTH by PASSWORD', () => {
  const preferring = (typed: string) => ({ PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: typed })

  test('PASSWORD with the right password signs in at once', async () => {
    requireTokens(await initiateUserAuth(await createPool(), preferring(password)))
  })

  test('PASSWORD with a wrong password is incorrect', async () => {
    expectError(
      await initiateUserAuth(await createPool(), preferring('Wrong-pw1')),
      incorrectCredentials,
    )
  })

  test('PASSWORD without a password becomes a challenge, whose response signs in', async () => {
    const pool = await createPool()
    const challenge = requireUserAuthChallenge(
      await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'PASSWORD' }),
    )

    expect(challenge).toMatchObject({
      ChallengeName: 'PASSWORD',
      ChallengeParameters: {},
      AvailableChallenges: ['PASSWORD'],
    })
    expectError(
      await answerChallenge(pool, challenge, { PASSWORD: 'Wrong-pw1' }),
      incorrectCredentials,
    )
    requireTokens(await answerChallenge(pool, challenge, { PASSWORD: password }))
    expectError(await answerChallenge(pool, challenge, { PASSWORD: password }), spentSession)
  })

  test('a temporary password leads to NEW_PASSWORD_REQUIRED', async () => {
    const pool = await createPool()
    changeUser(pool, username, { status: 'FORCE_CHANGE_PASSWORD' })
    const challenge = requireUserAuthChallenge(await initiateUserAuth(pool, preferring(password)))

    expect(challenge.ChallengeName).toBe('NEW_PASSWORD_REQUIRED')
    requireTokens(await answerChallenge(pool, challenge, { NEW_PASSWORD: 'N3w-Passw0rd!' }))
  })

  test('lockout: five wrong passwords lock the passwords, in every flow, and no email code', async () => {
    const pool = await createPool()
    for (let tries = 0; tries < 5; tries += 1) {
      expectError(await initiateUserAuth(pool, preferring('Wrong-pw1')), incorrectCredentials)
    }

    expectError(await initiateUserAuth(pool, preferring(password)), lockedOut)
    const srp = { PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A: createSrpProof().SRP_A }
    expectError(await initiateUserAuth(pool, srp), lockedOut)
    const emailed = requireUserAuthChallenge(
      await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'EMAIL_OTP' }),
    )
    const EMAIL_OTP_CODE = latestCodeFor(pool, username)
    requireTokens(await answerChallenge(pool, emailed, { EMAIL_OTP_CODE }))
  })
})

describe('USER_AUTH by PASSWORD_SRP', () => {
  async function begin(pool: TestPool, proof = createSrpProof()) {
    const begun = await initiateUserAuth(pool, {
      PREFERRED_CHALLENGE: 'PASSWORD_SRP',
      SRP_A: proof.SRP_A,
    })
    expectSuccess(begun)
    return proof.toVerifierBody(begun)
  }

  test('PASSWORD_SRP with SRP_A gives PASSWORD_VERIFIER with a Session, and the proof signs in', async () => {
    const pool = await createPool()
    const body = await begin(pool)

    requireTokens(await pool.call('RespondToAuthChallenge', body))
    expectError(await pool.call('RespondToAuthChallenge', body), spentSession)
  })

  test('PASSWORD_SRP with a wrong password is incorrect', async () => {
    const pool = await createPool()
    const body = await begin(pool, createSrpProof('Wrong-pw1'))

    expectError(await pool.call('RespondToAuthChallenge', body), incorrectCredentials)
  })

  test('PASSWORD_SRP without SRP_A becomes a challenge, whose response is SRP_A', async () => {
    const pool = await createPool()
    const challenge = requireUserAuthChallenge(
      await initiateUserAuth(pool, { PREFERRED_CHALLENGE: 'PASSWORD_SRP' }),
    )
    expect(challenge).toMatchObject({
      ChallengeName: 'PASSWORD_SRP',
      AvailableChallenges: ['PASSWORD_SRP'],
    })

    const proof = createSrpProof()
    const begun = await answerChallenge(pool, challenge, { SRP_A: proof.SRP_A })
    requireTokens(await pool.call('RespondToAuthChallenge', proof.toVerifierBody(begun)))
  })

  test('PASSWORD_VERIFIER needs the Session of its own challenge', async () => {
    const pool = await createPool()
    const body = await begin(pool)
    const other = await begin(pool)
    const { Session: _, ...without } = body
    const foreign = requireUserAuthChallenge(await initiateUserAuth(pool)).Session

    expectError(await pool.call('RespondToAuthChallenge', without), {
      type: 'InvalidParameterException',
      message: 'Missing required parameter Session',
    })
    expectError(
      await pool.call('RespondToAuthChallenge', { ...body, Session: foreign }),
      invalidSession,
    )
    requireTokens(await pool.call('RespondToAuthChallenge', { ...body, Session: other.Session }))
  })
})

describe('SELECT_CHALLENGE', () => {
  test('ANSWER PASSWORD signs in with the password beside it', async () => {
    const pool = await createPool()
    const selection = await requireSelection(pool)
    const answer = (PASSWORD: string) =>
      answerChallenge(pool, selection, { ANSWER: 'PASSWORD', PASSWORD })

    expectError(await answer('Wrong-pw1'), incorrectCredentials)
    requireTokens(await answer(password))
    expectError(await answer(password), spentSession)
  })

  test('ANSWER PASSWORD_SRP gives PASSWORD_VERIFIER for the SRP_A beside it', async () => {
    const pool = await createPool()
    const proof = createSrpProof()
    const begun = await answerChallenge(pool, await requireSelection(pool), {
      ANSWER: 'PASSWORD_SRP',
      SRP_A: proof.SRP_A,
    })

    requireTokens(await pool.call('RespondToAuthChallenge', proof.toVerifierBody(begun)))
  })

  test('ANSWER EMAIL_OTP sends a code, which signs in', async () => {
    const pool = await createPool()
    const challenge = requireUserAuthChallenge(
      await answerChallenge(pool, await requireSelection(pool), { ANSWER: 'EMAIL_OTP' }),
    )

    expect(challenge).toEqual({
      ChallengeName: 'EMAIL_OTP',
      Session: expect.any(String),
      ChallengeParameters: {
        CODE_DELIVERY_DESTINATION: 'r***@e***',
        CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
      },
    })
    const EMAIL_OTP_CODE = latestCodeFor(pool, username)
    requireTokens(await answerChallenge(pool, challenge, { EMAIL_OTP_CODE }))
  })

  test.each(['WEB_AUTHN', 'SMS_OTP', 'EMAIL_MFA', 'toString'])(
    'ANSWER %s, which was not offered, is rejected and the Session can be used again',
    async (ANSWER) => {
      const pool = await createPool()
      const selection = await requireSelection(pool)

      expectError(await answerChallenge(pool, selection, { ANSWER }), {
        type: 'InvalidParameterException',
        message: 'Selected challenge is not available',
      })
      requireTokens(
        await answerChallenge(pool, selection, { ANSWER: 'PASSWORD', PASSWORD: password }),
      )
    },
  )

  test('ANSWER is required', async () => {
    const pool = await createPool()

    expectError(await answerChallenge(pool, await requireSelection(pool)), {
      type: 'InvalidParameterException',
      message: 'Missing required parameter ANSWER',
    })
  })

  test('the Session is for its user, its challenge and its time', async () => {
    const pool = await createPool()
    await createConfirmedUser(pool, { username: 'other@example.com', password })
    const selection = await requireSelection(pool)
    const answer = { ANSWER: 'PASSWORD', PASSWORD: password }

    expectError(
      await answerChallenge(pool, selection, { ...answer, USERNAME: 'other@example.com' }),
      invalidSession,
    )
    expectError(
      await answerChallenge(
        pool,
        { ...selection, ChallengeName: 'EMAIL_OTP' },
        {
          EMAIL_OTP_CODE: '12345678',
        },
      ),
      invalidSession,
    )
    pool.clock.advance(900)
    expectError(await answerChallenge(pool, selection, answer), expiredSession)
  })
})

describe('USER_AUTH, LEGACY', () => {
  const states: readonly [string, Partial<User>, ExpectedError][] = [
    ['disabled', { enabled: false }, userDisabled],
    ['unconfirmed', { status: 'UNCONFIRMED' }, userNotConfirmed],
    ['in RESET_REQUIRED', { status: 'RESET_REQUIRED' }, passwordResetRequired],
  ]
  const preferences = [
    {},
    { PREFERRED_CHALLENGE: 'EMAIL_OTP' },
    { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: 'Wrong-pw1' },
    { PREFERRED_CHALLENGE: 'PASSWORD_SRP', SRP_A: createSrpProof().SRP_A },
  ]

  test.each(states)('LEGACY: a user who is %s is told so', async (_, change, error) => {
    const pool = await createPool(LEGACY)
    changeUser(pool, username, change)

    for (const preference of preferences) {
      expectError(await initiateUserAuth(pool, preference), error)
    }
  })

  test('LEGACY: an unknown user is a UserNotFoundException', async () => {
    const pool = await createPool(LEGACY)

    for (const preference of preferences) {
      expectError(await initiateUserAuth(pool, { USERNAME: 'ghost', ...preference }), userNotFound)
    }
  })
})

describe('user enumeration: USER_AUTH with PreventUserExistenceErrors ENABLED', () => {
  const people: readonly [string, (pool: TestPool) => Promise<void>][] = [
    ['unknown', async () => undefined],
    ['unconfirmed', async (pool) => void (await signUpUser(pool, ghost))],
    [
      'disabled',
      async (pool) => {
        await createConfirmedUser(pool, ghost)
        changeUser(pool, ghost.username, { enabled: false })
      },
    ],
    [
      'in RESET_REQUIRED',
      async (pool) => {
        await createConfirmedUser(pool, ghost)
        changeUser(pool, ghost.username, { status: 'RESET_REQUIRED' })
      },
    ],
  ]
  // As long as the rider's, so that only its owner could make a difference.
  const ghost = { username: 'ghost@example.com', password: 'Gh0st-Passw0rd!' }

  const toShape = (challenge: ReturnType<typeof requireUserAuthChallenge>) => ({
    ...challenge,
    Session: challenge.Session.length,
    ChallengeParameters: {
      ...challenge.ChallengeParameters,
      CODE_DELIVERY_DESTINATION: challenge.ChallengeParameters.CODE_DELIVERY_DESTINATION?.slice(1),
    },
  })
  const preferences: readonly [string, Record<string, string>][] = [
    ['none', {}],
    ['EMAIL_OTP', { PREFERRED_CHALLENGE: 'EMAIL_OTP' }],
    ['WEB_AUTHN', { PREFERRED_CHALLENGE: 'WEB_AUTHN' }],
    ['PASSWORD', { PREFERRED_CHALLENGE: 'PASSWORD' }],
    ['PASSWORD_SRP', { PREFERRED_CHALLENGE: 'PASSWORD_SRP' }],
  ]

  describe.each(people)('a user who is %s', (_, prepare) => {
    test.each(preferences)(
      'with the preference %s gets the challenge that a rider gets, of the same size',
      async (_name, preference) => {
        const pool = await createPool(ENABLED)
        await prepare(pool)
        const before = pool.sentEmails.length
        const known = requireUserAuthChallenge(await initiateUserAuth(pool, preference))
        const sent = pool.sentEmails.length
        const hidden = requireUserAuthChallenge(
          await initiateUserAuth(pool, { ...preference, USERNAME: ghost.username }),
        )

        expect(toShape(hidden)).toEqual(toShape(known))
        expect(pool.sentEmails.length).toBe(sent)
        expect(sent - before).toBe(known.ChallengeName === 'EMAIL_OTP' ? 1 : 0)
      },
    )

    test('every code is wrong, and the address is the one that was typed', async () => {
      const pool = await createPool(ENABLED)
      await prepare(pool)
      const asked = { PREFERRED_CHALLENGE: 'EMAIL_OTP', USERNAME: ghost.username }
      const challenge = requireUserAuthChallenge(await initiateUserAuth(pool, asked))

      expect(challenge.ChallengeParameters.CODE_DELIVERY_DESTINATION).toBe('g***@e***')
      for (const EMAIL_OTP_CODE of ['12345678', '00000000']) {
        expectError(
          await answerChallenge(pool, challenge, { EMAIL_OTP_CODE, USERNAME: ghost.username }),
          { type: 'CodeMismatchException', message: 'Invalid code or auth state for the user.' },
        )
      }
    })

    test('a wrong password is incorrect, by PASSWORD and after SELECT_CHALLENGE', async () => {
      const pool = await createPool(ENABLED)
      await prepare(pool)
      const USERNAME = ghost.username
      const typed = { USERNAME, PASSWORD: 'Wrong-pw1' }
      const selection = requireUserAuthChallenge(await initiateUserAuth(pool, { USERNAME }))

      expectError(
        await initiateUserAuth(pool, { ...typed, PREFERRED_CHALLENGE: 'PASSWORD' }),
        incorrectCredentials,
      )
      expectError(
        await answerChallenge(pool, selection, { ...typed, ANSWER: 'PASSWORD' }),
        incorrectCredentials,
      )
      const emailed = await answerChallenge(pool, selection, { USERNAME, ANSWER: 'EMAIL_OTP' })
      expect(requireUserAuthChallenge(emailed).ChallengeName).toBe('EMAIL_OTP')
    })

    test('a wrong proof by PASSWORD_SRP is incorrect, after a challenge like any', async () => {
      const pool = await createPool(ENABLED)
      await prepare(pool)
      const proof = createSrpProof('Wrong-pw1')
      const begun = await initiateUserAuth(pool, {
        USERNAME: ghost.username,
        PREFERRED_CHALLENGE: 'PASSWORD_SRP',
        SRP_A: proof.SRP_A,
      })

      expectError(
        await pool.call('RespondToAuthChallenge', proof.toVerifierBody(begun)),
        incorrectCredentials,
      )
    })
  })

  test('the account status is told to whoever proves the password', async () => {
    const pool = await createPool(ENABLED)
    changeUser(pool, username, { status: 'UNCONFIRMED' })
    const proof = createSrpProof()
    const begun = await initiateUserAuth(pool, {
      PREFERRED_CHALLENGE: 'PASSWORD_SRP',
      SRP_A: proof.SRP_A,
    })

    expectError(
      await pool.call('RespondToAuthChallenge', proof.toVerifierBody(begun)),
      userNotConfirmed,
    )
    const typed = { PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD: password }
    expectError(await initiateUserAuth(pool, typed), userNotConfirmed)
  })
})
