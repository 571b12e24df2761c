/** Groups: their operations, their members, and what they put into tokens. */

import { join } from 'node:path'
import { decodeJwt } from 'jose'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import type { TemplateGroup } from '../../../src/local-cloud/user-pool/template-groups.ts'
import { expectError, expectSuccess, type JsonObject } from '../../support/cognito-api.ts'
import { userNotFound } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  ClientId,
  createConfirmedUser,
  requireStoredUser,
  requireTokens,
  rider,
  signUpUser,
  startSessionFor,
  UserPoolId,
} from '../../support/users.ts'

const Username = rider.username
const toRole = (name: string) => `arn:aws:iam::123456789012:role/${name}`
const groupNotFound = { type: 'ResourceNotFoundException', message: 'Group not found.' } as const

async function createGroup(pool: TestPool, GroupName: string, members: JsonObject = {}) {
  expectSuccess(await callWithIam(pool, 'CreateGroup', { GroupName, ...members }))
}

async function addToGroup(pool: TestPool, GroupName: string, username = Username) {
  const body = { Username: username, GroupName }
  expectSuccess(await callWithIam(pool, 'AdminAddUserToGroup', body))
}

/** A pool with a confirmed rider, who is in all of these groups. */
async function createRiderIn(groups: Readonly<Record<string, JsonObject>>): Promise<TestPool> {
  const pool = await createTestPool()
  await createConfirmedUser(pool)
  for (const [name, members] of Object.entries(groups)) {
    await createGroup(pool, name, members)
    await addToGroup(pool, name)
  }
  return pool
}

async function readClaims(pool: TestPool) {
  const { IdToken, AccessToken } = await startSessionFor(pool)
  return { id: decodeJwt(IdToken), access: decodeJwt(AccessToken) }
}

const claimsAboutGroups = /^cognito:(groups|roles|preferred_role)$/
const ofGroups = (claims: object) =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => claimsAboutGroups.test(name)))

describe('CreateGroup, GetGroup, UpdateGroup and DeleteGroup', () => {
  const described = { Description: 'Who trains', RoleArn: toRole('trainer'), Precedence: 0 }

  test('CreateGroup returns the group with its dates in seconds, and GetGroup the same', async () => {
    const pool = await createTestPool()
    const nowSeconds = pool.clock.nowMs() / 1000
    const dates = { CreationDate: nowSeconds, LastModifiedDate: nowSeconds }
    const { status, body } = await callWithIam(pool, 'CreateGroup', {
      GroupName: 'trainers',
      ...described,
    })
    const Group = { GroupName: 'trainers', UserPoolId, ...described, ...dates }

    expect({ status, body }).toEqual({ status: 200, body: { Group } })
    expect((await callWithIam(pool, 'GetGroup', { GroupName: 'trainers' })).body).toEqual({ Group })
  })

  test('CreateGroup leaves out what the group does not have', async () => {
    const pool = await createTestPool()
    const { body } = await callWithIam(pool, 'CreateGroup', { GroupName: 'riders' })

    expect(
      Object.keys(v.parse(v.object({ Group: v.record(v.string(), v.unknown()) }), body).Group),
    ).toEqual(['GroupName', 'UserPoolId', 'LastModifiedDate', 'CreationDate'])
  })

  test('CreateGroup rejects a name that is taken, and tells names apart by case', async () => {
    const pool = await createTestPool()
    await createGroup(pool, 'riders')

    expectError(await callWithIam(pool, 'CreateGroup', { GroupName: 'riders' }), {
      type: 'GroupExistsException',
      message: 'A group with the name already exists.',
    })
    await createGroup(pool, 'Riders')
  })

  test.each([
    [{ GroupName: 'two words' }, "Value at 'groupName'"],
    [{ GroupName: 'x'.repeat(129) }, "Value at 'groupName'"],
    [{ GroupName: 'riders', Precedence: -1 }, "Value at 'precedence'"],
    [{ GroupName: 'riders', RoleArn: 'arn:aws:iam::nobody:role' }, "Value at 'roleArn'"],
    [{ GroupName: 'riders', Description: 'x'.repeat(2049) }, "Value at 'description'"],
  ])('CreateGroup rejects %j', async (members, place) => {
    const { status, body } = await callWithIam(await createTestPool(), 'CreateGroup', members)

    expect({ status, body }).toMatchObject({
      status: 400,
      body: { __type: 'InvalidParameterException', message: expect.stringContaining(place) },
    })
  })

  test('UpdateGroup changes what it names, and when the group was changed', async () => {
    const pool = await createTestPool()
    await createGroup(pool, 'trainers', described)
    const createdSeconds = pool.clock.nowMs() / 1000
    pool.clock.advance(60)
    const Group = {
      GroupName: 'trainers',
      UserPoolId,
      ...described,
      Precedence: 7,
      CreationDate: createdSeconds,
      LastModifiedDate: createdSeconds + 60,
    }

    const change = { GroupName: 'trainers', Precedence: 7 }
    expect((await callWithIam(pool, 'UpdateGroup', change)).body).toEqual({ Group })
    expect((await callWithIam(pool, 'GetGroup', { GroupName: 'trainers' })).body).toEqual({ Group })
  })

  test('DeleteGroup deletes the group and its memberships, and no user', async () => {
    const pool = await createRiderIn({ riders: {} })
    const { status, text } = await callWithIam(pool, 'DeleteGroup', { GroupName: 'riders' })

    expect({ status, text }).toEqual({ status: 200, text: '' })
    expectError(await callWithIam(pool, 'GetGroup', { GroupName: 'riders' }), groupNotFound)
    await createGroup(pool, 'riders')
    expect((await callWithIam(pool, 'ListUsersInGroup', { GroupName: 'riders' })).body).toEqual({
      Users: [],
    })
    requireStoredUser(pool, Username)
  })

  test.each([
    ['GetGroup', {}],
    ['UpdateGroup', {}],
    ['DeleteGroup', {}],
    ['ListUsersInGroup', {}],
    ['AdminAddUserToGroup', { Username }],
    ['AdminRemoveUserFromGroup', { Username }],
  ])(
    '%s of a group that is not there is a ResourceNotFoundException',
    async (operation, members) => {
      const pool = await createTestPool()
      await signUpUser(pool)

      expectError(
        await callWithIam(pool, operation, { GroupName: 'nobody', ...members }),
        groupNotFound,
      )
    },
  )
})

