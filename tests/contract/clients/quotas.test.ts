/** Quotas of an AWS account: the local pool refuses what is beyond them, on the clock that tests move. */

import * as sdk from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { cognitoLimits, noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import { awsQuotas, parseQuotas } from '../../../src/local-cloud/user-pool/quotas.ts'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import {
  challengeResponses,
  type QuotaCategory,
  quotaCategories,
  quotaCategoryNames,
} from '../../../src/shared/cognito-quotas.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { shareLocalCloud, startLocalCloud } from '../../support/local-cloud-server.ts'
import { servePool } from '../../support/pool-server.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { createTestPool, type TestPool, type TestPoolParts } from '../../support/test-pool.ts'
import { ClientId, createConfirmedUser, rider, signUpUser } from '../../support/users.ts'

// The SDK warns about the version of Node.
vi.stubEnv('AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'true')

const rateExceeded = { type: 'TooManyRequestsException', message: 'Rate exceeded' } as const
const emailsExceeded = {
  type: 'LimitExceededException',
  message:
    'Exceeded daily email limit for the operation or the account. If a higher limit is required, please configure your user pool to use your own Amazon SES configuration for sending email.',
} as const

const createPool = (
  quotas: readonly string[],
  settings: Partial<UserPoolSettings> = {},
  parts: Partial<TestPoolParts> = {},
): Promise<TestPool> =>
  createTestPool(settings, { limits: noLimits, quotas: parseQuotas(quotas), ...parts })

/** Calls the operations in turn. @returns how many calls the quotas let in */
async function countLetIn(
  pool: TestPool,
  names: readonly string[],
  times: number,
  body: object = {},
): Promise<number> {
  let letIn = 0
  for (let call = 0; call < times; call += 1) {
    const name = names[call % names.length] ?? ''
    const { body: answer } = await pool.call(name, body)
    if (answer.__type !== 'TooManyRequestsException') letIn += 1
  }
  return letIn
}

test('quotas: there are none unless they are asked for', async () => {
  const pool = await createPool([])

  expect(await countLetIn(pool, ['InitiateAuth', 'SignUp'], 1000)).toBe(1000)
})

describe("each category, with AWS's quota of it", () => {
  const categories = quotaCategoryNames()
    .map((name) => {
      const category: QuotaCategory = quotaCategories[name]
      const isSpecial = (operation: string) =>
        challengeResponses.operations.some((special) => special === operation)
      const own = category.operations.filter((operation) => operations.has(operation))
      return { name, ...category, own: own.filter((operation) => !isSpecial(operation)) }
    })
    .filter(({ own }) => own.length > 0)

  test('quotas: the pool has operations of fourteen categories', () => {
    expect(categories).toHaveLength(14)
  })

  test.each(categories)(
    'quotas: $name lets in $requestsPerSecond requests at once, all operations together, and as many each second after that',
    async ({ name, own, requestsPerSecond, operationRequestsPerSecond }) => {
      const pool = await createTestPool({}, { quotas: awsQuotas, limits: noLimits })
      const letIn = Math.min(
        requestsPerSecond,
        (operationRequestsPerSecond ?? requestsPerSecond) * own.length,
      )

      expect(await countLetIn(pool, own, 3 * letIn)).toBe(letIn)
      pool.clock.advance(1)
      expect(await countLetIn(pool, own, 3 * letIn)).toBe(letIn)
      // Where the operations of a category have as much together as the category, either may come first.
      const ofCategory = `beyond the quota of ${name}: ${requestsPerSecond} a second`
      const ofOperation = 'a second for a user pool'
      const { detail } = pool.logEntries.at(-1) ?? {}
      if (operationRequestsPerSecond === undefined) expect(detail).toContain(ofCategory)
      else expect([ofCategory, ofOperation].some((text) => detail?.includes(text))).toBe(true)
    },
  )

  test('quotas: one category leaves the others alone', async () => {
    const pool = await createPool(['UserCreation=1', 'UserRead=1'])
    await countLetIn(pool, ['SignUp'], 5)

    expect(await countLetIn(pool, ['GetUser'], 1)).toBe(1)
    expect(await countLetIn(pool, ['InitiateAuth'], 5)).toBe(5)
  })

  test('quotas: five requests a second of one operation on one user pool, also where the category has more', async () => {
    const pool = await createPool(['UserPoolResourceRead=100'])

    expect(await countLetIn(pool, ['ListGroups'], 20)).toBe(5)
    expect(await countLetIn(pool, ['GetGroup'], 20)).toBe(5)
    expectError(await pool.call('ListGroups', {}), rateExceeded)
    expect(pool.logEntries.at(-1)?.detail).toBe(
      'beyond the quota of ListGroups: 5 a second for a user pool',
    )
  })

  test('quotas: refreshing tokens is authentication', async () => {
    const pool = await createPool(['UserAuthentication=2'])
    await countLetIn(pool, ['InitiateAuth'], 2)

    expectError(await pool.call('GetTokensFromRefreshToken', {}), rateExceeded)
  })

  test('quotas: passkeys are in no category of AWS, and have no quota', async () => {
    const pool = await createTestPool({}, { quotas: awsQuotas, limits: noLimits })

    expect(await countLetIn(pool, ['ListWebAuthnCredentials'], 200)).toBe(200)
  })
})

describe('responses to challenges', () => {
  const respond = ['RespondToAuthChallenge', 'AdminRespondToAuthChallenge']

  test('RespondToAuthChallenge: three times the quota, and what goes beyond counts as sign-ins', async () => {
    const pool = await createPool(['UserAuthentication=10'])

    expect(await countLetIn(pool, respond, 30)).toBe(30)
    expect(await countLetIn(pool, ['InitiateAuth'], 4)).toBe(4)
    expect(await countLetIn(pool, respond, 20)).toBe(6)
    expectError(await pool.call('InitiateAuth', {}), rateExceeded)
  })

  test("RespondToAuthChallenge: AWS's own example, 70 sign-ins of four challenges beside a quota of 80, is 30 too many", async () => {
    const pool = await createPool(['UserAuthentication=80'])
    const signIns = await countLetIn(pool, ['InitiateAuth'], 70)
    const responses = await countLetIn(pool, respond, 280)

    expect(70 + 280 - signIns - responses).toBe(30)
  })

  test('RespondToAuthChallenge: a new password counts as account recovery', async () => {
    const pool = await createPool(['UserAuthentication=1', 'UserAccountRecovery=2'])
    const body = { ChallengeName: 'NEW_PASSWORD_REQUIRED' }

    expect(await countLetIn(pool, ['RespondToAuthChallenge'], 9, body)).toBe(2)
    expectError(await pool.call('ForgotPassword', {}), rateExceeded)
    expect(await countLetIn(pool, ['RespondToAuthChallenge'], 3)).toBe(3)
  })
})

describe('the bucket of a quota', () => {
  test('token bucket: it is refilled evenly, and never holds more than a second allows', async () => {
    const pool = await createPool(['UserRead=10'])
    await countLetIn(pool, ['GetUser'], 10)

    pool.clock.advance(0.099)
    expect(await countLetIn(pool, ['GetUser'], 5)).toBe(0)
    pool.clock.advance(0.001)
    expect(await countLetIn(pool, ['GetUser'], 5)).toBe(1)
    pool.clock.advance(0.5)
    expect(await countLetIn(pool, ['GetUser'], 50)).toBe(5)
    pool.clock.advance(3600)
    expect(await countLetIn(pool, ['GetUser'], 50)).toBe(10)
  })

  test('token bucket: a client that keeps to the rate is never refused', async () => {
    const pool = await createPool(['UserRead=7'])
    await countLetIn(pool, ['GetUser'], 7)

    for (let second = 0; second < 20; second += 1) {
      pool.clock.advance(1)
      expect(await countLetIn(pool, ['GetUser'], 7)).toBe(7)
    }
  })

  test('token bucket: refused requests take nothing', async () => {
    const pool = await createPool(['UserRead=1'])
    await countLetIn(pool, ['GetUser'], 500)
    pool.clock.advance(1)

    expect(await countLetIn(pool, ['GetUser'], 1)).toBe(1)
  })

  test('token bucket: a clock that is set back neither fills nor empties it', async () => {
    const pool = await createPool(['UserRead=2'])
    await countLetIn(pool, ['GetUser'], 1)
    pool.clock.advance(-3600)

    expect(await countLetIn(pool, ['GetUser'], 9)).toBe(1)
    pool.clock.advance(1)
    expect(await countLetIn(pool, ['GetUser'], 9)).toBe(2)
  })
})

describe('the AWS SDK', () => {
  const signUp = {
    ClientId,
    Username: rider.username,
    Password: rider.password,
    UserAttributes: [{ Name: 'email', Value: rider.username }],
  }

  /** The delays of the SDK's retries are a base times a random number. */
  function stopRandomDelays(): void {
    const random = vi.spyOn(Math, 'random').mockReturnValue(0)
    onTestFinished(() => random.mockRestore())
  }

  /** @param beforeAttempt runs before each attempt of a command, a retry too */
  async function createClient(
    pool: TestPool,
    options: sdk.CognitoIdentityProviderClientConfig,
    beforeAttempt: () => void,
  ): Promise<sdk.CognitoIdentityProviderClient> {
    const client = new sdk.CognitoIdentityProviderClient({
      region: 'us-east-1',
      endpoint: await servePool(pool),
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI-EXAMPLE' },
      ...options,
    })
    onTestFinished(() => client.destroy())
    client.middlewareStack.add(
      (next) => (args) => {
        beforeAttempt()
        return next(args)
      },
      { step: 'deserialize' },
    )
    return client
  }

  test('AWS SDK, its retries off: the exception has its class, its words and status 400', async () => {
    const pool = await createPool(['UserCreation=1'])
    const client = await createClient(pool, { maxAttempts: 1 }, () => {})
    await client.send(new sdk.SignUpCommand(signUp))
    const refused = await client
      .send(new sdk.SignUpCommand(signUp))
      .catch((error: unknown) => error)

    expect(refused).toBeInstanceOf(sdk.TooManyRequestsException)
    expect(refused).toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate exceeded',
      $fault: 'client',
      $metadata: { httpStatusCode: 400, attempts: 1 },
    })
  })

  test('AWS SDK, its retries on: it comes again as for any throttled request, and gets in once there is room', async () => {
    stopRandomDelays()
    const pool = await createPool(['UserCreation=1'])
    let attempts = 0
    const client = await createClient(pool, {}, () => {
      attempts += 1
      pool.clock.advance(0.4)
    })
    await client.send(new sdk.SignUpCommand(signUp))
    const response = await client.send(
      new sdk.SignUpCommand({ ...signUp, Username: 'other@example.com' }),
    )

    expect(response.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 3 })
    expect(attempts).toBe(4)
  })

  test('AWS SDK, its retries on: it gives up after three attempts', async () => {
    stopRandomDelays()
    const pool = await createPool(['UserCreation=1'])
    const client = await createClient(pool, {}, () => {})
    await client.send(new sdk.SignUpCommand(signUp))
    const refused = await client
      .send(new sdk.SignUpCommand(signUp))
      .catch((error: unknown) => error)

    expect(refused).toBeInstanceOf(sdk.TooManyRequestsException)
    expect(refused).toMatchObject({ $metadata: { attempts: 3 } })
  })

  test('AWS SDK, its retries on: the quota of emails is throttling to it too, though none comes for hours', async () => {
    stopRandomDelays()
    const pool = await createPool(['EmailsPerDay=1'])
    const client = await createClient(pool, {}, () => {})
    await client.send(new sdk.SignUpCommand(signUp))
    const refused = await client
      .send(new sdk.ResendConfirmationCodeCommand({ ClientId, Username: rider.username }))
      .catch((error: unknown) => error)

    expect(refused).toBeInstanceOf(sdk.LimitExceededException)
    expect(refused).toMatchObject({
      message: emailsExceeded.message,
      $metadata: { httpStatusCode: 400, attempts: 3 },
    })
  })
})

