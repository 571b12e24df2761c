/** `startUserPool`: a pool in this process, its options, its seed, its inbox, its clock and its reset. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CognitoJwtVerifier } from 'aws-jwt-verify'
import { exportJWK, exportPKCS8, exportSPKI, generateKeyPair } from 'jose'
import * as v from 'valibot'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import {
  SettingsError,
  startUserPool,
  type UserPool,
  type UserPoolOptions,
} from '../../../src/local-cloud/package/index.ts'
import { readResponse, toRequest } from '../../support/cognito-api.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

/** One of the keys of this test run, as JWK. */
const signingKey = v.parse(
  v.object({ id: v.looseObject({}) }),
  JSON.parse(inject('signingKeys')),
).id

const password = 'Correct-Horse-1'
const ada = { email: 'ada@example.com', password }
const emailPool = `Resources:
  Members:
    Type: AWS::Cognito::UserPool
    Properties: { UsernameAttributes: [email], AutoVerifiedAttributes: [email] }
  Web:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref Members, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH] }
`

async function start(options: UserPoolOptions = {}): Promise<UserPool> {
  const pool = await startUserPool({ template: emailPool, signingKey, ...options })
  onTestFinished(() => pool.close())
  return pool
}

async function call({ endpoint }: UserPool, operation: string, body: object) {
  return readResponse(await fetch(toRequest(`${endpoint}/`, { operation, body, signed: true })))
}

const signedIn = v.object({ AuthenticationResult: v.object({ IdToken: v.string() }) })

async function signIn(pool: UserPool, username = ada.email): Promise<string> {
  const { body } = await call(pool, 'InitiateAuth', {
    ClientId: pool.clientIds[0],
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD: password },
  })
  return v.parse(signedIn, body).AuthenticationResult.IdToken
}

function signUp(pool: UserPool, Username = 'new@example.com') {
  return call(pool, 'SignUp', { ClientId: pool.clientIds[0], Username, Password: password })
}

async function listUsers({ endpoint }: UserPool) {
  const page = v.object({ users: v.array(v.looseObject({ signInName: v.string() })) })
  return v.parse(page, await (await fetch(`${endpoint}/console/users.json`)).json()).users
}

describe('template', () => {
  const object = {
    Resources: {
      Pool: { Type: 'AWS::Cognito::UserPool', Properties: { UserPoolName: 'told' } },
    },
  }
  const describePool = async (template: UserPoolOptions['template']) => {
    const pool = await start({ template })
    return (await call(pool, 'DescribeUserPool', { UserPoolId: pool.userPoolId })).body.UserPool
  }

  test('startUserPool: the template is an object, its text, the path of a file or its URL', async () => {
    const path = join(createTempFolder(), 'pool.json')
    writeFileSync(path, JSON.stringify(object))

    for (const template of [object, JSON.stringify(object), path, pathToFileURL(path)]) {
      expect(await describePool(template)).toMatchObject({ Name: 'told' })
    }
  })

  test('startUserPool: without a template the pool has the defaults of Cognito', async () => {
    const pool = await startUserPool({ signingKey })
    onTestFinished(() => pool.close())
    const { body } = await call(pool, 'DescribeUserPool', { UserPoolId: pool.userPoolId })

    expect(body.UserPool).toMatchObject({ MfaConfiguration: 'OFF' })
    expect(body.UserPool).not.toHaveProperty('UsernameAttributes')
    expect(pool.clients).toEqual([
      { name: 'UserPoolClient', clientId: pool.clientIds[0], clientSecret: undefined },
    ])
  })

  test('startUserPool: parameters, chosen ids and every client are as the template and the options say', async () => {
    const template = `Parameters: { Length: { Type: Number } }
Resources:
  Pool: { Type: AWS::Cognito::UserPool, Properties: { Policies: { PasswordPolicy: { MinimumLength: !Ref Length } } } }
  Web: { Type: AWS::Cognito::UserPoolClient, Properties: { UserPoolId: !Ref Pool } }
  Server: { Type: AWS::Cognito::UserPoolClient, Properties: { UserPoolId: !Ref Pool, GenerateSecret: true } }
`
    const pool = await start({
      template,
      parameters: { Length: '20' },
      userPoolId: 'eu-west-1_AbCdEf123',
      clientId: { Web: '1example23456789' },
    })

    expect(pool.issuer).toBe('https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123')
    expect(pool.clients).toMatchObject([
      { name: 'Web', clientId: '1example23456789', clientSecret: undefined },
      { name: 'Server', clientSecret: expect.stringMatching(/^[0-9a-z]{52}$/) },
    ])
    expect((await signUp(pool, 'someone')).body.message).toContain('Password not long enough')
  })

  test('startUserPool: options that there are not, or that are something else, are named together', async () => {
    const wrong: object = { memry: 1, port: 70_000, allowOrigins: ['http://a/b'], clock: 3 }
    const failed = startUserPool(wrong)

    await expect(failed).rejects.toThrow(SettingsError)
    await expect(failed).rejects.toThrow(/memry: there is no such member; did you mean memory\?/)
    await expect(failed).rejects.toThrow(/port: expected 0 to 65535/)
    await expect(failed).rejects.toThrow(/allowOrigins\.0: expected an origin/)
    await expect(failed).rejects.toThrow(/clock: expected a function/)
  })
})

