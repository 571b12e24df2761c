/** Functions that throw, hang, answer rubbish or meddle: the client is told as Cognito tells it, and the store stays whole. */

import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { TriggerHandlers } from '../../../src/local-cloud/user-pool/triggers/trigger-events.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { signInByPassword, signInBySrp } from '../../support/sign-in.ts'
import { writeTemplate } from '../../support/template-file.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { recordTrigger } from '../../support/triggers.ts'
import {
  ClientId,
  createConfirmedUser,
  latestCodeFor,
  requireStoredUser,
  rider,
} from '../../support/users.ts'

type PreSignUp = NonNullable<TriggerHandlers['PreSignUp']>

const invalidJson = {
  type: 'InvalidLambdaResponseException',
  message: 'Invalid lambda function output : Invalid JSON',
} as const
const unrecognizable = {
  type: 'InvalidLambdaResponseException',
  message: 'Unrecognizable lambda output',
} as const
const failed = (message: string) =>
  ({
    type: 'UserLambdaValidationException',
    message: `PreSignUp failed with error ${message}.`,
  }) as const

function signUp(pool: TestPool, username = rider.username): Promise<ApiResponse> {
  return pool.call('SignUp', {
    ClientId,
    Username: username,
    Password: rider.password,
    UserAttributes: [{ Name: 'email', Value: username }],
  })
}

