/** The flow CUSTOM_AUTH: challenges that functions define, make and verify, alone and after the password by SRP. */

import type { IAuthenticationCallback } from 'amazon-cognito-identity-js'
import { AuthenticationDetails } from 'amazon-cognito-identity-js'
import { describe, expect, test } from 'vitest'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import type {
  TriggerEvents,
  TriggerHandlers,
} from '../../../src/local-cloud/user-pool/triggers/trigger-events.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { openIdentityPool } from '../../support/identity-client.ts'
import { answerChallenge, requireChallenge, signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { recordTrigger } from '../../support/triggers.ts'
import { ClientId, changeUser, createConfirmedUser, rider } from '../../support/users.ts'

const incorrect = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
} as const
const riddle = 'What has one horn?'
const answer = 'a unicorn'

type Round = TriggerEvents['DefineAuthChallenge']['request']['session'][number]

/** Asks until an answer is right, three times at most; after the password where that comes first. */
function defineNext(session: readonly Round[]) {
  const last = session.at(-1)
  if (last?.challengeName === 'SRP_A') return { challengeName: 'PASSWORD_VERIFIER' }
  if (last?.challengeName === 'CUSTOM_CHALLENGE' && last.challengeResult) {
    return { issueTokens: true, failAuthentication: false }
  }
  const asked = session.filter(({ challengeName }) => challengeName === 'CUSTOM_CHALLENGE').length
  return asked < 3
    ? { challengeName: 'CUSTOM_CHALLENGE', issueTokens: false, failAuthentication: false }
    : { issueTokens: false, failAuthentication: true }
}

function createRiddle() {
  const define = recordTrigger('DefineAuthChallenge', ({ request }) => defineNext(request.session))
  const create = recordTrigger('CreateAuthChallenge', () => ({
    publicChallengeParameters: { riddle },
    privateChallengeParameters: { answer },
    challengeMetadata: 'RIDDLE',
  }))
  const verify = recordTrigger('VerifyAuthChallengeResponse', ({ request }) => ({
    answerCorrect: request.challengeAnswer === request.privateChallengeParameters.answer,
  }))
  const triggers = {
    DefineAuthChallenge: define.handler,
    CreateAuthChallenge: create.handler,
    VerifyAuthChallengeResponse: verify.handler,
  } satisfies TriggerHandlers
  return { define, create, verify, triggers }
}

const explicitAuthFlows: UserPoolSettings['explicitAuthFlows'] = new Set([
  'ALLOW_CUSTOM_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
])

async function start(
  triggers: TriggerHandlers,
  overrides: Partial<UserPoolSettings> = {},
): Promise<TestPool> {
  const pool = await createTestPool({ explicitAuthFlows, ...overrides }, { triggers })
  await createConfirmedUser(pool)
  return pool
}

function begin(pool: TestPool, username = rider.username): Promise<ApiResponse> {
  return pool.call('InitiateAuth', {
    ClientId,
    AuthFlow: 'CUSTOM_AUTH',
    AuthParameters: { USERNAME: username },
  })
}