describe('several pools', () => {
  test('startUserPool: pools in one process know nothing of each other, and leave no file', async () => {
    const before = readdirSync('.')
    const [one, other] = await Promise.all([start({ users: [ada] }), start()])

    expect(await listUsers(one)).toHaveLength(1)
    expect(await listUsers(other)).toEqual([])
    expect(one.endpoint).not.toBe(other.endpoint)
    expect(readdirSync('.')).toEqual(before)
  })

  test('startUserPool: a data folder keeps the users', async () => {
    const dataFolder = createTempFolder()
    const first = await start({ dataFolder, users: [ada] })
    await signUp(first)
    await first.close()
    const second = await start({ dataFolder, users: [{ ...ada, password: 'Another-Horse-1' }] })

    expect((await listUsers(second)).map(({ signInName }) => signInName).sort()).toEqual([
      'ada@example.com',
      'new@example.com',
    ])
    expect(await signIn(second)).toMatch(/^eyJ/)
    await expect(start({ dataFolder, memory: true })).rejects.toThrow(/Leave one of them out/)
  })

  test('startUserPool: closing twice is closing once, and a port that is taken is named', async () => {
    const pool = await start()
    const port = Number(new URL(pool.endpoint).port)
    await expect(start({ port })).rejects.toThrow(`--port ${port}: expected a port`)
    await Promise.all([pool.close(), pool.close()])

    await expect(fetch(pool.endpoint)).rejects.toThrow()
  })
})

describe('signing key', () => {
  test.each(['PKCS#8', 'JWK', 'JWK as text'])('signing key: %s signs the tokens', async (form) => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const jwk = await exportJWK(privateKey)
    const forms: Record<string, string | object> = {
      'PKCS#8': await exportPKCS8(privateKey),
      JWK: jwk,
      'JWK as text': JSON.stringify(jwk),
    }
    const pool = await start({ signingKey: forms[form] ?? '', users: [ada] })
    const jwks = await (
      await fetch(`${pool.endpoint}/${pool.userPoolId}/.well-known/jwks.json`)
    ).json()
    const verifier = CognitoJwtVerifier.create({
      userPoolId: pool.userPoolId,
      tokenUse: 'id',
      clientId: pool.clientIds[0] ?? '',
    })
    verifier.cacheJwks(jwks)

    expect(jwks.keys).toMatchObject([{ n: (await exportJWK(publicKey)).n }])
    expect(await verifier.verify(await signIn(pool))).toMatchObject({ email: ada.email })
  })

  test.each([
    ['a public key', async () => exportSPKI((await generateKeyPair('RS256')).publicKey)],
    [
      'a key of elliptic curves',
      async () => exportPKCS8((await generateKeyPair('ES256', { extractable: true })).privateKey),
    ],
    ['a text', () => 'secret-text'],
    ['an object', () => ({ kty: 'RSA' })],
  ])('signing key: %s is refused, with what makes one and without the key', async (_, make) => {
    const failed = start({ signingKey: await make() })

    await expect(failed).rejects.toThrow(
      /^signingKey: expected a private RSA key of at least 2048 bits, as PEM or JWK\. openssl genrsa/,
    )
    await expect(failed).rejects.not.toThrow('secret-text')
  })
})