describe('emails a day', () => {
  const day = 24 * 3600
  const cognitoSender = { emailSendingAccount: 'COGNITO_DEFAULT' } as const

  const signUp = (pool: TestPool, number: number): Promise<ApiResponse> =>
    pool.call('SignUp', {
      ClientId,
      Username: `rider${number}@example.com`,
      Password: rider.password,
      UserAttributes: [{ Name: 'email', Value: `rider${number}@example.com` }],
    })

  /** Moves the clock to a time of this or the next day, in hours UTC. */
  function moveTo(pool: TestPool, hour: number): void {
    const secondOfDay = Math.floor(pool.clock.nowMs() / 1000) % day
    pool.clock.advance((hour * 3600 - secondOfDay + day) % day)
  }

  test("emails a day: Cognito's own sender sends 50, and the next sign-up is refused with nothing left behind", async () => {
    const pool = await createTestPool(cognitoSender, { quotas: awsQuotas, limits: noLimits })
    for (let number = 0; number < 50; number += 1) {
      if (number % 10 === 0) pool.clock.advance(1)
      expectSuccess(await signUp(pool, number))
    }
    pool.clock.advance(1)

    expectError(await signUp(pool, 50), emailsExceeded)
    expect(pool.sentEmails).toHaveLength(50)
    expect(pool.store.findUser('rider50@example.com')).toBeUndefined()
    expect(pool.logEntries.at(-1)?.detail).toBe(
      'beyond the quota of emails: 50 a day, which begins at 09:00 UTC',
    )
  })

  test('emails a day: the day begins at 09:00 UTC', async () => {
    const pool = await createPool(['EmailsPerDay=1'])
    moveTo(pool, 9)
    expectSuccess(await signUp(pool, 0))
    pool.clock.advance(day - 1)
    expectError(await signUp(pool, 1), emailsExceeded)
    pool.clock.advance(1)

    expectSuccess(await signUp(pool, 1))
    expectError(await signUp(pool, 2), emailsExceeded)
  })

  test('emails a day: they stay counted until the day is over, also when the store is cleaned', async () => {
    const pool = await createPool(['EmailsPerDay=1'], {}, { limits: cognitoLimits })
    moveTo(pool, 9)
    expectSuccess(await signUp(pool, 0))
    pool.clock.advance(day - 60)
    // Counting a call cleans the store.
    const Username = 'ghost@example.com'

    expectError(await pool.call('ForgotPassword', { ClientId, Username }), emailsExceeded)
  })

  test('emails a day: a sender of SES has no such quota, unless it is named', async () => {
    const own = { emailSendingAccount: 'DEVELOPER' } as const
    const pool = await createTestPool(own, { quotas: awsQuotas, limits: noLimits })
    for (let number = 0; number < 60; number += 1) {
      if (number % 10 === 0) pool.clock.advance(1)
      expectSuccess(await signUp(pool, number))
    }
    const named = await createPool(['EmailsPerDay=2'], own)
    expectSuccess(await signUp(named, 0))
    expectSuccess(await signUp(named, 1))

    expectError(await signUp(named, 2), emailsExceeded)
  })

  test('emails a day: a forgotten password of nobody is refused as one of a rider is, and counts for nothing', async () => {
    const pool = await createPool(['EmailsPerDay=2'])
    await createConfirmedUser(pool)
    const forgot = (Username: string) => pool.call('ForgotPassword', { ClientId, Username })
    expectSuccess(await forgot('ghost@example.com'))
    expectSuccess(await forgot('ghost@example.com'))
    expectSuccess(await forgot(rider.username))

    expectError(await forgot(rider.username), emailsExceeded)
    expectError(await forgot('ghost@example.com'), emailsExceeded)
  })

  test('emails a day: a code that was sent before still works', async () => {
    const pool = await createPool(['EmailsPerDay=1'])
    await createConfirmedUser(pool)
    const { username: Username } = rider
    expectError(await pool.call('ForgotPassword', { ClientId, Username }), emailsExceeded)

    expect(pool.store.findUser(Username)?.status).toBe('CONFIRMED')
  })
})

