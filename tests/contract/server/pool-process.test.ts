/** `npm run cognito` as a process: the folder lock, kills, shutdown and command line errors. */

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename, dirname, join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { emailTaken, usernameTaken } from '../../support/cognito-errors.ts'
import {
  failToStartPool,
  type PoolProcess,
  prepareStore,
  sourceCommand,
  startPool,
} from '../../support/pool-process.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { templateSettings, writeOpenTemplate } from '../../support/template-settings.ts'
import { ClientId, rider } from '../../support/users.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000 })

const signUpBody = { ClientId, Username: rider.username, Password: rider.password }

function createDataFolder(): string {
  const folder = createTempFolder()
  prepareStore(folder)
  return folder
}

describe('data folder lock', () => {
  test('folder lock: a second process is refused and told which one holds the folder', async () => {
    const folder = createDataFolder()
    const first = await startPool(folder)
    const second = await failToStartPool('--port', '0', '--data', folder)

    expect(second.code).toBe(1)
    expect(second.stderr).toBe(
      `${folder}: expected a data folder that no other local cloud uses (process ${first.pid} does). ` +
        'Stop that process, or set LOCAL_CLOUD_DATA to another folder.\n',
    )
    expectSuccess(await first.call('SignUp', signUpBody))
  })

  test('folder lock: after SIGKILL the next process takes the folder over with all acknowledged data', async () => {
    const folder = createDataFolder()
    const first = await startPool(folder)
    expectSuccess(await first.call('SignUp', signUpBody))
    expect(await first.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })

    const second = await startPool(folder)
    expectError(await second.call('SignUp', signUpBody), emailTaken)
    expect(readFileSync(join(folder, 'server.pid'), 'utf8')).toBe(String(second.pid))
  })

  test('folder lock: SIGTERM releases the folder and exits with code 0', async () => {
    const folder = createDataFolder()
    const first = await startPool(folder)
    expectSuccess(await first.call('SignUp', signUpBody))
    expect(await first.stop('SIGTERM')).toMatchObject({ code: 0, signal: null, stderr: '' })

    expectError(await (await startPool(folder)).call('SignUp', signUpBody), emailTaken)
  })
})

describe('data of a pool that signs users in otherwise', () => {
  /** A data folder as a start had left it while the template's default was the user name. */
  async function createUsernameData(): Promise<string> {
    const prepared = createTempFolder()
    prepareStore(prepared, templateSettings)
    // A copy, which no connection of this process uses.
    const folder = join(createTempFolder(), 'data')
    cpSync(prepared, folder, { recursive: true })
    const pool = await startPool(folder, ['--template', writeOpenTemplate()])
    expectSuccess(await pool.call('SignUp', { ...signUpBody, Username: 'starlight' }))
    await pool.stop('SIGTERM')
    writeFileSync(join(folder, 'rides.sqlite'), 'rides')
    return folder
  }

  test('username model: data of a pool of user names is put aside, and the start says what happened and where it is', async () => {
    const folder = await createUsernameData()
    writeFileSync(join(folder, 'notes.txt'), 'not ours')
    const pool = await startPool(folder)
    expectSuccess(await pool.call('SignUp', signUpBody))
    const [, archive = ''] =
      /^The data of the other one is kept in (.+)$/m.exec(pool.printed()) ?? []

    expect(pool.printed()).toContain(
      'The data here is of a pool with sign-in by username, any case.\n' +
        'The template asks for sign-in by email, any case, so this pool begins empty.\n',
    )
    expect(dirname(archive)).toBe(folder)
    expect(basename(archive)).toMatch(/^sign-in-by-username\.\d{4}-\d\d-\d\dT[\d-]+Z$/)
    expect(readdirSync(archive).sort()).toEqual(['rides.sqlite', 'user-pool.sqlite'])
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('not ours')
    await pool.stop('SIGTERM')

    // What was put aside is a data folder with everything in it; the new one is opened again as it is.
    const other = await startPool(archive, ['--template', writeOpenTemplate()])
    expectError(await other.call('SignUp', { ...signUpBody, Username: 'starlight' }), usernameTaken)
    const again = await startPool(folder)
    expectError(await again.call('SignUp', signUpBody), emailTaken)
    expect(again.printed()).not.toContain('kept in')
  })

  test('username model: with a template that was chosen, the start fails and the data stays where it is', async () => {
    const folder = createDataFolder()
    const { code, stderr } = await failToStartPool(
      ...['--port', '0', '--data', folder, '--template', writeOpenTemplate()],
    )

    expect(code).toBe(1)
    expect(stderr).toMatch(
      /made with user names: email, any case, and the template asks for user names: username, any case\. .*npm run cognito:reset/,
    )
    expect(readdirSync(folder)).toContain('user-pool.sqlite')
    expect(readdirSync(folder).filter((name) => name.startsWith('sign-in-by'))).toEqual([])
    expectSuccess(await (await startPool(folder)).call('SignUp', signUpBody))
  })
})