describe('seed', () => {
  test('seed: users and groups are there as they were asked for', async () => {
    const sub = '6f2b3c52-9d3c-4f6e-8a54-2f1b7e1c9a10'
    const pool = await start({
      groups: ['admins', { name: 'staff', precedence: 1, description: 'All of us' }],
      users: [
        { ...ada, sub, groups: ['admins', 'staff'], attributes: { nickname: 'A' } },
        { email: 'new@example.com', password, confirmed: false },
        { email: 'invited@example.com', temporaryPassword: password },
        { email: 'gone@example.com', password, enabled: false },
      ],
    })
    const users = await listUsers(pool)
    const find = (name: string) => users.find(({ signInName }) => signInName === name)

    expect(find('ada@example.com')).toMatchObject({
      sub,
      status: 'CONFIRMED',
      groups: ['staff', 'admins'],
      attributes: { email: 'ada@example.com', email_verified: 'true', nickname: 'A' },
    })
    expect(find('new@example.com')).toMatchObject({
      status: 'UNCONFIRMED',
      attributes: { email_verified: 'false' },
    })
    expect(find('invited@example.com')).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD' })
    expect(find('gone@example.com')).toMatchObject({ enabled: false })
    expect(pool.inbox.list()).toEqual([])
    expect(await signIn(pool)).toMatch(/^eyJ/)
  })

  test('seed: groups that only users name are made', async () => {
    const pool = await start({ users: [{ ...ada, groups: ['admins'] }] })

    expect(await listUsers(pool)).toMatchObject([{ groups: ['admins'] }])
  })

  test('seed: everything that is wrong is told at once, each with its place, and no password', async () => {
    const wrong: object = {
      users: [{ pasword: 'Correct-Horse-1' }, { email: 'nobody', password: 1234567 }],
      groups: [{ precedence: 1 }],
    }
    const message = await start(wrong).catch(String)

    expect(
      message,
    ).toBe(`SettingsError: startUserPool: expected users and groups that this pool can have. Correct them.
  users.0.pasword: there is no such member; did you mean password?
  users.1.email: expected an email address
  users.1.password: expected a text
  groups.0.name: it is missing`)
  })

  test('seed: what this pool could not have is told for each user, and nobody is there', async () => {
    const dataFolder = createTempFolder()
    const message = await start({
      dataFolder,
      groups: ['admins'],
      users: [
        ada,
        { email: 'weak@example.com', password: 'weakest' },
        { username: 'no-address', password },
        { email: 'none@example.com' },
        { password },
        { email: 'lost@example.com', password, groups: ['admin'] },
        { email: 'odd@example.com', password, attributes: { 'custom:no': 'x' } },
      ],
    }).catch(String)

    expect(
      message,
    ).toBe(`SettingsError: startUserPool: expected users and groups that this pool can have. Correct them.
  users.1 (weak@example.com): Password did not conform with password policy: Password not long enough
  users.2 (no-address): Username should be an email.
  users.3 (none@example.com): expected a password
  users.4 (without a name): expected a username or an email
  users.5 (lost@example.com): there is no group admin; did you mean admins?
  users.6 (odd@example.com): Attributes did not conform to the schema: custom:no: Attribute does not exist in the schema.`)
    expect(await listUsers(await start({ dataFolder }))).toEqual([])
  })
})