describe('members of a group', () => {
  test('AdminAddUserToGroup and AdminRemoveUserFromGroup have empty bodies and may be repeated', async () => {
    const pool = await createRiderIn({ riders: {} })
    const body = { Username, GroupName: 'riders' }

    for (const operation of ['AdminAddUserToGroup', 'AdminRemoveUserFromGroup']) {
      for (const _ of ['once', 'again']) {
        const { status, text } = await callWithIam(pool, operation, body)
        expect({ status, text }).toEqual({ status: 200, text: '' })
      }
    }
    expect((await callWithIam(pool, 'AdminListGroupsForUser', { Username })).body).toEqual({
      Groups: [],
    })
  })

  test.each(['AdminAddUserToGroup', 'AdminRemoveUserFromGroup', 'AdminListGroupsForUser'])(
    '%s of a user who is not there is a UserNotFoundException',
    async (operation) => {
      const pool = await createTestPool()
      await createGroup(pool, 'riders')

      expectError(
        await callWithIam(pool, operation, { Username, GroupName: 'riders' }),
        userNotFound,
      )
    },
  )

  test('ListUsersInGroup returns users as ListUsers does', async () => {
    const pool = await createRiderIn({ riders: {} })
    await signUpUser(pool, { ...rider, username: 'other@example.com' })
    const { body } = await callWithIam(pool, 'ListUsersInGroup', { GroupName: 'riders' })

    expect(body).toEqual({
      Users: [
        {
          Username,
          Attributes: [
            { Name: 'sub', Value: requireStoredUser(pool, Username).sub },
            { Name: 'email', Value: Username },
            { Name: 'email_verified', Value: 'true' },
          ],
          UserCreateDate: pool.clock.nowMs() / 1000,
          UserLastModifiedDate: pool.clock.nowMs() / 1000,
          Enabled: true,
          UserStatus: 'CONFIRMED',
        },
      ],
    })
  })

  test('a user who is deleted leaves their groups', async () => {
    const pool = await createRiderIn({ riders: {} })
    expectSuccess(await callWithIam(pool, 'AdminDeleteUser', { Username }))

    expect((await callWithIam(pool, 'ListUsersInGroup', { GroupName: 'riders' })).body).toEqual({
      Users: [],
    })
  })
})

