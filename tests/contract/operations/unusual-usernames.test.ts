/** Unusual user names: inherited JavaScript properties, path traversal and SQL injection. */

import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { noLimits } from '../../../src/local-cloud/user-pool/limits.ts'
import { operations } from '../../../src/local-cloud/user-pool/operations/index.ts'
import { expectSuccess } from '../../support/cognito-api.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { ClientId, startSessionFor, UserPoolId } from '../../support/users.ts'

/** names of properties that JavaScript objects inherit */
const inheritedNames = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']
const oddNames = [
  ...inheritedNames,
  ...[
    '../../escaped',
    '..\\..\\escaped',
    '/tmp/escaped',
    'file:///tmp/escaped',
    '%2e%2e%2fescaped',
  ],
  ...["';DROP(TABLE)users;--", '%', '_', '*', '-rf', '$(reboot)', 'CON', '.', '..'],
]

/** The properties that every object inherits; none may be added. */
function listInherited(): readonly string[] {
  const names: string[] = Object.getOwnPropertyNames(Object.prototype)
  for (const name in {}) names.push(name)
  return names
}

test.each(oddNames)(
  'user name %s: the whole life of the account works and writes no file',
  async (username) => {
    const home = createTempFolder()
    const dataFolder = join(home, 'a', 'b', 'data')
    mkdirSync(dataFolder, { recursive: true })
    const server = await startLocalCloud({ dataFolder, limits: noLimits })
    const inherited = listInherited()
    const owner = { UserPoolId, Username: username }
    const files = readdirSync(dataFolder).toSorted()
    const email = 'odd@example.com'

    expectSuccess(
      await server.call('SignUp', {
        ClientId,
        Username: username,
        Password: 'Passw0rd!',
        UserAttributes: [
          { Name: 'email', Value: email },
          { Name: 'name', Value: username },
        ],
      }),
    )
    expect(server.store.listMessages(5).map(({ to }) => to)).toEqual([email])
    const [letter] = server.store.listMessages(1)
    expectSuccess(
      await server.call('ConfirmSignUp', {
        ClientId,
        Username: username,
        ConfirmationCode: letter?.code,
      }),
    )
    const { AccessToken } = await startSessionFor(server, username)
    const { body } = await server.call('GetUser', { AccessToken })
    expect(body.Username).toBe(username)
    expect(body.UserAttributes).toContainEqual({ Name: 'name', Value: username })
    expectSuccess(await server.call('AdminGetUser', owner, { signed: true }))
    const Filter = `username = "${username.replaceAll('\\', '\\\\')}"`
    const found = await server.call('ListUsers', { UserPoolId, Filter }, { signed: true })
    expect(found.body.Users).toMatchObject([{ Username: username }])
    const page = await fetch(
      `${server.origin}/console/users?search=${encodeURIComponent(username)}`,
    )
    expect(page.status).toBe(200)
    expectSuccess(await server.call('DeleteUser', { AccessToken }))

    expect(server.store.countUsers()).toBe(0)
    expect(readdirSync(dataFolder).toSorted()).toEqual(files)
    expect(readdirSync(home)).toEqual(['a'])
    expect(readdirSync(join(home, 'a', 'b'))).toEqual(['data'])
    expect(existsSync('/tmp/escaped')).toBe(false)
    expect(listInherited()).toEqual(inherited)
  },
)

describe.each([...operations.keys()])('injection: %s', (operation) => {
  test('inherited property names, paths and wildcards in any member cause no crash and no pollution', async () => {
    const pool = await createTestPool({}, { limits: noLimits })
    const inherited = listInherited()
    for (const name of [...inheritedNames, '../../escaped', '%']) {
      const map: unknown = JSON.parse(
        `{"USERNAME":${JSON.stringify(name)},"__proto__":"x","SRP_A":"abcdef"}`,
      )
      const body = {
        ClientId,
        UserPoolId,
        Username: name,
        Password: 'Passw0rd!',
        AttributeName: name,
        Filter: `${name} = "x"`,
        AuthFlow: 'USER_SRP_AUTH',
        AuthParameters: map,
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: map,
        UserAttributes: [{ Name: name, Value: 'x' }],
        AttributesToGet: [name],
        DeviceKey: name,
      }
      for (const one of [body, { ...body, ClientId: name }, { ...body, UserPoolId: name }]) {
        const { status, text } = await pool.call(operation, one, { signed: true })
        expect([200, 400], `${name}: ${text}`).toContain(status)
      }
      const { status } = await pool.call(name, body)
      expect(status).toBe(400)
    }
    expect(listInherited()).toEqual(inherited)
  })
})
