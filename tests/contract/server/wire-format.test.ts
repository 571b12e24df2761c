/** The wire format of the API: headers, error bodies, unknown operations and what is logged. */

import { describe, expect, test, vi } from 'vitest'
import {
  type ApiResponse,
  contentType,
  expectError,
  readResponse,
  targetPrefix,
} from '../../support/cognito-api.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  createConfirmedUser,
  requestPasswordReset,
  rider,
  signUpUser,
} from '../../support/users.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

function failOnce(): never {
  throw new Error('the disk is full')
}

function callUnknown(pool: TestPool): Promise<ApiResponse> {
  return pool.call('GetUser', { AccessToken: 'nonsense' })
}

describe('response headers', () => {
  test.each([
    ['a successful response', 'ForgotPassword', { ClientId, Username: rider.username }, 200],
    ['an error response', 'GetUser', { AccessToken: 'nonsense' }, 400],
  ])(
    'response headers: %s has a Content-Type and a request id',
    async (_, operation, body, status) => {
      const pool = await createTestPool()
      const response = await pool.call(operation, body)

      expect(response.status).toBe(status)
      expect(response.headers.get('content-type')).toBe(contentType)
      expect(response.headers.get('x-amzn-requestid')).toMatch(uuid)
    },
  )

  test('request id: each response has its own, and the log has the same', async () => {
    const pool = await createTestPool()
    const ids = [await callUnknown(pool), await callUnknown(pool)].map(({ headers }) =>
      headers.get('x-amzn-requestid'),
    )

    expect(new Set(ids).size).toBe(2)
    expect(pool.logEntries.map(({ requestId }) => requestId)).toEqual(ids)
  })
})

describe('error response', () => {
  test('error response: the type is in the body and, with a colon, in a header', async () => {
    const response = await callUnknown(await createTestPool())

    expect(response.text).toBe(
      '{"__type":"NotAuthorizedException","message":"Invalid Access Token"}',
    )
    expect(response.headers.get('x-amzn-errortype')).toBe('NotAuthorizedException:')
    expect(response.headers.get('x-amzn-errormessage')).toBe('Invalid Access Token')
  })

  test('error response: the header with the message is valid for any message', async () => {
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

  test('error response: the header with the message has a maximum length', async () => {
    const pool = await createTestPool()
    const response = await pool.call('InitiateAuth', { ClientId, AuthFlow: 'x'.repeat(60_000) })

    expect(response.status).toBe(400)
    expect(response.headers.get('x-amzn-errormessage')?.length).toBeLessThan(2000)
  })

  test('error response: errors of the client have status 400', async () => {
    const pool = await createTestPool()

    for (const body of [{ ClientId: 'other', Username: 'x' }, { ClientId }, {}]) {
      expect((await pool.call('ForgotPassword', body)).status).toBe(400)
    }
  })
})

describe('unknown operation', () => {
  test.each(['CreateUserPool', 'constructor', 'toString', 'signup'])(
    'unknown operation: %s is named on the wire, with the page that shows every call',
    async (operation) => {
      expectError(await (await createTestPool()).call(operation, {}), {
        type: 'UnknownOperationException',
        message: `The local user pool has no operation ${operation}. Its console shows every call: http://localhost/console/requests`,
      })
    },
  )

  test('unknown operation: what could be no name is not repeated', async () => {
    expectError(await (await createTestPool()).call('__proto__', {}), {
      type: 'UnknownOperationException',
      message: 'X-Amz-Target names no Cognito operation.',
    })
  })

  test.each([
    ['without the prefix', 'SignUp'],
    ['with another prefix', 'DynamoDB_20120810.SignUp'],
    ['with the prefix inside', `Sign${targetPrefix}Up`],
    ['empty', ''],
  ])('unknown operation: an X-Amz-Target %s is rejected', async (_, target) => {
    const pool = await createTestPool()
    const request = new Request('http://localhost/', {
      method: 'POST',
      headers: { 'Content-Type': contentType, 'X-Amz-Target': target },
      body: JSON.stringify({ ClientId, Username: 'rider', Password: rider.password }),
    })

    expect((await readResponse(await pool.respond(request))).body).toMatchObject({
      __type: 'UnknownOperationException',
    })
    expect(pool.store.listUsers({ limit: 1 })).toEqual([])
  })

  test('unknown operation: the log tells the developer how to add one', async () => {
    const pool = await createTestPool()
    await pool.call('CreateUserPool', {})

    expect(pool.logEntries).toEqual([
      expect.objectContaining({
        operation: 'CreateUserPool',
        status: 400,
        detail: expect.stringContaining('src/local-cloud/README.md'),
      }),
    ])
  })
})

describe('request log', () => {
  test('request log: it has the operation, the status, the error and of the input the user name only', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
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

  test('request log: an invalid operation name is not logged', async () => {
    const pool = await createTestPool()
    await pool.call('x'.repeat(61), {})
    await pool.call('forged 200 ok', {})

    expect(pool.logEntries.map(({ operation }) => operation)).toEqual(['unreadable', 'unreadable'])
  })
})

describe('unexpected error', () => {
  test('unexpected error: the response is an InternalErrorException without details', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)
    pool.store.close()
    const response = await pool.call('ForgotPassword', { ClientId, Username: rider.username })

    expect({ status: response.status, text: response.text }).toEqual({
      status: 500,
      text: '{"__type":"InternalErrorException","message":"Something went wrong"}',
    })
    expect(pool.logEntries.at(-1)).toMatchObject({
      status: 500,
      detail: expect.stringContaining('store'),
    })
  })

  test('rollback: when the email cannot be stored the user is not created', async () => {
    const pool = await createTestPool()
    vi.spyOn(pool.store, 'insertMessage').mockImplementationOnce(failOnce)
    const body = {
      ClientId,
      Username: rider.username,
      Password: rider.password,
      UserAttributes: [{ Name: 'email', Value: rider.username }],
    }

    expect((await pool.call('SignUp', body)).status).toBe(500)
    expect(pool.store.findUser(rider.username)).toBeUndefined()
    expect(pool.sentEmails).toEqual([])
    expect((await pool.call('SignUp', body)).status).toBe(200)
  })

  test('rollback: when a reset cannot be stored its code stays valid', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const body = {
      ClientId,
      Username: rider.username,
      ConfirmationCode: await requestPasswordReset(pool, rider.username),
      Password: 'N3w-Passw0rd!',
    }
    const before = pool.store.findUser(rider.username)
    vi.spyOn(pool.store, 'updateUser').mockImplementationOnce(failOnce)

    expect((await pool.call('ConfirmForgotPassword', body)).status).toBe(500)
    expect(pool.store.findUser(rider.username)).toEqual(before)
    expect((await pool.call('ConfirmForgotPassword', body)).status).toBe(200)
  })
})