describe('lists in pages', () => {
  const names = ['ants', 'bees', 'cats', 'dogs', 'eels']
  const users = names.map((name) => `${name}@example.com`)

  /** Five groups, five users, all in "ants"; the rider in all groups. */
  async function createFullPool(): Promise<TestPool> {
    const pool = await createTestPool()
    for (const [index, name] of names.toReversed().entries()) {
      await createGroup(pool, name, { Precedence: index })
    }
    for (const username of users) {
      await signUpUser(pool, { ...rider, username })
      await addToGroup(pool, 'ants', username)
    }
    for (const name of names) await addToGroup(pool, name, users[0])
    return pool
  }

  const page = v.object({
    Groups: v.optional(v.array(v.object({ GroupName: v.string() })), []),
    Users: v.optional(v.array(v.object({ Username: v.string() })), []),
    NextToken: v.optional(v.string()),
  })

  test.each([
    ['ListGroups', {}, names],
    ['AdminListGroupsForUser', { Username: users[0] }, names],
    ['ListUsersInGroup', { GroupName: 'ants' }, users],
  ])('pagination: %s leads to every item once, in order', async (operation, members, expected) => {
    const pool = await createFullPool()
    const seen: string[] = []
    let NextToken: string | undefined
    do {
      const body = { ...members, Limit: 2, ...(NextToken !== undefined && { NextToken }) }
      const parsed = v.parse(page, (await callWithIam(pool, operation, body)).body)
      seen.push(
        ...parsed.Groups.map(({ GroupName }) => GroupName),
        ...parsed.Users.map(({ Username: name }) => name),
      )
      NextToken = parsed.NextToken
    } while (NextToken !== undefined)

    expect(seen).toEqual(expected)
    expect((await callWithIam(pool, operation, { ...members, Limit: 5 })).body).not.toHaveProperty(
      'NextToken',
    )
  })

  test('pagination: a NextToken of another list is rejected', async () => {
    const pool = await createFullPool()
    const { NextToken } = v.parse(page, (await callWithIam(pool, 'ListGroups', { Limit: 1 })).body)

    expectError(await callWithIam(pool, 'ListUsersInGroup', { GroupName: 'ants', NextToken }), {
      type: 'InvalidParameterException',
      message: 'Invalid pagination token.',
    })
  })
})

describe('claims about groups', () => {
  test('tokens of a user in no group have no claim about groups', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    await createGroup(pool, 'riders', { RoleArn: toRole('rider') })
    const { id, access } = await readClaims(pool)

    expect([ofGroups(id), ofGroups(access)]).toEqual([{}, {}])
  })

  test('tokens of a user in no group have the claims and the order that they always had', async () => {
    const pool = await createTestPool()
    await createConfirmedUser(pool)
    const { id, access } = await readClaims(pool)
    const common = ['sub', 'iss', 'origin_jti', 'event_id', 'auth_time', 'iat']

    expect(Object.keys(id)).toEqual([
      ...common,
      ...['email', 'email_verified', 'cognito:username', 'aud', 'token_use', 'exp', 'jti'],
    ])
    expect(Object.keys(access)).toEqual([
      ...common,
      ...['client_id', 'token_use', 'scope', 'exp', 'jti', 'username'],
    ])
  })

  test('both tokens name the groups by precedence, and the ID token the roles too', async () => {
    const pool = await createRiderIn({
      admins: { Precedence: 1, RoleArn: toRole('admin') },
      guests: {},
      owners: { Precedence: 0, RoleArn: toRole('owner') },
      badgers: {},
    })
    const { id, access } = await readClaims(pool)
    const groups = { 'cognito:groups': ['owners', 'admins', 'badgers', 'guests'] }

    expect(ofGroups(access)).toEqual(groups)
    expect(ofGroups(id)).toEqual({
      ...groups,
      'cognito:roles': [toRole('owner'), toRole('admin')],
      'cognito:preferred_role': toRole('owner'),
    })
  })

  test.each([
    [
      'one role in two groups of the same precedence',
      { a: { Precedence: 3, RoleArn: toRole('x') }, b: { Precedence: 3, RoleArn: toRole('x') } },
      { 'cognito:roles': [toRole('x')], 'cognito:preferred_role': toRole('x') },
    ],
    [
      'two roles in groups of the same precedence',
      { a: { Precedence: 3, RoleArn: toRole('x') }, b: { Precedence: 3, RoleArn: toRole('y') } },
      { 'cognito:roles': [toRole('x'), toRole('y')] },
    ],
    [
      'two roles without a precedence',
      { a: { RoleArn: toRole('x') }, b: { RoleArn: toRole('y') } },
      { 'cognito:roles': [toRole('x'), toRole('y')] },
    ],
    [
      'a precedence before none',
      { a: { RoleArn: toRole('x') }, b: { Precedence: 2_147_483_647, RoleArn: toRole('y') } },
      { 'cognito:roles': [toRole('y'), toRole('x')], 'cognito:preferred_role': toRole('y') },
    ],
    ['no role', { a: { Precedence: 0 } }, {}],
  ])('cognito:preferred_role: %s', async (_, groups, roles) => {
    const { id } = await readClaims(await createRiderIn(groups))
    const { 'cognito:groups': names, ...others } = ofGroups(id)

    expect(names).toHaveLength(Object.keys(groups).length)
    expect(others).toEqual(roles)
  })

  test('a refresh brings the groups of that time', async () => {
    const pool = await createRiderIn({ riders: {} })
    const { RefreshToken } = await startSessionFor(pool)
    const refresh = async () =>
      ofGroups(
        decodeJwt(
          requireTokens(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }))
            .AccessToken,
        ),
      )

    expect(await refresh()).toEqual({ 'cognito:groups': ['riders'] })
    const body = { Username, GroupName: 'riders' }
    expectSuccess(await callWithIam(pool, 'AdminRemoveUserFromGroup', body))
    expect(await refresh()).toEqual({})
  })
})