test('--issuer: the pool is its own issuer, at the port where it listens', async () => {
  const pool = await startPool(createDataFolder(), ['--issuer'])
  const issuer = `${pool.origin}/us-east-1_WildRydes`
  const response = await fetch(`${issuer}/.well-known/openid-configuration`)

  expect(await response.json()).toMatchObject({
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
  })
  expect(pool.printed()).toContain(`Issuer   ${issuer}\n`)
})

test('users of a template: each is invited once and joins its groups, and one that the pool refuses is named', async () => {
  const folder = createTempFolder()
  const template = join(folder, 'pool.yaml')
  writeFileSync(
    template,
    `Resources:
  Pool: { Type: AWS::Cognito::UserPool, Properties: { UsernameAttributes: [email] } }
  Web: { Type: AWS::Cognito::UserPoolClient, Properties: { UserPoolId: !Ref Pool } }
  Admins: { Type: AWS::Cognito::UserPoolGroup, Properties: { UserPoolId: !Ref Pool, GroupName: admins } }
  Owner: { Type: AWS::Cognito::UserPoolUser, Properties: { UserPoolId: !Ref Pool, Username: owner@example.com } }
  Nobody: { Type: AWS::Cognito::UserPoolUser, Properties: { UserPoolId: !Ref Pool, Username: nobody } }
  Membership:
    Type: AWS::Cognito::UserPoolUserToGroupAttachment
    Properties: { UserPoolId: !Ref Pool, GroupName: !Ref Admins, Username: !Ref Owner }
`,
  )
  const data = join(folder, 'data')
  const countInvitations = async ({ origin }: PoolProcess) => {
    const inbox = await (await fetch(`${origin}/console/inbox.json`)).text()
    return inbox.split('"to":"owner@example.com"').length - 1
  }
  const pool = await startPool(data, ['--template', template])
  expect(await countInvitations(pool)).toBe(1)
  expect(await (await fetch(`${pool.origin}/console/users`)).text()).toContain('owner@')
  const [, sub = ''] =
    /user\?sub=([\w-]+)/.exec(await (await fetch(`${pool.origin}/console/users`)).text()) ?? []
  const page = await (await fetch(`${pool.origin}/console/user?sub=${sub}`)).text()
  expect(page).toContain('<bdi>admins</bdi>')
  expect(pool.printed()).toContain('Passed over  Nobody - the pool refuses it: ')
  await pool.stop('SIGTERM')

  const again = await startPool(data, ['--template', template])
  expect(await countInvitations(again)).toBe(1)
})

test('--quota: requests beyond it are refused, and the start says what is', async () => {
  const pool = await startPool(createDataFolder(), ['--quota', 'aws', '--quota', 'UserRead=1'])
  await pool.call('GetUser', {})

  expectError(await pool.call('GetUser', {}), {
    type: 'TooManyRequestsException',
    message: 'Rate exceeded',
  })
  expect(pool.printed()).toMatch(/^Quotas {3}UserAuthentication 120, .*UserRead 1, /m)
})