describe('inbox, clock and reset', () => {
  test('inbox: next waits for an email that is still to come', async () => {
    const pool = await start()
    const next = pool.inbox.next({ to: 'NEW@example.com' })
    await signUp(pool)
    const { code, to } = await next

    expect([to, code]).toEqual(['new@example.com', expect.stringMatching(/^\d{6}$/)])
    expect(pool.inbox.list({ to: 'new@example.com' })).toMatchObject([{ code }])
    expect(pool.inbox.list({ to: 'other@example.com' })).toEqual([])
    await expect(pool.inbox.next({ to, timeout: 0 })).rejects.toThrow('handed out already')
  })

  test('clock: a code expires when the clock is advanced, and no other time is taken', async () => {
    const pool = await start()
    await signUp(pool)
    const { code: ConfirmationCode } = await pool.inbox.next({ to: 'new@example.com' })
    pool.clock.advance(86_401)
    const { body } = await call(pool, 'ConfirmSignUp', {
      ClientId: pool.clientIds[0],
      Username: 'new@example.com',
      ConfirmationCode,
    })

    expect(body.__type).toBe('ExpiredCodeException')
    expect(() => pool.clock.advance(-1)).toThrow(RangeError)
  })

  test('clock: a time of your own is the time of the pool', async () => {
    const nowMs = Date.parse('2030-01-01T00:00:00Z')
    const pool = await start({ clock: () => nowMs })
    await signUp(pool)

    expect(pool.inbox.list()).toMatchObject([{ sentAt: '2030-01-01T00:00:00.000Z' }])
    expect(pool.clock.now()).toBe(nowMs)
  })

  test('reset: the pool is as it began, and its clock is the time', async () => {
    const pool = await start({ users: [ada], groups: ['admins'] })
    await signUp(pool)
    await call(pool, 'AddCustomAttributes', {
      UserPoolId: pool.userPoolId,
      CustomAttributes: [{ Name: 'later', AttributeDataType: 'String' }],
    })
    await call(pool, 'AdminDeleteUser', { UserPoolId: pool.userPoolId, Username: ada.email })
    const token = await call(pool, 'DescribeUserPool', { UserPoolId: pool.userPoolId })
    expect(JSON.stringify(token.body)).toContain('custom:later')
    pool.clock.advance(3600)
    await pool.reset()
    const { body } = await call(pool, 'DescribeUserPool', { UserPoolId: pool.userPoolId })

    expect((await listUsers(pool)).map(({ signInName }) => signInName)).toEqual([ada.email])
    expect(pool.inbox.list()).toEqual([])
    expect(JSON.stringify(body)).not.toContain('custom:later')
    expect(Math.abs(pool.clock.now() - Date.now())).toBeLessThan(60_000)
    expect(await signIn(pool)).toMatch(/^eyJ/)
  })

  test('reset: groups of the template are there again, and app clients made at run time are not', async () => {
    const group = `  Staff: { Type: AWS::Cognito::UserPoolGroup, Properties: { UserPoolId: !Ref Members, GroupName: staff } }\n`
    const pool = await start({ template: emailPool + group })
    const { userPoolId: UserPoolId } = pool
    await call(pool, 'CreateUserPoolClient', { UserPoolId, ClientName: 'later' })
    await call(pool, 'DeleteGroup', { UserPoolId, GroupName: 'staff' })
    await pool.reset()
    const clients = await call(pool, 'ListUserPoolClients', { UserPoolId, MaxResults: 10 })
    const groups = await call(pool, 'ListGroups', { UserPoolId })

    expect(clients.body.UserPoolClients).toMatchObject([{ ClientId: pool.clientIds[0] }])
    expect(groups.body.Groups).toMatchObject([{ GroupName: 'staff' }])
  })

  test('reset: quotas are there in full again', async () => {
    const pool = await start({ quotas: { UserCreation: 1, EmailsPerDay: 1 } })
    const types = async () => [
      (await signUp(pool)).body.__type,
      (await signUp(pool, 'other@example.com')).body.__type,
    ]
    expect(await types()).toEqual([undefined, 'TooManyRequestsException'])
    await pool.reset()

    expect(await types()).toEqual([undefined, 'TooManyRequestsException'])
  })

  test('reset: a data folder keeps a copy of what there was', async () => {
    const dataFolder = createTempFolder()
    const pool = await start({ dataFolder })
    await signUp(pool)
    const response = await fetch(`${pool.endpoint}/console/reset`, { method: 'POST' })
    const { backup, users } = v.parse(
      v.object({ backup: v.string(), users: v.number() }),
      await response.json(),
    )

    expect(users).toBe(0)
    expect(existsSync(backup)).toBe(true)
    expect(readFileSync(backup).includes('new@example.com')).toBe(true)
  })
})

