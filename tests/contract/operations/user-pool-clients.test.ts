/** App clients made, changed and deleted at run time: CreateUserPoolClient, UpdateUserPoolClient, DeleteUserPoolClient. */

import { join } from 'node:path'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import type { Store } from '../../../src/local-cloud/user-pool/store/store.ts'
import { expectError, expectSuccess, type JsonObject } from '../../support/cognito-api.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { createTestPool, type TestPool, type TestPoolParts } from '../../support/test-pool.ts'
import {
  ClientId,
  createConfirmedUser,
  createSignedInUser,
  requireTokens,
  rider,
  UserPoolId,
} from '../../support/users.ts'

const clientType = v.looseObject({ ClientId: v.string(), ClientSecret: v.optional(v.string()) })
const reply = v.object({ UserPoolClient: clientType })
const page = v.object({
  UserPoolClients: v.array(v.object({ ClientId: v.string(), ClientName: v.string() })),
  NextToken: v.optional(v.string()),
})
const withPassword = { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] }

async function create(pool: TestPool, members: JsonObject = {}) {
  const response = await callWithIam(pool, 'CreateUserPoolClient', {
    ClientName: 'kiosk',
    ...members,
  })
  expectSuccess(response)
  return v.parse(reply, response.body).UserPoolClient
}

async function describeClient(pool: TestPool, id: string) {
  const { body } = await callWithIam(pool, 'DescribeUserPoolClient', { ClientId: id })
  return v.parse(reply, body).UserPoolClient
}

async function listClients(pool: TestPool, members: JsonObject = {}) {
  return v.parse(page, (await callWithIam(pool, 'ListUserPoolClients', members)).body)
}

function signIn(pool: TestPool, client: string, more: JsonObject = {}) {
  return pool.call('InitiateAuth', {
    ClientId: client,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: rider.username, PASSWORD: rider.password, ...more },
  })
}

/** Pools that share one file, one after the other, as after a restart with another template. */
function createPoolFile() {
  const path = join(createTempFolder(), 'user-pool.sqlite')
  return (settings: Partial<UserPoolSettings> = {}, parts: Partial<TestPoolParts> = {}) =>
    createTestPool(settings, { ...parts, path })
}

const clientGone = (id: string) =>
  ({
    type: 'ResourceNotFoundException',
    message: `User pool client ${id} does not exist.`,
  }) as const

