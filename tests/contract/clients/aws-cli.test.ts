/** The AWS CLI against the whole local cloud; skipped where it is not installed. */

import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { writeTemplate } from '../../support/template-file.ts'
import {
  ClientId,
  createConfirmedUser,
  requireStoredUser,
  rider,
  UserPoolId,
} from '../../support/users.ts'
import { expectVerifiedTokens } from '../../support/verified-tokens.ts'

const run = promisify(execFile)
const { status, stdout } = spawnSync('aws', ['--version'], { encoding: 'utf8' })
const isInstalled = status === 0
const name = isInstalled ? stdout.trim() : 'AWS CLI (skipped: no `aws` on the PATH)'
/** The command line takes seconds to start on a busy machine. */
const timeout = 120_000

const { username, password } = rider
const ofPool = ['--user-pool-id', UserPoolId]
const ofRider = [...ofPool, '--username', username]
const signIn = ['initiate-auth', '--client-id', ClientId, '--auth-flow', 'USER_PASSWORD_AUTH']
const credentials = (typed: string) => [
  '--auth-parameters',
  JSON.stringify({ USERNAME: username, PASSWORD: typed }),
]

const json = v.pipe(v.string(), v.parseJson())
const failure = v.object({ stderr: v.string() })
const signedIn = v.object({
  AuthenticationResult: v.object({ AccessToken: v.string(), IdToken: v.string() }),
})

function startWithPasswords(): Promise<LocalCloudServer> {
  const template = writeTemplate({
    pool: { AutoVerifiedAttributes: ['email'] },
    client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  })
  return startLocalCloud({ template })
}

/** Runs one command with made-up credentials and without the configuration of this machine. */
async function runAws({ origin }: LocalCloudServer, ...args: readonly string[]): Promise<unknown> {
  const options = ['--endpoint-url', origin, '--region', 'us-east-1', '--output', 'json']
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI-EXAMPLE',
    AWS_PAGER: '',
  }
  const { stdout: printed } = await run('aws', ['cognito-idp', ...args, ...options], { env })
  return printed.trim() === '' ? {} : v.parse(json, printed)
}

/** The error message that the command line prints. */
async function readRefusal(command: Promise<unknown>): Promise<string> {
  const refused = await command.then(
    (response) => {
      throw new Error(`expected an error, not ${JSON.stringify(response)}`)
    },
    (error: unknown) => v.parse(failure, error),
  )
  return refused.stderr.trim()
}

describe.skipIf(!isInstalled)(name, () => {
  test(
    'AWS CLI: a user goes from sign-up to tokens that the published JWKS verifies',
    async () => {
      const server = await startWithPasswords()
      const attributes = ['--user-attributes', `Name=email,Value=${username}`]
      const signUp = ['--client-id', ClientId, '--username', username, '--password', password]
      expect(await runAws(server, 'sign-up', ...signUp, ...attributes)).toMatchObject({
        UserConfirmed: false,
        UserSub: requireStoredUser(server, username).sub,
        CodeDeliveryDetails: { Destination: 'r***@e***' },
      })
      expect(await runAws(server, 'admin-confirm-sign-up', ...ofRider)).toEqual({})

      const [user, list, tokens] = await Promise.all([
        runAws(server, 'admin-get-user', ...ofRider),
        runAws(server, 'list-users', ...ofPool, '--filter', 'cognito:user_status = "CONFIRMED"'),
        runAws(server, ...signIn, ...credentials(password)),
      ])
      expect(user).toMatchObject({ Username: username, Enabled: true, UserStatus: 'CONFIRMED' })
      expect(list).toMatchObject({ Users: [{ Username: username, UserStatus: 'CONFIRMED' }] })
      const { AuthenticationResult } = v.parse(signedIn, tokens)
      await expectVerifiedTokens(server, {
        idToken: AuthenticationResult.IdToken,
        accessToken: AuthenticationResult.AccessToken,
      })
    },
    timeout,
  )

  test(
    'AWS CLI: the name and the message of an error are printed',
    async () => {
      const server = await startWithPasswords()
      await createConfirmedUser(server)
      const [wrongPassword, unsigned] = await Promise.all([
        readRefusal(runAws(server, ...signIn, ...credentials('N3w-Passw0rd!'))),
        readRefusal(runAws(server, 'admin-get-user', ...ofRider, '--no-sign-request')),
      ])

      expect(wrongPassword).toContain(
        '(NotAuthorizedException) when calling the InitiateAuth operation: Incorrect username or password.',
      )
      expect(unsigned).toContain('(MissingAuthenticationTokenException)')
    },
    timeout,
  )

  test(
    'AWS CLI: a group is created, and a user joins it',
    async () => {
      const server = await startWithPasswords()
      await createConfirmedUser(server)
      const group = ['--group-name', 'riders']
      expect(
        await runAws(server, 'create-group', ...ofPool, ...group, '--precedence', '0'),
      ).toMatchObject({ Group: { GroupName: 'riders', UserPoolId, Precedence: 0 } })
      expect(await runAws(server, 'admin-add-user-to-group', ...ofRider, ...group)).toEqual({})

      const [groups, users] = await Promise.all([
        runAws(server, 'admin-list-groups-for-user', ...ofRider),
        runAws(server, 'list-users-in-group', ...ofPool, ...group),
      ])
      expect(groups).toMatchObject({ Groups: [{ GroupName: 'riders' }] })
      expect(users).toMatchObject({ Users: [{ Username: username }] })
    },
    timeout,
  )

  test(
    'AWS CLI: the empty response to a deletion is accepted',
    async () => {
      const server = await startWithPasswords()
      await createConfirmedUser(server)

      expect(await runAws(server, 'admin-delete-user', ...ofRider)).toEqual({})
      expect(server.store.findUser(username)).toBeUndefined()
    },
    timeout,
  )
})