describe('chosen ids', () => {
  const userPoolId = 'eu-west-1_AbCdEf123'
  const ids = ['--user-pool-id', userPoolId, '--client-id', '1example23456789']

  test('chosen ids: an app that has them committed signs in, and its tokens have the issuer of their region', async () => {
    const pool = await startPool(createDataFolder(), [...ids, '--no-limits'])
    const body = { ...signUpBody, ClientId: '1example23456789' }
    expectSuccess(await pool.call('SignUp', body))
    expectError(await pool.call('SignUp', signUpBody), {
      type: 'ResourceNotFoundException',
      message: `User pool client ${ClientId} does not exist.`,
    })

    expect(pool.printed()).toContain(`Pool     ${userPoolId}, client 1example23456789\n`)
    const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`
    const path = `${userPoolId}/.well-known/openid-configuration`
    expect(await (await fetch(`${pool.origin}/${path}`)).json()).toEqual(
      expect.objectContaining({
        issuer,
        jwks_uri: `${pool.origin}/${userPoolId}/.well-known/jwks.json`,
      }),
    )
  })

  test('chosen ids: data of a pool of another id is kept, and the start says whose tokens are refused', async () => {
    const folder = createDataFolder()
    const first = await startPool(folder)
    expectSuccess(await first.call('SignUp', signUpBody))
    await first.stop('SIGTERM')
    const pool = await startPool(folder, ids)

    expectError(
      await pool.call('SignUp', { ...signUpBody, ClientId: '1example23456789' }),
      emailTaken,
    )
    expect(pool.printed()).toContain(
      'The data here is of the user pool us-east-1_WildRydes. Its users are kept.\n' +
        'ID and access tokens that it has given are refused: they have another issuer.\n',
    )
    await pool.stop('SIGTERM')
    expect((await startPool(folder, ids)).printed()).not.toContain('The data here is of')
  })
})

describe('failed start', () => {
  test('failed start: a damaged store is named and left unchanged', async () => {
    const folder = createTempFolder()
    const path = join(folder, 'user-pool.sqlite')
    writeFileSync(path, 'users:\n  - rider\n')
    const { code, stderr } = await failToStartPool('--port', '0', '--data', folder)

    expect(code).toBe(1)
    expect(stderr).toMatch(/^The local cloud's store .*user-pool\.sqlite cannot be used: /)
    expect(stderr.trimEnd()).not.toContain('\n')
    expect(readFileSync(path, 'utf8')).toBe('users:\n  - rider\n')
    expect(readdirSync(folder).filter((name) => name.startsWith('user-pool'))).toEqual([
      'user-pool.sqlite',
    ])
  })

  test('failed start: an invalid port is reported', async () => {
    expect(await failToStartPool('--port', 'web')).toMatchObject({
      code: 1,
      signal: null,
      stderr: '--port: expected a number from 0 to 65535. For example --port 9229\n',
    })
  })

  test('failed start: every unsupported setting of a template is named', async () => {
    const template = join(createTempFolder(), 'pool.yaml')
    writeFileSync(
      template,
      `Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: { DeviceConfiguration: {}, MfaConfiguration: "YES", AutoVerifyAttributes: [email] }
  Client: { Type: AWS::Cognito::UserPoolClient, Properties: { UserPoolId: !Ref Pool } }
`,
    )
    const { code, stderr } = await failToStartPool('--template', template, '--strict')

    expect(code).toBe(1)
    expect(stderr).toBe(
      `${template}: expected settings that the local user pool honors. See "Supported settings" in src/local-cloud/README.md.
  ${template}:4 Pool.DeviceConfiguration: not honored here: no device is remembered, so none skips a second factor
  ${template}:4 Pool.MfaConfiguration: expected one of OFF, OPTIONAL, ON
  ${template}:4 Pool.AutoVerifyAttributes: there is no such property; did you mean AutoVerifiedAttributes?
`,
    )
  })

  test('failed start: a port in use is named', async () => {
    const folder = createDataFolder()
    const blocker = createServer().listen(0, 'localhost')
    await new Promise((resolve) => blocker.once('listening', resolve))
    const address = blocker.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const { code, stderr } = await failToStartPool('--port', port, '--data', folder)
    blocker.close()

    expect(code).toBe(1)
    expect(stderr).toBe(
      `--port ${port}: expected a port that nothing listens on. Stop what does, or choose another with --port.\n`,
    )
  })
})

describe('command line options', () => {
  test('npm run cognito: --help says every option, and starts nothing', async () => {
    const { code, stderr, stdout } = await failToStartPool('--help')

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: npm run cognito -- \[options\]\n {2}--port NUMBER\n/)
  })

  test('npm run cognito: --template, --no-limits and --allow-origin take effect', async () => {
    const folder = createTempFolder()
    const template = join(folder, 'pool.yaml')
    writeFileSync(
      template,
      `Resources:
  Pool: { Type: AWS::Cognito::UserPool, Properties: { UsernameAttributes: [email] } }
  Client: { Type: AWS::Cognito::UserPoolClient, Properties: { UserPoolId: !Ref Pool, GenerateSecret: true } }
`,
    )
    const options = [
      '--template',
      template,
      '--no-limits',
      '--allow-origin',
      'http://localhost:3000',
    ]
    const pool = await startPool(join(folder, 'data'), options, sourceCommand)

    expectError(await pool.call('SignUp', signUpBody), {
      type: 'NotAuthorizedException',
      message: `Client ${ClientId} is configured for secret but secret was not received`,
    })
    expect(pool.printed()).toMatch(/^Secret {3}[0-9a-z]{52}$/m)
    const response = await fetch(pool.origin, {
      method: 'OPTIONS',
      headers: { Origin: 'http://localhost:3000' },
    })
    expect(response.status).toBe(200)
  })

  test('npm run cognito: a template of another app starts, and tells once what is passed over and stood in', async () => {
    const folder = createTempFolder()
    const template = join(folder, 'pool.yaml')
    writeFileSync(
      template,
      `Parameters:
  Stage: { Type: String }
  Length: { Type: Number }
  Region: { Type: String }
Resources:
  Guests: { Type: AWS::Cognito::UserPool }
  Lodge:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: !Sub lodge-\${Stage}
      Policies: { PasswordPolicy: { MinimumLength: !Ref Length } }
      LambdaConfig: { PreTokenGeneration: !ImportValue hook }
  LodgeWeb:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Lodge
      ClientName: !Sub web-\${Region}
      ExplicitAuthFlows: [ADMIN_NO_SRP_AUTH]
      CallbackURLs: [!Sub "https://\${Nowhere}/back"]
  LodgeNative:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref Lodge, GenerateSecret: true }
`,
    )
    const parameters = join(folder, 'parameters.json')
    writeFileSync(parameters, '[{ "ParameterKey": "Length", "ParameterValue": "12" }]')
    const pool = await startPool(join(folder, 'data'), [
      ...['--template', template, '--pool', 'Lodge'],
      ...['--parameters', parameters, '--parameter', 'Stage=dev'],
    ])

    // The last line; they come in pieces.
    await vi.waitFor(() => expect(pool.printed()).toContain('Emailed codes appear here'))
    expect(pool.printed()).toContain(
      `${template}: pool Lodge (line 7), clients LodgeWeb (line 13), LodgeNative (line 20)
Honored      all else
Passed over  Guests (AWS::Cognito::UserPool) - the pool here is Lodge
Passed over  Lodge.LambdaConfig.PreTokenGeneration - no function runs here: tokens lack what it adds; --trigger PreTokenGeneration=FILE runs one
Passed over  LodgeWeb.CallbackURLs - there is no hosted UI here; sign-in by API is not touched
Stood in     parameter Region = "Region" in LodgeWeb.ClientName - --parameter Region=VALUE sets it
`,
    )
    const [, nativeId = ''] =
      /^Client {3}([0-9a-z]{26}) \(LodgeNative\)\nSecret {3}[0-9a-z]{52}$/m.exec(pool.printed()) ??
      []
    expectError(await pool.call('SignUp', { ...signUpBody, ClientId: nativeId }), {
      type: 'NotAuthorizedException',
      message: `Client ${nativeId} is configured for secret but secret was not received`,
    })
    const page = await (await fetch(`${pool.origin}/console/template`)).text()
    expect(page).toContain(nativeId)
    expect(page).toContain('<dt>Lodge.LambdaConfig.PreTokenGeneration</dt>')
    expect(page).toContain('tokens lack what it adds')
    expectError(await pool.call('SignUp', { ...signUpBody, Password: 'Short-1pass' }), {
      type: 'InvalidPasswordException',
      message: 'Password did not conform with policy: Password not long enough',
    })
    expectSuccess(await pool.call('SignUp', { ...signUpBody, Password: 'Long-enough-1' }))
  })
})