describe('CreateUserPoolClient', () => {
  test('CreateUserPoolClient: what is not named has the default of Cognito', async () => {
    const pool = await createTestPool()
    const client = await create(pool)

    expect(client).toEqual({
      UserPoolId,
      ClientName: 'kiosk',
      ClientId: expect.stringMatching(/^[0-9a-z]{26}$/),
      CreationDate: pool.clock.nowMs() / 1000,
      LastModifiedDate: pool.clock.nowMs() / 1000,
      RefreshTokenValidity: 30,
      TokenValidityUnits: {},
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_CUSTOM_AUTH'],
      PreventUserExistenceErrors: 'LEGACY',
      AllowedOAuthFlowsUserPoolClient: false,
      EnableTokenRevocation: true,
      EnablePropagateAdditionalUserContextData: false,
      AuthSessionValidity: 3,
      RefreshTokenRotation: { Feature: 'DISABLED' },
    })
    expect(await describeClient(pool, client.ClientId)).toEqual(client)
    expect((await create(pool)).ClientId).not.toBe(client.ClientId)
  })

  test('CreateUserPoolClient: what is named holds for its sign-ins and its tokens', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const client = await create(pool, {
      ...withPassword,
      AccessTokenValidity: 10,
      IdTokenValidity: 7,
      RefreshTokenValidity: 90,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'minutes' },
      ReadAttributes: ['email'],
      WriteAttributes: ['nickname'],
      PreventUserExistenceErrors: 'ENABLED',
    })
    const tokens = requireTokens(await signIn(pool, client.ClientId))
    const [access, id] = [tokens.AccessToken, tokens.IdToken].map((token) => decodeJwt(token))

    expect(access).toMatchObject({ client_id: client.ClientId })
    expect(Number(access?.exp) - Number(access?.iat)).toBe(600)
    expect(id).toMatchObject({ aud: client.ClientId })
    expect(Number(id?.exp) - Number(id?.iat)).toBe(420)
    const { AccessToken } = tokens
    const write = (Name: string) =>
      pool.call('UpdateUserAttributes', { AccessToken, UserAttributes: [{ Name, Value: 'Star' }] })
    expectSuccess(await write('nickname'))
    expect((await write('locale')).body).toMatchObject({ __type: 'NotAuthorizedException' })
    const read = JSON.stringify((await pool.call('GetUser', { AccessToken })).body)
    expect(read).toContain('email')
    expect(read).not.toContain('nickname')
  })

  test('CreateUserPoolClient: GenerateSecret makes a secret, which the client must prove', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const client = await create(pool, { ...withPassword, GenerateSecret: true })

    expect(client.ClientSecret).toMatch(/^[0-9a-z]{52}$/)
    expect(await describeClient(pool, client.ClientId)).toEqual(client)
    expectError(await signIn(pool, client.ClientId), {
      type: 'NotAuthorizedException',
      message: `Client ${client.ClientId} is configured with secret but SECRET_HASH was not received`,
    })
  })

  test('CreateUserPoolClient: a chosen ClientSecret is kept, and not beside GenerateSecret', async () => {
    const pool = await createTestPool()
    const ClientSecret = 'a-secret'.replace('-', '').repeat(4)

    expect(await create(pool, { ClientSecret })).toMatchObject({ ClientSecret })
    expect(
      (
        await callWithIam(pool, 'CreateUserPoolClient', {
          ...{ ClientName: 'kiosk', ClientSecret, GenerateSecret: true },
        })
      ).body,
    ).toMatchObject({ __type: 'InvalidParameterException' })
  })

  test('CreateUserPoolClient: the older flows have SRP and refresh beside them', async () => {
    const pool = await createTestPool()
    const client = await create(pool, { ExplicitAuthFlows: ['USER_PASSWORD_AUTH'] })

    expect(client.ExplicitAuthFlows).toEqual([
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_CUSTOM_AUTH',
    ])
  })

  test('CreateUserPoolClient: settings of a hosted UI are told again', async () => {
    const pool = await createTestPool()
    const hosted = {
      CallbackURLs: ['https://example.com/back'],
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid'],
      AllowedOAuthFlowsUserPoolClient: true,
      SupportedIdentityProviders: ['COGNITO'],
    }

    expect(await create(pool, hosted)).toMatchObject(hosted)
  })

  test.each([
    [{ AccessTokenValidity: 900 }, 'Invalid range for token validity.'],
    [
      { IdTokenValidity: 1, TokenValidityUnits: { IdToken: 'seconds' } },
      'Invalid range for token validity.',
    ],
    [
      { RefreshTokenValidity: 1, TokenValidityUnits: { RefreshToken: 'minutes' } },
      'Invalid range for token validity.',
    ],
    [{ ReadAttributes: ['nope'] }, 'Invalid read attributes specified while creating a client'],
    [
      { WriteAttributes: ['email_verified'] },
      'Invalid write attributes specified while creating a client',
    ],
    [
      { WriteAttributes: ['custom:wings'] },
      'Invalid write attributes specified while creating a client',
    ],
    [
      { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'USER_PASSWORD_AUTH'] },
      'ExplicitAuthFlows: expected names that all begin with ALLOW_, or none that does',
    ],
    [
      {
        ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED' },
      },
      'expected no ALLOW_REFRESH_TOKEN_AUTH beside rotation, which Cognito refuses',
    ],
  ])(
    'CreateUserPoolClient refuses %j as a template is refused for it',
    async (members, message) => {
      const pool = await createTestPool()
      const body = { ClientName: 'kiosk', ...members }

      expectError(await callWithIam(pool, 'CreateUserPoolClient', body), {
        type: 'InvalidParameterException',
        message,
      })
      expect((await listClients(pool)).UserPoolClients).toHaveLength(1)
    },
  )

  test('CreateUserPoolClient: the log says what broke the rule', async () => {
    const pool = await createTestPool()
    await callWithIam(pool, 'CreateUserPoolClient', { ClientName: 'a', ReadAttributes: ['nope'] })

    expect(pool.logEntries.at(-1)?.detail).toBe(
      'Invalid read attributes specified while creating a client: nope is no attribute of the pool',
    )
  })

  test.each([
    [{}],
    [{ ClientName: '' }],
    [{ ClientName: 'a/b' }],
    [{ ClientName: 'a', AccessTokenValidity: 0 }],
    [{ ClientName: 'a', AuthSessionValidity: 16 }],
    [{ ClientName: 'a', ExplicitAuthFlows: ['ALLOW_EVERYTHING'] }],
    [{ ClientName: 'a', ClientSecret: 'short' }],
    [{ ClientName: 'a', TokenValidityUnits: { IdToken: 'moons' } }],
  ])('CreateUserPoolClient with %j is a validation error', async (body) => {
    const response = await callWithIam(await createTestPool(), 'CreateUserPoolClient', body)

    expect(response.body).toMatchObject({
      __type: 'InvalidParameterException',
      message: expect.stringMatching(/^[12] validation errors? detected/),
    })
  })

  test('CreateUserPoolClient: the client outlives a restart, and reads attributes that were added', async () => {
    const open = createPoolFile()
    const before = await open()
    expectSuccess(
      await callWithIam(before, 'AddCustomAttributes', { CustomAttributes: [{ Name: 'horse' }] }),
    )
    const client = await create(before, { ReadAttributes: ['custom:horse'], GenerateSecret: true })

    expect(await describeClient(await open(), client.ClientId)).toEqual(client)
  })
})

