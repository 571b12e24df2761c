/** The AWS command line against the whole local cloud, where one is installed. */

import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { writeTemplate } from '../../support/template-file.ts'
import { expectVerifiedTokens } from '../../support/token-judge.ts'
import { ClientId, confirmUser, requireStoredUser, rider, UserPoolId } from '../../support/users.ts'

const run = promisify(execFile)
const { status, stdout } = spawnSync('aws', ['--version'], { encoding: 'utf8' })
const isInstalled = status === 0
const name = isInstalled ? stdout.trim() : 'the AWS CLI (skipped: no `aws` on the path)'
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

/** Runs one command with credentials that nobody knows and no configuration of this machine. */
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

/** What the command line prints about a command that is refused. */
async function readRefusal(command: Promise<unknown>): Promise<string> {
  const refused = await command.then(
    (answer) => {
      throw new Error(`expected a refusal, not ${JSON.stringify(answer)}`)
    },
    (error: unknown) => v.parse(failure, error),
  )
  return refused.stderr.trim()
}

describe.skipIf(!isInstalled)(name, () => {
  test(
    'takes a user from sign-up to tokens that hold against the keys of the pool',
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
    'prints the name and the words of a refusal',
    async () => {
      const server = await startWithPasswords()
      await confirmUser(server)
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
    'takes the empty answer to a deletion',
    async () => {
      const server = await startWithPasswords()
      await confirmUser(server)

      expect(await runAws(server, 'admin-delete-user', ...ofRider)).toEqual({})
      expect(server.store.findUser(username)).toBeUndefined()
    },
    timeout,
  )
})