describe('CUSTOM_AUTH', () => {
  test('CUSTOM_AUTH: the right answer signs in, and each function gets what the one before it has said', async () => {
    const { define, create, verify, triggers } = createRiddle()
    const pool = await start(triggers)
    const challenge = requireChallenge(await begin(pool))
    expect(challenge).toEqual({
      ChallengeName: 'CUSTOM_CHALLENGE',
      Session: expect.any(String),
      ChallengeParameters: { USERNAME: rider.username, riddle },
    })
    const signedIn = await pool.call('RespondToAuthChallenge', {
      ClientId,
      ChallengeName: 'CUSTOM_CHALLENGE',
      Session: challenge.Session,
      ChallengeResponses: { USERNAME: rider.username, ANSWER: answer },
      ClientMetadata: { page: 'riddle' },
    })
    expectSuccess(signedIn)
    expect(signedIn.body.AuthenticationResult).toMatchObject({ AccessToken: expect.any(String) })

    const round = {
      challengeName: 'CUSTOM_CHALLENGE',
      challengeResult: true,
      challengeMetadata: 'RIDDLE',
    }
    expect(define.events.map(({ request }) => request.session)).toEqual([[], [round]])
    expect(create.events).toMatchObject([
      {
        triggerSource: 'CreateAuthChallenge_Authentication',
        request: { challengeName: 'CUSTOM_CHALLENGE', session: [], userNotFound: false },
      },
    ])
    expect(verify.events).toMatchObject([
      {
        triggerSource: 'VerifyAuthChallengeResponse_Authentication',
        request: {
          userAttributes: { email: rider.username },
          privateChallengeParameters: { answer },
          challengeAnswer: answer,
          clientMetadata: { page: 'riddle' },
        },
      },
    ])
  })

  test('CUSTOM_AUTH: wrong answers get another round until a function ends it, and each Session is good once', async () => {
    const { define, triggers } = createRiddle()
    const pool = await start(triggers)
    let challenge = requireChallenge(await begin(pool))
    for (const wrong of ['a cow', 'a goat']) {
      const next = requireChallenge(await answerChallenge(pool, challenge, { ANSWER: wrong }))
      expectError(await answerChallenge(pool, challenge, { ANSWER: answer }), {
        type: 'NotAuthorizedException',
        message: 'Invalid session for the user, session can only be used once.',
      })
      challenge = next
    }

    expectError(await answerChallenge(pool, challenge, { ANSWER: 'a rhino' }), incorrect)
    expect(
      define.events.at(-1)?.request.session.map(({ challengeResult }) => challengeResult),
    ).toEqual([false, false, false])
    expectError(await answerChallenge(pool, challenge, { ANSWER: answer }), {
      type: 'NotAuthorizedException',
      message: 'Invalid session for the user, session can only be used once.',
    })
  })

  test('CUSTOM_AUTH: a name that nobody has gets the same challenge under ENABLED, and never tokens', async () => {
    const { define, triggers } = createRiddle()
    const pool = await start(triggers)
    const username = 'nobody@example.com'
    const challenge = requireChallenge(await begin(pool, username))

    expect(challenge.ChallengeParameters.riddle).toBe(riddle)
    expect(define.events[0]?.request).toMatchObject({ userNotFound: true, userAttributes: {} })
    expectError(
      await answerChallenge(pool, challenge, { USERNAME: username, ANSWER: answer }),
      incorrect,
    )
  })

  test('CUSTOM_AUTH: a LEGACY client is told who is not there, and no function is asked', async () => {
    const { define, triggers } = createRiddle()
    const pool = await start(triggers, { preventsUserExistenceErrors: false })

    expectError(await begin(pool, 'nobody@example.com'), {
      type: 'UserNotFoundException',
      message: 'User does not exist.',
    })
    expect(define.events).toEqual([])
  })

  test('CUSTOM_AUTH: a user who was disabled since the challenge does not get in', async () => {
    const { triggers } = createRiddle()
    const pool = await start(triggers)
    const challenge = requireChallenge(await begin(pool))
    changeUser(pool, rider.username, { enabled: false })

    expectError(await answerChallenge(pool, challenge, { ANSWER: answer }), {
      type: 'NotAuthorizedException',
      message: 'User is disabled.',
    })
  })

  test('CUSTOM_AUTH: AdminInitiateAuth and AdminRespondToAuthChallenge sign in too', async () => {
    const { triggers } = createRiddle()
    const pool = await start(triggers)
    const begun = await callWithIam(pool, 'AdminInitiateAuth', {
      ClientId,
      AuthFlow: 'CUSTOM_AUTH',
      AuthParameters: { USERNAME: rider.username },
    })
    const { Session, ChallengeName } = requireChallenge(begun)

    expectSuccess(
      await callWithIam(pool, 'AdminRespondToAuthChallenge', {
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: rider.username, ANSWER: answer },
      }),
    )
  })

  test('CUSTOM_AUTH without its functions is not configured', async () => {
    const pool = await start({})

    expectError(await begin(pool), {
      type: 'InvalidParameterException',
      message: 'Custom auth lambda trigger is not configured for the user pool.',
    })
  })

  test('CUSTOM_AUTH that the client does not allow is refused', async () => {
    const { triggers } = createRiddle()
    const pool = await start(triggers, { explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH']) })

    expectError(await begin(pool), {
      type: 'InvalidParameterException',
      message: 'CUSTOM_AUTH is not enabled for the client.',
    })
  })

  test('CUSTOM_AUTH: a challenge that Cognito does not know is no answer of DefineAuthChallenge', async () => {
    const { triggers } = createRiddle()
    const define = recordTrigger('DefineAuthChallenge', () => ({ challengeName: 'DANCE' }))
    const pool = await start({ ...triggers, DefineAuthChallenge: define.handler })

    expectError(await begin(pool), {
      type: 'InvalidLambdaResponseException',
      message: 'Unrecognizable lambda output',
    })
  })

  test('CUSTOM_AUTH: private parameters that no Session holds are refused, and the log says why', async () => {
    const { triggers } = createRiddle()
    const create = recordTrigger('CreateAuthChallenge', () => ({
      privateChallengeParameters: { answer: 'x'.repeat(3000) },
    }))
    const pool = await start({ ...triggers, CreateAuthChallenge: create.handler })

    expectError(await begin(pool), {
      type: 'InvalidLambdaResponseException',
      message: 'Unrecognizable lambda output',
    })
    expect(pool.logEntries.at(-1)?.detail).toContain('too long for a Session')
  })

  test('CUSTOM_AUTH: neither the private parameters nor the answer are in the log', async () => {
    const { triggers } = createRiddle()
    const pool = await start(triggers)
    const challenge = requireChallenge(await begin(pool))
    await answerChallenge(pool, challenge, { ANSWER: 'a cow' })

    const log = JSON.stringify(pool.logEntries)
    expect(log).toContain('VerifyAuthChallengeResponse_Authentication')
    expect(log).not.toContain(answer)
    expect(log).not.toContain('a cow')
  })
})

/** One step of the client library, which ends in a challenge, or signed in, or in an error. */
function step(run: (callbacks: IAuthenticationCallback) => void): Promise<unknown> {
  return new Promise((resolve, onFailure) =>
    run({
      onFailure,
      onSuccess: () => resolve('signed in'),
      customChallenge: (parameters: unknown) => resolve(parameters),
    }),
  )
}

describe('CUSTOM_AUTH with amazon-cognito-identity-js', () => {
  test('CUSTOM_AUTH with the library: the challenge alone, by initiateAuth', async () => {
    const { triggers } = createRiddle()
    const pool = await start(triggers)
    const user = openIdentityPool(pool.endpoint).createUser(rider.username)
    user.setAuthenticationFlowType('CUSTOM_AUTH')
    const details = new AuthenticationDetails({ Username: rider.username })

    expect(await step((callbacks) => user.initiateAuth(details, callbacks))).toMatchObject({
      riddle,
    })
    expect(
      await step((callbacks) => user.sendCustomChallengeAnswer('a cow', callbacks)),
    ).toMatchObject({ riddle })
    expect(await step((callbacks) => user.sendCustomChallengeAnswer(answer, callbacks))).toBe(
      'signed in',
    )
  })

  test('CUSTOM_AUTH with the library: the password by SRP, then the challenge', async () => {
    const { define, triggers } = createRiddle()
    const preAuthentication = recordTrigger('PreAuthentication')
    const pool = await start({ ...triggers, PreAuthentication: preAuthentication.handler })
    const user = openIdentityPool(pool.endpoint).createUser(rider.username)
    user.setAuthenticationFlowType('CUSTOM_AUTH')
    const details = new AuthenticationDetails({
      Username: rider.username,
      Password: rider.password,
    })

    expect(await step((callbacks) => user.authenticateUser(details, callbacks))).toMatchObject({
      riddle,
    })
    expect(await step((callbacks) => user.sendCustomChallengeAnswer(answer, callbacks))).toBe(
      'signed in',
    )
    const rounds = define.events.map(({ request }) =>
      request.session.map(({ challengeName, challengeResult }) => [challengeName, challengeResult]),
    )
    expect(rounds).toEqual([
      [['SRP_A', true]],
      [
        ['SRP_A', true],
        ['PASSWORD_VERIFIER', true],
      ],
      [
        ['SRP_A', true],
        ['PASSWORD_VERIFIER', true],
        ['CUSTOM_CHALLENGE', true],
      ],
    ])
    expect(preAuthentication.events).toHaveLength(1)
  })

  test('CUSTOM_AUTH with the library: a wrong password ends it before any challenge', async () => {
    const { create, triggers } = createRiddle()
    const pool = await start(triggers)
    const user = openIdentityPool(pool.endpoint).createUser(rider.username)
    user.setAuthenticationFlowType('CUSTOM_AUTH')
    const details = new AuthenticationDetails({
      Username: rider.username,
      Password: 'Wr0ng-Passw0rd!',
    })

    await expect(
      step((callbacks) => user.authenticateUser(details, callbacks)),
    ).rejects.toMatchObject({ code: 'NotAuthorizedException', message: incorrect.message })
    expect(create.events).toEqual([])
  })
})

test('CUSTOM_AUTH: the proof of the password without its Session is no way around the challenge', async () => {
  const { triggers } = createRiddle()
  const pool = await start(triggers)
  const proved = await signInBySrp(pool, rider, (operation, body) =>
    pool.call(
      operation,
      operation === 'InitiateAuth'
        ? {
            ...body,
            AuthFlow: 'CUSTOM_AUTH',
            AuthParameters: { ...Object(body.AuthParameters), CHALLENGE_NAME: 'SRP_A' },
          }
        : body,
    ),
  )

  expectError(proved, {
    type: 'InvalidParameterException',
    message: 'Missing required parameter Session',
  })
})
