/** Whatever the body is, the answer is an error a client can read, and the pool goes on. */

import { describe, expect, test } from 'vitest'
import { cognitoErrorTypes } from '../../../src/local-cloud/user-pool/cognito-error.ts'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, confirmUser, registerUser, rider, UserPoolId } from '../../support/users.ts'
import {
  type Answer,
  contentType,
  expectSuccess,
  readAnswer,
  signature,
  targetPrefix,
} from '../../support/wire.ts'

async function send(
  pool: TestPool,
  { operation = 'SignUp', body }: { operation?: string; body: string | Uint8Array<ArrayBuffer> },
): Promise<Answer> {
  const request = new Request('http://localhost/', {
    method: 'POST',
    headers: {
      'Content-Type': contentType,
      'X-Amz-Target': `${targetPrefix}${operation}`,
      Authorization: signature,
    },
    body,
  })
  return readAnswer(await pool.respond(request))
}

function expectReadableError({ status, text, body }: Answer): void {
  expect({ status, text }).toMatchObject({ status: 400 })
  expect(cognitoErrorTypes).toContain(body.__type)
  expect(typeof body.message).toBe('string')
  expect(text).not.toMatch(/\bat .*:\d+:\d+|node_modules|\/src\//)
}

const signUp = (members: string) =>
  `{"ClientId":"${ClientId}","Username":"rider","Password":"Passw0rd!"${members}}`

describe('a body that cannot be read', () => {
  test.each([
    ['empty', ''],
    ['blank', '  \n'],
    ['cut short', '{"ClientId":'],
    ['not JSON', 'ClientId=abc&Username=rider'],
    ['JSON with a comment', `{/* hi */"ClientId":"${ClientId}"}`],
    ['JSON with a trailing comma', `{"ClientId":"${ClientId}",}`],
    ['followed by more', `${signUp('')}{}`],
    ['begun by a byte order mark', `\ufeff${signUp('')}`],
    ['an array', `[${signUp('')}]`],
    ['a text', '"ClientId"'],
    ['a number', '7'],
    ['null', 'null'],
    ['an array of depth 10000', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['an object of depth 10000', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['deep in a member nobody asked for', signUp(`,"x":${'['.repeat(17)}${']'.repeat(17)}`)],
    ['naming a member twice', signUp(',"Username":"mallory"')],
    ['naming a member twice, once escaped', signUp(',"\\u0055sername":"mallory"')],
    ['naming an inner member twice', signUp(',"ClientMetadata":{"a":"1","b":{},"a":"2"}')],
    ['with a lone surrogate', signUp(',"ClientMetadata":{"a":"\\ud800"}')],
    ['with a lone surrogate for a name', signUp(',"\\udc00":"a"')],
    ['with NUL', signUp(',"ClientMetadata":{"a":"x\\u0000y"}')],
    ['with NUL in a name', signUp(',"a\\u0000b":1')],
  ])('is refused as such: %s', async (_, body) => {
    const pool = await createTestPool()
    const answer = await send(pool, { body })

    expectReadableError(answer)
    expect(answer.body.__type).toBe('SerializationException')
    expect(pool.store.listUsers({ limit: 1 })).toEqual([])
  })

  test.each([
    ['an overlong form', [0xc0, 0xaf]],
    ['a lone continuation byte', [0x80]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['Latin-1', [0xe9]],
  ])('is refused as such: no UTF-8 but %s', async (_, bytes) => {
    const pool = await createTestPool()
    const text = Buffer.from(signUp(',"ClientMetadata":{"a":"?"}'))
    const at = text.lastIndexOf('?')
    const body = new Uint8Array([...text.subarray(0, at), ...bytes, ...text.subarray(at + 1)])
    const answer = await send(pool, { body })

    expectReadableError(answer)
    expect(answer.body.__type).toBe('SerializationException')
  })
})

describe('a body that looks odd and is in order', () => {
  test.each([
    ['names like those of JavaScript', signUp(',"__proto__":{"a":1},"constructor":"x"')],
    ['one name in two objects', signUp(',"ClientMetadata":{"Username":"a"},"x":[{"a":1},{"a":2}]')],
    [
      'names inside of values',
      signUp(',"ClientMetadata":{"a":"\\"Username\\": 1","b":"{\\"a\\":"}'),
    ],
    ['a pair of surrogates', signUp(',"ClientMetadata":{"a":"\\ud83e\\udd84"}')],
    ['space around', ` \n${signUp('')}\r\n`],
    ['depth 16', signUp(`,"x":${'['.repeat(15)}${']'.repeat(15)}`)],
  ])('is taken: %s', async (_, body) => {
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

/** A body that every operation could do something with. */
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

describe.each([...operations.keys()])('%s', (operation) => {
  test('answers any value of any member with a success or a readable error', async () => {
    const pool = await createTestPool()
    await confirmUser(pool)

    for (const member of members) {
      for (const value of wrongValues) {
        const body = JSON.stringify({ ...fullBody, [member]: value })
        const answer = await send(pool, { operation, body })
        if (answer.status !== 200) expectReadableError(answer)
      }
    }
  })

  test('answers an empty object with what is missing', async () => {
    const pool = await createTestPool()
    const answer = await send(pool, { operation, body: '{}' })

    expectReadableError(answer)
    expect(answer.body.message).toMatch(
      /Member must not be null$|^Exactly one of AccessToken and Session must be given\.$/,
    )
  })

  test('answers odd strings inside of maps and lists with a readable error or none', async () => {
    const pool = await createTestPool()
    await registerUser(pool)

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
      const answer = await send(pool, { operation, body })
      if (answer.status !== 200) expectReadableError(answer)
    }
  })
})
