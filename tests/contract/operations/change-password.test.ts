import { describe, expect, test } from 'vitest'
import { signInBySrp } from '../../support/sign-in.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, rider, signInUser } from '../../support/users.ts'
import { type Answer, expectRefusal, expectSuccess } from '../../support/wire.ts'

const next = { ...rider, password: 'N3w-Passw0rd!' }
const incorrect = {
  type: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
} as const

function changePassword(
  pool: TestPool,
  AccessToken: string,
  change: { PreviousPassword?: string; ProposedPassword?: string | null } = {},
): Promise<Answer> {
  return pool.call('ChangePassword', {
    AccessToken,
    PreviousPassword: rider.password,
    ProposedPassword: next.password,
    ...change,
  })
}

describe('the right old password', () => {
  test('makes the new one count, and the old one no longer', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await signInUser(pool)
    const { status, body } = await changePassword(pool, AccessToken)

    expect({ status, body }).toEqual({ status: 200, body: {} })
    expectRefusal(await signInBySrp(pool, rider), incorrect)
    expectSuccess(await signInBySrp(pool, next))
  })

  test('signs nobody out', async () => {
    const pool = await createTestPool()
    const { AccessToken, RefreshToken } = await signInUser(pool)
    await changePassword(pool, AccessToken)

    expectSuccess(await pool.call('GetUser', { AccessToken }))
    expectSuccess(await pool.call('GetTokensFromRefreshToken', { ClientId, RefreshToken }))
  })
})

test('a wrong old password changes nothing', async () => {
  const pool = await createTestPool()
  const { AccessToken } = await signInUser(pool)

  expectRefusal(
    await changePassword(pool, AccessToken, { PreviousPassword: 'Passw0rd?' }),
    incorrect,
  )
  expectSuccess(await signInBySrp(pool, rider))
})

describe('a new password that breaks the policy', () => {
  test.each([
    ['N3w-Pa!', 'Password not long enough'],
    ['N3W-PASSW0RD!', 'Password must have lowercase characters'],
    ['n3w-passw0rd!', 'Password must have uppercase characters'],
    ['New-Password!', 'Password must have numeric characters'],
    ['N3wPassw0rd', 'Password must have symbol characters'],
    [' N3w-Passw0rd!', 'Password must satisfy regular expression pattern: ^\\S.*\\S$'],
    ['N3w-Passw0rd! ', 'Password must satisfy regular expression pattern: ^\\S.*\\S$'],
  ])('is refused by the first rule it breaks: %j', async (ProposedPassword, problem) => {
    const pool = await createTestPool()
    const { AccessToken } = await signInUser(pool)

    expectRefusal(await changePassword(pool, AccessToken, { ProposedPassword }), {
      type: 'InvalidPasswordException',
      message: `Password does not conform to policy: ${problem}`,
    })
    expectSuccess(await signInBySrp(pool, rider))
  })

  test('is not looked at before the old one is right', async () => {
    const pool = await createTestPool()
    const { AccessToken } = await signInUser(pool)
    const change = { PreviousPassword: 'Passw0rd?', ProposedPassword: 'password' }

    expectRefusal(await changePassword(pool, AccessToken, change), incorrect)
  })
})

test.each([
  ['N3w!', 'Value at', 'Member must have length greater than or equal to 6'],
  [`N3w!${'x'.repeat(253)}`, 'Value at', 'Member must have length less than or equal to 256'],
  [null, 'Value null at', 'Member must not be null'],
])(
  'a new password no pool can have is refused by its form',
  async (ProposedPassword, what, why) => {
    const pool = await createTestPool()
    const { AccessToken } = await signInUser(pool)

    expectRefusal(await changePassword(pool, AccessToken, { ProposedPassword }), {
      type: 'InvalidParameterException',
      message: `1 validation error detected: ${what} 'proposedPassword' failed to satisfy constraint: ${why}`,
    })
  },
)

test('an ID token changes nothing', async () => {
  const pool = await createTestPool()
  const { IdToken } = await signInUser(pool)

  expectRefusal(await changePassword(pool, IdToken), {
    type: 'NotAuthorizedException',
    message: 'Invalid Access Token',
  })
  expectSuccess(await signInBySrp(pool, rider))
})