describe('UpdateUserPoolClient', () => {
  const update = (pool: TestPool, members: JsonObject) =>
    callWithIam(pool, 'UpdateUserPoolClient', members)

  test('UpdateUserPoolClient resets what it does not name, and keeps name and secret', async () => {
    const pool = await createTestPool()
    const { ClientId: id, ...made } = await create(pool, {
      ...withPassword,
      GenerateSecret: true,
      AccessTokenValidity: 5,
      PreventUserExistenceErrors: 'ENABLED',
      CallbackURLs: ['https://example.com/back'],
    })
    pool.clock.advance(60)
    const response = await update(pool, { ClientId: id, IdTokenValidity: 2 })
    expectSuccess(response)
    const changed = v.parse(reply, response.body).UserPoolClient

    expect(changed).toMatchObject({
      ClientName: 'kiosk',
      ClientSecret: made.ClientSecret,
      IdTokenValidity: 2,
      PreventUserExistenceErrors: 'LEGACY',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_CUSTOM_AUTH'],
      CreationDate: made.CreationDate,
      LastModifiedDate: Number(made.CreationDate) + 60,
    })
    expect(changed).not.toHaveProperty('AccessTokenValidity')
    expect(changed).not.toHaveProperty('CallbackURLs')
    expect(await describeClient(pool, id)).toEqual(changed)
  })

  test('UpdateUserPoolClient holds from the next request on', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const { ClientId: id } = await create(pool, withPassword)
    requireTokens(await signIn(pool, id))
    expectSuccess(await update(pool, { ClientId: id }))

    expectError(await signIn(pool, id), {
      type: 'InvalidParameterException',
      message: 'USER_PASSWORD_AUTH flow not enabled for this client',
    })
  })

  test('UpdateUserPoolClient: the words of AWS for a client that is changed', async () => {
    const pool = await createTestPool()

    expectError(await update(pool, { ClientId, WriteAttributes: ['sub'] }), {
      type: 'InvalidParameterException',
      message: 'Invalid write attributes specified while updating a client',
    })
    expectError(await update(pool, { ClientId: 'nobody' }), clientGone('nobody'))
  })

  test('UpdateUserPoolClient of the template’s client outlives a restart, until the template changes it', async () => {
    const open = createPoolFile()
    const settings = { clientHasSecret: true }
    const pool = await open(settings)
    const { ClientSecret } = await describeClient(pool, ClientId)
    expectSuccess(await update(pool, { ClientId, ClientName: 'changed', AuthSessionValidity: 9 }))

    expect(await describeClient(await open(settings), ClientId)).toMatchObject({
      ClientName: 'changed',
      AuthSessionValidity: 9,
      ClientSecret,
    })
    const other = await open({ ...settings, clientName: 'new in the template' })
    expect(await describeClient(other, ClientId)).toMatchObject({
      ClientName: 'new in the template',
      AuthSessionValidity: 15,
      ClientSecret,
    })
  })
})

describe('DeleteUserPoolClient', () => {
  const remove = (pool: TestPool, id: string) =>
    callWithIam(pool, 'DeleteUserPoolClient', { ClientId: id })

  test('DeleteUserPoolClient: the client, its sign-ins and its tokens work no more; those of others do', async () => {
    const pool = await createTestPool()
    const ofTemplate = await createSignedInUser(pool)
    const { ClientId: id } = await create(pool, withPassword)
    const { AccessToken, RefreshToken = '' } = requireTokens(await signIn(pool, id))
    const { status, body } = await remove(pool, id)

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expectError(await signIn(pool, id), clientGone(id))
    expectError(await pool.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
    expectError(
      await pool.call('GetTokensFromRefreshToken', { ClientId: id, RefreshToken }),
      clientGone(id),
    )
    expectError(await remove(pool, id), clientGone(id))
    expectSuccess(await pool.call('GetUser', { AccessToken: ofTemplate.AccessToken }))
  })

  test('DeleteUserPoolClient of the template’s client outlives a restart, until the template changes it', async () => {
    const open = createPoolFile()
    const pool = await open()
    const { AccessToken } = await createSignedInUser(pool)
    expectSuccess(await remove(pool, ClientId))

    const again = await open()
    expectError(await again.call('SignUp', signUpBody), clientGone(ClientId))
    expect(await listClients(again)).toEqual({ UserPoolClients: [] })
    const other = await open({ clientName: 'new in the template' })
    expect((await listClients(other)).UserPoolClients).toMatchObject([{ ClientId }])
    // What it had signed in before stays ended.
    expectError(await other.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    })
  })

  const signUpBody = { ClientId, Username: 'another', Password: rider.password }
})