describe('a restart', () => {
  test('restart: requests begin with full buckets, emails stay counted', async () => {
    const dataFolder = createTempFolder()
    const quotas = parseQuotas(['UserCreation=1', 'EmailsPerDay=1'])
    const before = await startLocalCloud({ dataFolder, quotas })
    await signUpUser(before)
    await before.close()
    const after = await startLocalCloud({ dataFolder, quotas })
    const other = { ...rider, username: 'other@example.com' }
    const body = { ClientId, Username: other.username, Password: other.password }
    const UserAttributes = [{ Name: 'email', Value: other.username }]

    expectError(await after.call('SignUp', { ...body, UserAttributes }), emailsExceeded)
    expectError(await after.call('SignUp', { ...body, UserAttributes }), rateExceeded)
  })
})

describe('the log', () => {
  const shared = shareLocalCloud({ quotas: parseQuotas(['UserRead=1']) }, async (server) => {
    await server.call('GetUser', {})
    const refused = await server.call('GetUser', {})
    return { server, refused }
  })

  test('log: the terminal says which category a request was beyond', () => {
    const { server, refused } = shared()
    expectError(refused, rateExceeded)
    const requestId = refused.headers.get('x-amzn-requestid')

    expect(server.printed.find((line) => line.includes(`${requestId}`))).toMatch(
      /^GetUser 400 .* TooManyRequestsException: Rate exceeded \(beyond the quota of UserRead: 1 a second\)$/,
    )
  })

  test('log: so does the console', async () => {
    const { server } = shared()
    const page = await (await fetch(`${server.origin}/console/requests`)).text()

    expect(page).toContain('beyond the quota of UserRead: 1 a second')
  })

  test('log: a page of another origin reads the error, as every error', () => {
    const { refused } = shared()

    expect(refused.headers.get('access-control-allow-origin')).toBe('*')
    expect(refused.headers.get('x-amzn-errortype')).toBe('TooManyRequestsException:')
  })
})
