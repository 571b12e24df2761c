/** Malformed request bodies: the response is a readable error and the pool goes on. */

import { describe, expect, test } from 'vitest'
import { cognitoErrorTypes } from '../../../src/local-cloud/user-pool/cognito-error.ts'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import {
  type ApiResponse,
  contentType,
  expectSuccess,
  readResponse,
  signature,
  targetPrefix,
} from '../../support/cognito-api.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  createConfirmedUser,
  rider,
  signUpUser,
  UserPoolId,
} from '../../support/users.ts'

async function send(
  pool: TestPool,
  { operation = 'SignUp', body }: { operation?: string; body: string | Uint8Array<ArrayBuffer> },
): Promise<ApiResponse> {
  const request = new Request('http://localhost/', {
    method: 'POST',
    headers: {
      'Content-Type': contentType,
      'X-Amz-Target': `${targetPrefix}${operation}`,
      Authorization: signature,
    },
    body,
  })
  return readResponse(await pool.respond(request))
}

function expectReadableError({ status, text, body }: ApiResponse): void {
  expect({ status, text }).toMatchObject({ status: 400 })
  expect(cognitoErrorTypes).toContain(body.__type)
  expect(typeof body.message).toBe('string')
  expect(text).not.toMatch(/\bat .*:\d+:\d+|node_modules|\/src\//)
}

const signUp = (members: string) =>
  `{"ClientId":"${ClientId}","Username":"rider","Password":"Passw0rd!"${members}}`

describe('malformed body', () => {
  test.each([
    ['an empty body', ''],
    ['a blank body', '  \n'],
    ['truncated JSON', '{"ClientId":'],
    ['a form instead of JSON', 'ClientId=abc&Username=rider'],
    ['JSON with a comment', `{/* hi */"ClientId":"${ClientId}"}`],
    ['JSON with a trailing comma', `{"ClientId":"${ClientId}",}`],
    ['JSON followed by more text', `${signUp('')}{}`],
    ['JSON with a byte order mark', `\ufeff${signUp('')}`],
    ['an array', `[${signUp('')}]`],
    ['a string', '"ClientId"'],
    ['a number', '7'],
    ['null', 'null'],
    ['an array of depth 10000', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['an object of depth 10000', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['deep nesting in an unknown member', signUp(`,"x":${'['.repeat(17)}${']'.repeat(17)}`)],
    ['a duplicate member', signUp(',"Username":"mallory"')],
    ['a duplicate member with an escaped name', signUp(',"\\u0055sername":"mallory"')],
    ['a duplicate nested member', signUp(',"ClientMetadata":{"a":"1","b":{},"a":"2"}')],
    ['a lone surrogate', signUp(',"ClientMetadata":{"a":"\\ud800"}')],
    ['a lone surrogate in a name', signUp(',"\\udc00":"a"')],
    ['a NUL character', signUp(',"ClientMetadata":{"a":"x\\u0000y"}')],
    ['a NUL character in a name', signUp(',"a\\u0000b":1')],
  ])('malformed body: %s is a SerializationException', async (_, body) => {
    const pool = await createTestPool()
    const response = await send(pool, { body })

    expectReadableError(response)
    expect(response.body.__type).toBe('SerializationException')
    expect(pool.store.listUsers({ limit: 1 })).toEqual([])
  })

  test.each([
    ['an overlong encoding', [0xc0, 0xaf]],
    ['a lone continuation byte', [0x80]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['Latin-1', [0xe9]],
  ])('malformed body: invalid UTF-8 (%s) is a SerializationException', async (_, bytes) => {
    const pool = await createTestPool()
    const text = Buffer.from(signUp(',"ClientMetadata":{"a":"?"}'))
    const at = text.lastIndexOf('?')
    const body = new Uint8Array([...text.subarray(0, at), ...bytes, ...text.subarray(at + 1)])
    const response = await send(pool, { body })

    expectReadableError(response)
    expect(response.body.__type).toBe('SerializationException')
  })
})

describe('unusual but valid body', () => {
  test.each([
    ['a member __proto__ or constructor', signUp(',"__proto__":{"a":1},"constructor":"x"')],
    ['one name in two objects', signUp(',"ClientMetadata":{"Username":"a"},"x":[{"a":1},{"a":2}]')],
    [
      'quoted names inside values',
      signUp(',"ClientMetadata":{"a":"\\"Username\\": 1","b":"{\\"a\\":"}'),
    ],
    ['a surrogate pair', signUp(',"ClientMetadata":{"a":"\\ud83e\\udd84"}')],
    ['whitespace around', ` \n${signUp('')}\r\n`],
    ['a nesting of 16 levels', signUp(`,"x":${'['.repeat(15)}${']'.repeat(15)}`)],
  ])('unusual body: %s is accepted', async (_, body) => {
    const pool = await createTestPool()

    expectSuccess(await send(pool, { body }))
    expect(pool.store.findUser('rider')?.username).toBe('rider')
  })
})

const wrongValues = [
  null,
  true,
  0,
  -1,
  1e308,
  '',
  ' ',
  'x'.repeat(3000),
  '__proto__',
  'constructor',
  '../../x',
  "' OR 1=1 --",
  [],
  [null],
  [[]],
  {},
  { __type: 'x' },
  { Name: 'email' },
]

const members = [
  ...['ClientId', 'Username', 'Password', 'UserAttributes', 'ConfirmationCode', 'AuthFlow'],
  ...['AuthParameters', 'ChallengeName', 'ChallengeResponses', 'AccessToken', 'RefreshToken'],
  ...['Token', 'UserPoolId', 'Limit', 'PaginationToken', 'Filter', 'AttributesToGet'],
]

/** A body with members of every operation. */
const fullBody = {
  ClientId,
  UserPoolId,
  Username: rider.username,
  Password: rider.password,
  ConfirmationCode: '123456',
  AuthFlow: 'USER_SRP_AUTH',
  AuthParameters: { USERNAME: rider.username, SRP_A: 'abcdef' },
  ChallengeName: 'PASSWORD_VERIFIER',
  ChallengeResponses: {
    USERNAME: rider.username,
    PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA',
    PASSWORD_CLAIM_SIGNATURE: 'AAAA',
    TIMESTAMP: 'now',
  },
  AccessToken: 'x.y.z',
  RefreshToken: 'v.w.x.y.z',
  Token: 'v.w.x.y.z',
}

describe.each([...operations.keys()])('malformed members: %s', (operation) => {
  test('any value of any member is answered with success or a readable error', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)

    for (const member of members) {
      for (const value of wrongValues) {
        const body = JSON.stringify({ ...fullBody, [member]: value })
        const response = await send(pool, { operation, body })
        if (response.status !== 200) expectReadableError(response)
      }
    }
  })

  test('an empty object is answered with the missing members', async () => {
    const pool = await createTestPool()
    const response = await send(pool, { operation, body: '{}' })

    expectReadableError(response)
    expect(response.body.message).toMatch(
      /Member must not be null$|^Exactly one of AccessToken and Session must be given\.$/,
    )
  })

  test('unusual strings inside maps and lists are answered with success or a readable error', async () => {
    const pool = await createTestPool()
    await signUpUser(pool)

    for (const value of wrongValues) {
      const body = JSON.stringify({
        ...fullBody,
        AuthParameters: { ...fullBody.AuthParameters, USERNAME: value, REFRESH_TOKEN: value },
        ChallengeResponses: {
          ...fullBody.ChallengeResponses,
          PASSWORD_CLAIM_SECRET_BLOCK: value,
          PASSWORD_CLAIM_SIGNATURE: value,
        },
        UserAttributes: [{ Name: value, Value: value }],
        AttributesToGet: [value],
      })
      const response = await send(pool, { operation, body })
      if (response.status !== 200) expectReadableError(response)
    }
  })
})