describe('ListUserPoolClients', () => {
  test('ListUserPoolClients leads through all clients in pages, those of the template first', async () => {
    const pool = await createTestPool()
    for (const ClientName of ['one', 'two', 'three']) {
      await create(pool, { ClientName })
      pool.clock.advance(1)
    }
    const first = await listClients(pool, { MaxResults: 2 })
    const second = await listClients(pool, { MaxResults: 2, NextToken: first.NextToken })

    const names = [...first.UserPoolClients, ...second.UserPoolClients].map(
      ({ ClientName }) => ClientName,
    )
    expect(names).toEqual(['WildRydesWebApp', 'one', 'two', 'three'])
    expect(second).not.toHaveProperty('NextToken')
    expectError(await callWithIam(pool, 'ListUserPoolClients', { NextToken: 'made-up' }), {
      type: 'InvalidParameterException',
      message: 'Invalid pagination token.',
    })
  })

  test('ListUserPoolClients goes on after a client that was deleted between two pages', async () => {
    const pool = await createTestPool()
    const made = []
    for (const ClientName of ['one', 'two']) {
      made.push(await create(pool, { ClientName }))
      pool.clock.advance(1)
    }
    const { NextToken } = await listClients(pool, { MaxResults: 2 })
    await callWithIam(pool, 'DeleteUserPoolClient', { ClientId: made[0]?.ClientId })

    expect((await listClients(pool, { NextToken })).UserPoolClients).toMatchObject([
      { ClientName: 'two' },
    ])
  })
})

describe('access tokens', () => {
  test('client: the ClientId beside an access token does not make it another client’s', async () => {
    const pool = await createTestPool({ writeAttributes: new Set(['email']) })
    const { AccessToken } = await createSignedInUser(pool)
    const { ClientId: wider } = await create(pool)
    const UserAttributes = [{ Name: 'nickname', Value: 'Star' }]

    expectError(
      await pool.call('UpdateUserAttributes', { AccessToken, UserAttributes, ClientId: wider }),
      {
        type: 'NotAuthorizedException',
        message: 'A client attempted to write unauthorized attribute',
      },
    )
  })

  test('client: a token of a pool with another id is refused, and its users stay', async () => {
    const open = createPoolFile()
    const { AccessToken } = await createSignedInUser(await open())
    const other = await open({ region: 'eu-west-1', userPoolId: 'eu-west-1_Other' })

    expectError(await other.call('GetUser', { AccessToken }), {
      type: 'NotAuthorizedException',
      message: 'Invalid Access Token',
    })
    expect(other.store.countUsers()).toBe(1)
  })
})

describe('current settings', () => {
  /** Counts how often the store is asked for what was changed of settings and clients. */
  function countReads() {
    const reads = { changes: 0, clients: 0 }
    const wrapStore = (store: Store): Store => ({
      ...store,
      readSecret(name) {
        if (name === 'settings-changes') reads.changes += 1
        return store.readSecret(name)
      },
      listAppClients() {
        reads.clients += 1
        return store.listAppClients()
      },
    })
    return { reads, wrapStore }
  }

  test('current settings: they are read from the store once, and again after a change', async () => {
    const { reads, wrapStore } = countReads()
    const pool = await createTestPool({}, { wrapStore })
    await createConfirmedUser(pool)
    await create(pool, withPassword)
    const { UserPoolClients } = await listClients(pool)
    const id = UserPoolClients[1]?.ClientId ?? ''
    const before = { ...reads }
    for (let count = 0; count < 5; count += 1) requireTokens(await signIn(pool, id))
    expect(reads).toEqual(before)

    expectSuccess(await callWithIam(pool, 'UpdateUserPoolClient', { ClientId: id }))
    expect((await signIn(pool, id)).status).toBe(400)
    expect(reads.clients).toBeGreaterThan(before.clients)
  })

  test('current settings: a change that is rolled back is not kept', async () => {
    let fails = false
    const pool = await createTestPool(
      {},
      {
        wrapStore: (store) => ({
          ...store,
          revokeSessionsOfClient(id) {
            if (fails) throw new Error('disk full')
            store.revokeSessionsOfClient(id)
          },
        }),
      },
    )
    const { ClientId: id } = await create(pool)
    fails = true
    const { status } = await callWithIam(pool, 'DeleteUserPoolClient', { ClientId: id })

    expect(status).toBe(500)
    expect(await describeClient(pool, id)).toMatchObject({ ClientId: id })
  })
})