function customAuthTemplate(): string {
  return writeTemplate({
    pool: { AutoVerifiedAttributes: ['email'] },
    client: { ExplicitAuthFlows: ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  })
}

afterEach(() => {
  vi.useRealTimers()
})

describe('functions that do not answer as they should', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  const handlers: readonly [string, PreSignUp, Parameters<typeof expectError>[1]][] = [
    ['throws', async () => Promise.reject(new Error('no')), failed('no')],
    [
      'throws before it returns a promise',
      () => {
        throw new TypeError('x is not a function')
      },
      failed('x is not a function'),
    ],
    ['rejects with a text', async () => Promise.reject('plain'), failed('plain')],
    ['calls back with an error', (_, __, callback) => callback(new Error('no')), failed('no')],
    ['fails by its context', (_, context) => context.fail('no'), failed('no')],
    ['returns undefined', async () => undefined, invalidJson],
    ['returns null', async () => null, invalidJson],
    ['calls back with nothing', (_, __, callback) => callback(null), invalidJson],
    ['returns the event and is not async', (event) => event, invalidJson],
    ['returns a text', async () => 'Success', unrecognizable],
    ['returns a number', async () => 1, unrecognizable],
    ['returns a list', async (event) => [event], unrecognizable],
    ['returns a response and no event', async ({ response }) => ({ response }), unrecognizable],
    ['returns no response', async ({ response, ...event }) => event, unrecognizable],
    ['returns null as response', async (event) => ({ ...event, response: null }), unrecognizable],
    [
      'returns a flag that is a text',
      async (event) => ({ ...event, response: { autoConfirmUser: 'true' } }),
      unrecognizable,
    ],
    ['returns a function', async () => () => 1, invalidJson],
    ['returns a cycle', async () => cyclic, failed('Unable to stringify response body')],
    ['returns a BigInt', async () => ({ a: 1n }), failed('Unable to stringify response body')],
    [
      'returns more than 6 MB',
      async (event) => ({ ...event, extra: 'x'.repeat(6_300_000) }),
      failed('Response payload size exceeded maximum allowed payload size (6291556 bytes)'),
    ],
  ]
  test.each(handlers)(
    'a function that %s leaves nothing behind, and a second try works',
    async (_, handler, error) => {
      let isHostile = true
      const PreSignUp: PreSignUp = (event, context, callback) =>
        isHostile ? handler(event, context, callback) : callback(null, event)
      const pool = await createTestPool({}, { triggers: { PreSignUp } })

      expectError(await signUp(pool), error)
      expect(pool.store.findUser(rider.username)).toBeUndefined()
      expect(pool.store.listMessages(1)).toEqual([])
      expect(pool.logEntries.at(-1)?.triggerCalls).toMatchObject([{ error: expect.any(String) }])
      isHostile = false
      expectSuccess(await signUp(pool))
      expect(pool.sentEmails).toHaveLength(1)
    },
  )

  test('a function that hangs ends after five seconds of real time, and another call is not kept waiting', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PreSignUp: (event) =>
            event.userName === rider.username
              ? new Promise(() => undefined)
              : Promise.resolve(event),
        },
      },
    )
    const hanging = signUp(pool)
    expectSuccess(await signUp(pool, 'other@example.com'))
    // The pool's own clock has nothing to do with it.
    pool.clock.advance(3600)
    await vi.advanceTimersByTimeAsync(4999)
    await nextTurn()
    expect(pool.logEntries.map(({ username }) => username)).not.toContain(rider.username)
    await vi.advanceTimersByTimeAsync(1)

    expectError(await hanging, {
      type: 'UnexpectedLambdaException',
      message:
        'PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.',
    })
    expect(pool.store.findUser(rider.username)).toBeUndefined()
  })

  test('a function that answers after it was given up changes nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let answer = () => {}
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PreSignUp: (event, _, callback) => {
            answer = () => callback(null, { ...event, response: { autoConfirmUser: true } })
          },
        },
      },
    )
    const given = signUp(pool)
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0))
    await vi.advanceTimersByTimeAsync(5000)
    expect((await given).body.__type).toBe('UnexpectedLambdaException')
    answer()
    await nextTurn()

    expect(pool.store.findUser(rider.username)).toBeUndefined()
  })

  test('a function that changes its event changes nothing but what it returns', async () => {
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PreSignUp: async (event) => {
            const untouched = structuredClone(event)
            event.userName = 'somebody else'
            event.request.userAttributes.email = 'mallory@example.com'
            Object.assign(event.response, { autoConfirmUser: true })
            return untouched
          },
        },
      },
    )
    expectSuccess(await signUp(pool))

    const user = requireStoredUser(pool, rider.username)
    expect(user.status).toBe('UNCONFIRMED')
    expect(user.attributes.get('email')).toBe(rider.username)
  })

  test('a function that answers twice is taken at its first word', async () => {
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PreSignUp: (event, _, callback) => {
            callback(null, event)
            callback(new Error('second thoughts'))
          },
        },
      },
    )

    expectSuccess(await signUp(pool))
  })

  test('a failed CustomMessage leaves the user out, and the rate limit counts the call', async () => {
    let failures = 0
    const pool = await createTestPool(
      {},
      {
        triggers: {
          CustomMessage: async (event) => {
            if (event.triggerSource !== 'CustomMessage_ResendCode') return event
            failures++
            throw new Error('no text')
          },
        },
      },
    )
    expectSuccess(await signUp(pool))
    const code = latestCodeFor(pool, rider.username)
    const resend = () => pool.call('ResendConfirmationCode', { ClientId, Username: rider.username })
    for (let calls = 0; calls < 5; calls++) {
      expectError(await resend(), {
        type: 'UserLambdaValidationException',
        message: 'CustomMessage failed with error no text.',
      })
    }
    expect((await resend()).body.__type).toBe('LimitExceededException')
    expect(failures).toBe(5)

    expectSuccess(
      await pool.call('ConfirmSignUp', {
        ClientId,
        Username: rider.username,
        ConfirmationCode: code,
      }),
    )
  })
})