describe('groups of the template', () => {
  const admins = {
    name: 'admins',
    description: 'Who may do all',
    precedence: 1,
    roleArn: 'arn:aws:iam::123456789012:role/admins',
  }
  const open = (path: string, groups: readonly TemplateGroup[]) =>
    createTestPool({}, { path, groups })
  const createPath = () => join(createTempFolder(), 'user-pool.sqlite')
  const find = async (pool: TestPool, GroupName = 'admins') =>
    (await callWithIam(pool, 'GetGroup', { GroupName })).body

  test('group of the template: it is there at start, and in the tokens of its users', async () => {
    const pool = await createTestPool({}, { groups: [admins] })
    await createConfirmedUser(pool)
    const user = { Username: rider.username, GroupName: 'admins' }
    expectSuccess(await callWithIam(pool, 'AdminAddUserToGroup', user))

    expect(await find(pool)).toMatchObject({
      Group: { Description: 'Who may do all', Precedence: 1, RoleArn: admins.roleArn },
    })
    const { IdToken } = await startSessionFor(pool)
    expect(decodeJwt(IdToken)).toMatchObject({
      'cognito:groups': ['admins'],
      'cognito:preferred_role': admins.roleArn,
    })
  })

  test('group of the template: what was changed of it and its end outlive a restart, until the template changes it', async () => {
    const path = createPath()
    const bare = { ...admins, name: 'bare', description: undefined }
    const pool = await open(path, [admins, bare])
    const change = { GroupName: 'admins', Description: 'changed' }
    expectSuccess(await callWithIam(pool, 'UpdateGroup', change))
    expectSuccess(await callWithIam(pool, 'DeleteGroup', { GroupName: 'bare' }))

    const again = await open(path, [admins, bare])
    expect(await find(again)).toMatchObject({ Group: { Description: 'changed' } })
    expect(await find(again, 'bare')).toMatchObject({ __type: 'ResourceNotFoundException' })
    const other = await open(path, [admins, { ...bare, precedence: 2 }])
    expect(await find(other)).toMatchObject({ Group: { Description: 'changed' } })
    expect(await find(other, 'bare')).toMatchObject({ Group: { Precedence: 2 } })
    const changed = await open(path, [{ ...admins, precedence: 3 }])
    expect(await find(changed)).toMatchObject({
      Group: { Description: 'Who may do all', Precedence: 3 },
    })
  })

  test('group of the template: one that the template has no more stays, with its users', async () => {
    const path = createPath()
    const pool = await open(path, [admins])
    await createConfirmedUser(pool)
    const user = { Username: rider.username, GroupName: 'admins' }
    expectSuccess(await callWithIam(pool, 'AdminAddUserToGroup', user))

    const later = await open(path, [])
    expect(
      (await callWithIam(later, 'ListUsersInGroup', { GroupName: 'admins' })).body,
    ).toMatchObject({ Users: [{ Username: rider.username }] })
  })

  test('group of the template: it writes over one of the same name that was made at run time', async () => {
    const path = createPath()
    const pool = await open(path, [])
    expectSuccess(await callWithIam(pool, 'CreateGroup', { GroupName: 'admins', Precedence: 9 }))

    expect(await find(await open(path, [admins]))).toMatchObject({ Group: { Precedence: 1 } })
  })
})