describe('triggers', () => {
  test('startUserPool: a function of a trigger runs, and a seed calls none', async () => {
    const asked: string[] = []
    const pool = await start({
      users: [ada],
      triggers: {
        PreSignUp: (event) => {
          asked.push(event.request.userAttributes.email ?? '')
          const response = { ...event.response, autoConfirmUser: true }
          return Promise.resolve({ ...event, response })
        },
      },
    })
    await signUp(pool)

    expect(asked).toEqual(['new@example.com'])
    expect(await signIn(pool, 'new@example.com')).toMatch(/^eyJ/)
  })

  test('startUserPool: a trigger that there is not is named', async () => {
    const wrong: object = { triggers: { PreSignup: () => {} } }

    await expect(startUserPool(wrong)).rejects.toThrow(
      /triggers: expected functions by the names PreSignUp,/,
    )
  })
})

describe('over HTTP', () => {
  test('GET /health: says what scripts need to know', async () => {
    const pool = await start()
    const response = await fetch(`${pool.endpoint}/health`)

    expect(await response.json()).toEqual({
      status: 'ok',
      userPoolId: pool.userPoolId,
      clientIds: pool.clientIds,
      issuer: pool.issuer,
    })
  })

  test('GET /console/inbox/next: waits for a message, and hands each out once', async () => {
    const pool = await start()
    const url = `${pool.endpoint}/console/inbox/next?to=new%40example.com`
    const waiting = fetch(url)
    await signUp(pool)
    const message = await (await waiting).json()
    await fetch(url, { method: 'HEAD' })
    const none = await fetch(`${url}&timeout=0`)

    expect(message).toMatchObject({ to: 'new@example.com', code: expect.any(String) })
    expect([none.status, await none.json()]).toEqual([
      404,
      { message: expect.stringContaining('No new message to new@example.com came within 0 ms.') },
    ])
    expect((await fetch(`${pool.endpoint}/console/inbox/next`)).status).toBe(400)
    expect((await fetch(`${url}&timeout=soon`)).status).toBe(400)
  })

  test('GET /console/inbox/next: a client that has gone takes no message', async () => {
    const pool = await start()
    const url = new URL(`${pool.endpoint}/console/inbox/next?to=new%40example.com&timeout=60000`)
    const gone = request(url)
    const closed = new Promise((resolve) => gone.once('close', resolve))
    gone.on('error', () => {})
    gone.end()
    // The server has got the request when it answers one that was sent after it on a connection of its own.
    await new Promise((resolve) => gone.once('finish', resolve))
    await fetch(`${pool.endpoint}/health`)
    gone.destroy()
    await closed
    await fetch(`${pool.endpoint}/health`)
    await signUp(pool)

    expect(await pool.inbox.next({ to: 'new@example.com' })).toMatchObject({ id: 1 })
  })

  test('GET /console/inbox.json: lists those to one address', async () => {
    const pool = await start()
    await signUp(pool, 'one@example.com')
    await signUp(pool, 'two@example.com')
    const response = await fetch(`${pool.endpoint}/console/inbox.json?to=ONE@example.com`)

    expect(await response.json()).toMatchObject({ messages: [{ to: 'one@example.com' }] })
  })

  test.each([
    ['GET', '/health'],
    ['GET', '/console/users.json'],
    ['GET', '/console/inbox/next?to=a@example.com&timeout=0'],
    ['POST', '/console/reset'],
  ])(
    'CSRF: a page of another origin gets nothing by %s %s, also of an allowed one',
    async (method, path) => {
      const pool = await start({ users: [ada], allowOrigins: ['http://localhost:3000'] })
      const response = await fetch(`${pool.endpoint}${path}`, {
        method,
        headers: { Origin: 'http://localhost:3000', 'Sec-Fetch-Site': 'same-site' },
      })

      expect(response.status).toBe(403)
      expect(await listUsers(pool)).toHaveLength(1)
    },
  )
})