describe('triggers and other requests', () => {
  test('concurrency: of two sign-ups under one name one succeeds, while both wait for a function', async () => {
    const waiting: (() => void)[] = []
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PreSignUp: (event, _, callback) => {
            waiting.push(() => callback(null, event))
            if (waiting.length === 2) for (const go of waiting) go()
          },
        },
      },
    )
    const responses = await Promise.all([signUp(pool), signUp(pool)])

    expect(responses.map(({ status }) => status).sort()).toEqual([200, 400])
    expect(responses.find(({ status }) => status === 400)?.body.__type).toBe(
      'UsernameExistsException',
    )
    expect(pool.store.countUsers()).toBe(1)
    expect(pool.sentEmails).toHaveLength(1)
  })

  test('concurrency: a user who is deleted while a function runs gets no tokens', async () => {
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PreTokenGeneration: async (event) => {
            pool.store.deleteUser(event.request.userAttributes.sub ?? '')
            return event
          },
        },
      },
    )
    await createConfirmedUser(pool)

    expect((await signInBySrp(pool)).status).toBe(400)
  })

  test('concurrency: somebody signs up under the name while a function migrates it, and the pool asks again what holds then', async () => {
    const pool: TestPool = await createTestPool(
      { explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH']) },
      {
        triggers: {
          UserMigration: async (event) => {
            await createConfirmedUser(pool)
            return { ...event, response: { userAttributes: { email: 'other@example.com' } } }
          },
          PreAuthentication: recordTrigger('PreAuthentication').handler,
        },
      },
    )
    expectSuccess(await signInByPassword(pool))

    const calls = pool.logEntries.at(-1)?.triggerCalls ?? []
    expect(calls.map(({ triggerSource }) => triggerSource)).toEqual([
      'UserMigration_Authentication',
      'PreAuthentication_Authentication',
    ])
    expect(requireStoredUser(pool, rider.username).attributes.get('email')).toBe(rider.username)
  })

  test('concurrency: twenty users sign up at once, each with what their own function said', async () => {
    const pool = await createTestPool(
      {},
      {
        triggers: {
          PreSignUp: async (event) => {
            await nextTurn()
            return {
              ...event,
              response: { autoConfirmUser: event.userName.startsWith('even') },
            }
          },
        },
      },
    )
    const names = Array.from(
      { length: 20 },
      (_, index) => `${index % 2 ? 'odd' : 'even'}${index}@example.com`,
    )
    for (const response of await Promise.all(names.map((name) => signUp(pool, name)))) {
      expectSuccess(response)
    }

    for (const name of names) {
      const expected = name.startsWith('even') ? 'CONFIRMED' : 'UNCONFIRMED'
      expect(requireStoredUser(pool, name).status).toBe(expected)
    }
  })

  test('restart: a custom challenge goes on in a pool that was started again', async () => {
    const define = recordTrigger('DefineAuthChallenge', ({ request }) =>
      request.session.length === 0
        ? { challengeName: 'CUSTOM_CHALLENGE' }
        : { issueTokens: request.session[0]?.challengeResult === true },
    )
    const create = recordTrigger('CreateAuthChallenge', () => ({
      privateChallengeParameters: { answer: '42' },
    }))
    const verify = recordTrigger('VerifyAuthChallengeResponse', ({ request }) => ({
      answerCorrect: request.challengeAnswer === request.privateChallengeParameters.answer,
    }))
    const triggers = {
      DefineAuthChallenge: define.handler,
      CreateAuthChallenge: create.handler,
      VerifyAuthChallengeResponse: verify.handler,
    }
    const first = await startLocalCloud({ triggers, template: customAuthTemplate() })
    await createConfirmedUser(first)
    const begun = await first.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'CUSTOM_AUTH',
      AuthParameters: { USERNAME: rider.username },
    })
    expectSuccess(begun)
    await first.close()
    const { dataFolder } = first
    const second = await startLocalCloud({ triggers, dataFolder, template: customAuthTemplate() })

    expectSuccess(
      await second.call('RespondToAuthChallenge', {
        ClientId,
        ChallengeName: 'CUSTOM_CHALLENGE',
        Session: begun.body.Session,
        ChallengeResponses: { USERNAME: rider.username, ANSWER: '42' },
      }),
    )
  })
})
