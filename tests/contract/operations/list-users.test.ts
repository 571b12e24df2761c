/** ListUsers: order, attributes, pages and filters. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import {
  type ApiResponse,
  expectError,
  expectSuccess,
  type JsonObject,
} from '../../support/cognito-api.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import {
  changeUser,
  requireStoredUser,
  rider,
  signUpUser,
  UserPoolId,
} from '../../support/users.ts'

const listed = v.object({
  Users: v.array(v.looseObject({ Username: v.string() })),
  PaginationToken: v.optional(v.string()),
})

function list(pool: TestPool, members: JsonObject = {}): Promise<ApiResponse> {
  return pool.call('ListUsers', { UserPoolId, ...members }, { signed: true })
}

async function listNames(pool: TestPool, members: JsonObject = {}): Promise<readonly string[]> {
  const response = await list(pool, members)
  expectSuccess(response)
  return v.parse(listed, response.body).Users.map(({ Username }) => Username)
}

async function createPoolWith(...names: readonly string[]): Promise<TestPool> {
  const pool = await createTestPool()
  for (const username of names) await signUpUser(pool, { ...rider, username })
  return pool
}

const zoe = 'zoe@example.com'
const adam = 'adam@example.com'
const bea = 'Bea@Example.org'

describe('ListUsers', () => {
  test('ListUsers returns an empty list for an empty pool', async () => {
    const { status, body } = await list(await createTestPool())

    expect({ status, body }).toEqual({ status: 200, body: { Users: [] } })
  })

  test('ListUsers sorts by user name and ignores case', async () => {
    const pool = await createPoolWith(zoe, bea, adam)

    expect(await listNames(pool)).toEqual([adam, bea, zoe])
  })

  test('ListUsers returns the same facts as AdminGetUser, with the attributes under Attributes', async () => {
    const pool = await createPoolWith(adam)
    const seconds = pool.clock.nowMs() / 1000
    const { body } = await list(pool)

    expect(body).toEqual({
      Users: [
        {
          Username: adam,
          Attributes: [
            { Name: 'sub', Value: requireStoredUser(pool, adam).sub },
            { Name: 'email', Value: adam },
            { Name: 'email_verified', Value: 'false' },
          ],
          UserCreateDate: seconds,
          UserLastModifiedDate: seconds,
          Enabled: true,
          UserStatus: 'UNCONFIRMED',
        },
      ],
    })
  })

  test('ListUsers returns only the attributes named in AttributesToGet', async () => {
    const pool = await createPoolWith(adam)
    const { body } = await list(pool, { AttributesToGet: ['email'] })

    expect(body).toMatchObject({
      Users: [{ Username: adam, Attributes: [{ Name: 'email', Value: adam }] }],
    })
  })
})

describe('ListUsers with AttributesToGet that cannot be given', () => {
  const noSuchAttributes = {
    type: 'InvalidParameterException',
    message: 'One or more requested attributes do not exist.',
  } as const

  test.each(['nope', 'custom:nope'])(
    'AttributesToGet: %s, which the schema lacks, is rejected',
    async (name) => {
      const pool = await createPoolWith(adam)

      expectError(await list(pool, { AttributesToGet: ['email', name] }), noSuchAttributes)
      expectError(await list(await createTestPool(), { AttributesToGet: [name] }), noSuchAttributes)
    },
  )

  test('AttributesToGet: an attribute that one user on the page lacks is rejected', async () => {
    const pool = await createPoolWith(adam, zoe)
    changeUser(pool, adam, {
      attributes: new Map([
        ['email', adam],
        ['name', 'Adam'],
      ]),
    })
    const AttributesToGet = ['sub', 'name']

    expectError(await list(pool, { AttributesToGet }), noSuchAttributes)
    expect(await listNames(pool, { AttributesToGet, Filter: 'name = "Adam"' })).toEqual([adam])
  })
})

describe('ListUsers pagination', () => {
  const names = Array.from({ length: 7 }, (_, index) => `rider-${index}@example.com`)

  test('pagination: Limit users a page, and PaginationToken leads to the next page until the end', async () => {
    const pool = await createPoolWith(...names)
    const seen: string[] = []
    let PaginationToken: string | undefined
    do {
      const response = await list(pool, { Limit: 3, ...(PaginationToken && { PaginationToken }) })
      const page = v.parse(listed, response.body)
      seen.push(...page.Users.map(({ Username }) => Username))
      PaginationToken = page.PaginationToken
    } while (PaginationToken !== undefined)

    expect(seen).toEqual(names)
  })

  test('pagination: a full last page has no PaginationToken', async () => {
    const pool = await createPoolWith(...names)

    expect((await list(pool, { Limit: 7 })).body).not.toHaveProperty('PaginationToken')
  })

  test.each([[{ Limit: 0 }], [{}]])(
    'pagination: the default of sixty users a page holds for %j',
    async (members) => {
      const pool = await createTestPool()
      for (let index = 0; index < 61; index += 1) {
        await signUpUser(pool, { ...rider, username: `rider-${index}@example.com` })
      }

      expect(await listNames(pool, members)).toHaveLength(60)
    },
  )

  test.each([
    [
      { Limit: 61 },
      "Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
    ],
    [
      { Limit: -1 },
      "Value '-1' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
  ])('pagination: %j is a validation error', async (members, problem) => {
    expectError(await list(await createTestPool(), members), {
      type: 'InvalidParameterException',
      message: `1 validation error detected: ${problem}`,
    })
  })

  test.each(['AA', 'garbage', '!!!!', '____', 'YWRhbUBleGFtcGxlLmNvbQ'])(
    'pagination: the made-up PaginationToken %s is rejected',
    async (PaginationToken) => {
      expectError(await list(await createPoolWith(adam), { PaginationToken }), {
        type: 'InvalidParameterException',
        message: 'Invalid pagination token.',
      })
    },
  )
})

describe('ListUsers filter', () => {
  async function createCrowd(): Promise<TestPool> {
    const pool = await createPoolWith(adam, bea, zoe)
    changeUser(pool, zoe, { status: 'CONFIRMED', enabled: false })
    changeUser(pool, bea, {
      attributes: new Map([
        ['email', bea],
        ['name', 'Bea "Bee" \\ Smith'],
      ]),
    })
    return pool
  }

  test.each([
    ['email = "adam@example.com"', [adam]],
    ['email ^= "adam"', [adam]],
    ['email ^= ""', [adam, bea, zoe]],
    ['email = "adam"', []],
    ['username = "ADAM@EXAMPLE.COM"', [adam]],
    ['username ^= "bea@"', [bea]],
    ['"username"="zoe@example.com"', [zoe]],
    ['  username  ^=  "z"  ', [zoe]],
    ['status = "Enabled"', [adam, bea]],
    ['status = "Disabled"', [zoe]],
    ['cognito:user_status = "CONFIRMED"', [zoe]],
    ['cognito:user_status = "Confirmed"', [zoe]],
    ['cognito:user_status ^= "unconf"', [adam, bea]],
    ['status = "enabled"', []],
    ['cognito:user_status ^= "UN"', [adam, bea]],
    ['name = "Bea \\"Bee\\" \\\\ Smith"', [bea]],
    ['name ^= "%"', []],
    ['given_name = "x"', []],
    ['', [adam, bea, zoe]],
  ])('filter: %s finds %j', async (Filter, names) => {
    expect(await listNames(await createCrowd(), { Filter })).toEqual(names)
  })

  test('filter: sub finds one user', async () => {
    const pool = await createCrowd()
    const { sub } = requireStoredUser(pool, bea)

    expect(await listNames(pool, { Filter: `sub = "${sub}"` })).toEqual([bea])
  })

  test('filter: it can be combined with pagination', async () => {
    const pool = await createCrowd()
    const first = v.parse(
      listed,
      (await list(pool, { Filter: 'status = "Enabled"', Limit: 1 })).body,
    )
    const { PaginationToken } = first

    expect(first.Users.map(({ Username }) => Username)).toEqual([adam])
    expect(await listNames(pool, { Filter: 'status = "Enabled"', PaginationToken })).toEqual([bea])
  })

  test.each([
    'email',
    'email = adam',
    'email == "a"',
    'email = "a" and name = "b"',
    'email ~ "a"',
    '= "a"',
    'email = "a',
  ])('filter: %s is a parse error', async (Filter) => {
    expectError(await list(await createTestPool(), { Filter }), {
      type: 'InvalidParameterException',
      message: 'Error while parsing filter',
    })
  })

  test.each(['custom:tier', 'locale', 'constructor', 'verifier_hex'])(
    'filter: %s cannot be searched',
    async (name) => {
      expectError(await list(await createTestPool(), { Filter: `${name} = "x"` }), {
        type: 'InvalidParameterException',
        message: `Invalid search attribute: ${name}`,
      })
    },
  )
})
