import { describe, expect, test, vi } from 'vitest'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, confirmUser, registerUser, requestReset, rider } from '../../support/users.ts'
import {
  type Answer,
  contentType,
  expectRefusal,
  readAnswer,
  targetPrefix,
} from '../../support/wire.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function failOnce(): never {
  throw new Error('the disk is full')
}

function callUnknown(pool: TestPool): Promise<Answer> {
  return pool.call('GetUser', { AccessToken: 'nonsense' })
}

describe('every answer', () => {
  test.each([
    ['a success', 'ForgotPassword', { ClientId, Username: rider.username }, 200],
    ['an error', 'GetUser', { AccessToken: 'nonsense' }, 400],
  ])(
    'be it %s, says what it is and which request it answers',
    async (_, operation, body, status) => {
      const pool = await createTestPool()
      const answer = await pool.call(operation, body)

      expect(answer.status).toBe(status)
      expect(answer.headers.get('content-type')).toBe(contentType)
      expect(answer.headers.get('x-amzn-requestid')).toMatch(uuid)
    },
  )

  test('has a request id of its own, which the log knows', async () => {
    const pool = await createTestPool()
    const ids = [await callUnknown(pool), await callUnknown(pool)].map(({ headers }) =>
      headers.get('x-amzn-requestid'),
    )

    expect(new Set(ids).size).toBe(2)
    expect(pool.logEntries.map(({ requestId }) => requestId)).toEqual(ids)
  })
})

describe('an error', () => {
  test('has its type in the body bare and in the header with a colon', async () => {
    const answer = await callUnknown(await createTestPool())

    expect(answer.text).toBe('{"__type":"NotAuthorizedException","message":"Invalid Access Token"}')
    expect(answer.headers.get('x-amzn-errortype')).toBe('NotAuthorizedException:')
    expect(answer.headers.get('x-amzn-errormessage')).toBe('Invalid Access Token')
  })

  test('has a message that is fit for a header, whatever is in it', async () => {
    const pool = await createTestPool()
    const { headers, body } = await pool.call('SignUp', {
      ClientId,
      Username: 'rider',
      Password: rider.password,
      UserAttributes: [{ Name: 'grüße\u{1f984}', Value: 'x' }],
    })

    expect(body.message).toContain('grüße🦄')
    expect(headers.get('x-amzn-errormessage')).toMatch(/^[\x20-\x7e]+$/)
  })

  test('has a message that is no longer than a header may be', async () => {
    const pool = await createTestPool()
    const answer = await pool.call('InitiateAuth', { ClientId, AuthFlow: 'x'.repeat(60_000) })

    expect(answer.status).toBe(400)
    expect(answer.headers.get('x-amzn-errormessage')?.length).toBeLessThan(2000)
  })

  test('has status 400 for all that the client did', async () => {
    const pool = await createTestPool()

    for (const body of [{ ClientId: 'other', Username: 'x' }, { ClientId }, {}]) {
      expect((await pool.call('ForgotPassword', body)).status).toBe(400)
    }
  })
})

describe('an operation', () => {
  test.each(['NoSuchOperation', 'constructor', '__proto__', 'toString', 'signup'])(
    'called %s is unknown',
    async (operation) => {
      expectRefusal(await (await createTestPool()).call(operation, {}), {
        type: 'UnknownOperationException',
        message: '',
      })
    },
  )

  test.each([
    ['without the prefix', 'SignUp'],
    ['with another prefix', 'DynamoDB_20120810.SignUp'],
    ['with the prefix inside', `Sign${targetPrefix}Up`],
    ['empty', ''],
  ])('is unknown when its target is %s', async (_, target) => {
    const pool = await createTestPool()
    const request = new Request('http://localhost/', {
      method: 'POST',
      headers: { 'Content-Type': contentType, 'X-Amz-Target': target },
      body: JSON.stringify({ ClientId, Username: 'rider', Password: rider.password }),
    })

    expectRefusal(await readAnswer(await pool.respond(request)), {
      type: 'UnknownOperationException',
      message: '',
    })
    expect(pool.store.listUsers({ limit: 1 })).toEqual([])
  })

  test('that is unknown is told to the developer with the way to add one', async () => {
    const pool = await createTestPool()
    await pool.call('CreateGroup', {})

    expect(pool.logEntries).toEqual([
      expect.objectContaining({
        operation: 'CreateGroup',
        status: 400,
        detail: expect.stringContaining('src/local-cloud/README.md'),
      }),
    ])
  })
})

describe('the log', () => {
  test('has the operation, the status and the error, and of what came in the user name alone', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    await pool.call('ConfirmForgotPassword', {
      ClientId,
      Username: rider.username,
      ConfirmationCode: 'c0de-of-mine',
      Password: 'S3cret-of-mine!',
    })
    const log = JSON.stringify(pool.logEntries)

    expect(pool.logEntries.at(-1)).toMatchObject({
      operation: 'ConfirmForgotPassword',
      status: 400,
      username: rider.username,
      error: 'ExpiredCodeException: Invalid code provided, please request a code again.',
    })
    for (const secret of [rider.password, 'S3cret-of-mine!', 'c0de-of-mine']) {
      expect(log).not.toContain(secret)
    }
  })

  test('does not write down an operation that is no name', async () => {
    const pool = await createTestPool()
    await pool.call('x'.repeat(61), {})
    await pool.call('forged 200 ok', {})

    expect(pool.logEntries.map(({ operation }) => operation)).toEqual(['unreadable', 'unreadable'])
  })
})

describe('what nobody foresaw', () => {
  test('is answered as an internal error without a word of what it was', async () => {
    const pool = await createTestPool()
    await registerUser(pool)
    pool.store.close()
    const answer = await pool.call('ForgotPassword', { ClientId, Username: rider.username })

    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 500,
      text: '{"__type":"InternalErrorException","message":"Something went wrong"}',
    })
    expect(pool.logEntries.at(-1)).toMatchObject({
      status: 500,
      detail: expect.stringContaining('store'),
    })
  })

  test('undoes the change it interrupts: a letter that cannot be kept takes its user with it', async () => {
    const pool = await createTestPool()
    vi.spyOn(pool.store, 'insertEmail').mockImplementationOnce(failOnce)
    const body = {
      ClientId,
      Username: rider.username,
      Password: rider.password,
      UserAttributes: [{ Name: 'email', Value: rider.username }],
    }

    expect((await pool.call('SignUp', body)).status).toBe(500)
    expect(pool.store.findUser(rider.username)).toBeUndefined()
    expect(pool.outboxLetters).toEqual([])
    expect((await pool.call('SignUp', body)).status).toBe(200)
  })

  test('undoes the change it interrupts: a reset that cannot be kept leaves its code', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)
    const body = {
      ClientId,
      Username: rider.username,
      ConfirmationCode: await requestReset(pool, rider.username),
      Password: 'N3w-Passw0rd!',
    }
    const before = pool.store.findUser(rider.username)
    vi.spyOn(pool.store, 'updateUser').mockImplementationOnce(failOnce)

    expect((await pool.call('ConfirmForgotPassword', body)).status).toBe(500)
    expect(pool.store.findUser(rider.username)).toEqual(before)
    expect((await pool.call('ConfirmForgotPassword', body)).status).toBe(200)
  })
})
