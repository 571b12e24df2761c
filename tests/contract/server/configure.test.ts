/** `npm run configure` and `npm run headers` as an operator runs them, against a real pool. */

import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { readConfigScript } from '../../../src/aws/hosting/config-script.ts'
import { root } from '../../repo/source-files.ts'
import { bundleProgram } from '../../support/bundle-program.ts'
import { startLocalCloud } from '../../support/local-cloud-server.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { writeTemplate } from '../../support/template-file.ts'
import { ClientId, UserPoolId } from '../../support/users.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000 })

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A copy of what the commands read and write. */
function createRepository(config?: string): string {
  const folder = createTempFolder()
  for (const path of ['public/js/config.js', 'customHttp.yml']) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path))
  }
  if (config !== undefined) writeFileSync(join(folder, 'public/js/config.js'), config)
  return folder
}

async function run(
  command: 'configure' | 'headers',
  args: readonly string[],
  { folder, env = {} }: { folder: string; env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const program = await bundleProgram(`src/aws/hosting/${command}.ts`)
  return new Promise((resolve) => {
    // As on a machine of one's own: with CI=true, headers would write nothing.
    const options = { cwd: folder, env: { ...process.env, CI: '', ...env } }
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : 0
      resolve({ code, stdout, stderr })
    })
  })
}

function readFiles(folder: string): { readonly config: string; readonly headers: string } {
  const read = (path: string) => readFileSync(join(folder, path), 'utf8')
  return { config: read('public/js/config.js'), headers: read('customHttp.yml') }
}

const pool = ['--user-pool-id', UserPoolId, '--client-id', ClientId]
/** An app client without choice-based sign-in. */
const stockClient = {
  ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  PreventUserExistenceErrors: 'ENABLED',
}

function signInOf(folder: string): readonly string[] | undefined {
  const config = readConfigScript(readFiles(folder).config)
  return config.kind === 'configured' ? config.cognito.signIn : undefined
}

describe('npm run configure', () => {
  test('configure writes config.js and the headers for a usable pool', async () => {
    const { endpoint, origin } = await startLocalCloud()
    const folder = createRepository()
    const { code, stdout } = await run(
      'configure',
      [...pool, '--endpoint', endpoint, '--invoke-url', 'https://rides.example.com/prod'],
      { folder },
    )

    expect(stdout).toBe(
      `Wrote public/js/config.js and customHttp.yml for ${UserPoolId}. Commit both.\n`,
    )
    expect(code).toBe(0)
    const { config, headers } = readFiles(folder)
    expect(readConfigScript(config)).toEqual({
      kind: 'configured',
      cognito: {
        userPoolId: UserPoolId,
        userPoolClientId: ClientId,
        region: 'us-east-1',
        endpoint,
        signIn: ['password', 'passkey', 'email-code'],
      },
      api: { invokeUrl: 'https://rides.example.com/prod' },
      map: undefined,
    })
    expect(headers).toContain(`connect-src 'self' ${origin} https://rides.example.com;`)
    expect((await run('headers', ['--check'], { folder })).code).toBe(0)
  })

  test('configure asks a pool how riders can sign in', async () => {
    const { endpoint } = await startLocalCloud({ template: writeTemplate({ client: stockClient }) })
    const folder = createRepository()
    await run('configure', [...pool, '--endpoint', endpoint], { folder })

    expect(signInOf(folder)).toEqual(['password'])
    expect(readFiles(folder).config).not.toContain('signIn')
  })

  test('configure takes the ways to sign in from the command line, and the pool must have them', async () => {
    const { endpoint } = await startLocalCloud()
    const folder = createRepository()
    const args = [...pool, '--endpoint', endpoint, '--sign-in', 'password,email-code']
    expect((await run('configure', args, { folder })).code).toBe(0)
    expect(signInOf(folder)).toEqual(['password', 'email-code'])

    const stock = await startLocalCloud({ template: writeTemplate({ client: stockClient }) })
    const refused = await run(
      'configure',
      [...pool, '--endpoint', stock.endpoint, '--sign-in', 'password,passkey'],
      { folder },
    )
    expect(refused.stderr).toMatch(
      /^cognito\.signIn: expected an app client that allows choice-based sign-in\. Switch ALLOW_USER_AUTH on/,
    )
    expect(refused.code).toBe(1)
    expect(signInOf(folder)).toEqual(['password', 'email-code'])
  })

  test('configure --site writes where passkey managers lead to, and its content type', async () => {
    const { endpoint } = await startLocalCloud()
    const folder = createRepository()
    const args = [...pool, '--endpoint', endpoint, '--site', 'https://www.example.com']
    const { stdout } = await run('configure', args, { folder })
    const path = 'public/.well-known/passkey-endpoints'

    expect(stdout).toBe(
      `Wrote public/js/config.js, ${path} and customHttp.yml for ${UserPoolId}. Commit all three.\n`,
    )
    expect(JSON.parse(readFileSync(join(folder, path), 'utf8'))).toEqual({
      enroll: 'https://www.example.com/account.html#passkeys',
      manage: 'https://www.example.com/account.html#passkeys',
    })
    expect(readFiles(folder).headers).toMatch(
      /pattern: "\/\.well-known\/passkey-endpoints"\n +headers:\n.*\n.*\n +- key: "Content-Type"\n +value: "application\/json"/,
    )
    expect((await run('headers', ['--check'], { folder })).code).toBe(0)
  })

  test.each(['http://www.example.com', 'https://www.example.com/home', 'www.example.com'])(
    'configure refuses --site %s and writes nothing',
    async (site) => {
      const folder = createRepository()
      const before = readFiles(folder)
      const { code, stderr } = await run('configure', [...pool, '--site', site], { folder })

      expect(stderr).toContain('expected the address of the site, https and without a path')
      expect(code).toBe(1)
      expect(readFiles(folder)).toEqual(before)
    },
  )

  test('configure keeps settings that are not named', async () => {
    const { endpoint } = await startLocalCloud()
    const folder = createRepository(
      `window._config = { api: { invokeUrl: 'https://rides.example.com' }, map: { tileUrl: 'https://t.example.com/{z}/{x}/{y}.png', attribution: 'Mapmakers' } }`,
    )
    await run('configure', [...pool, '--endpoint', endpoint], { folder })

    const { config, headers } = readFiles(folder)
    expect(readConfigScript(config)).toMatchObject({
      api: { invokeUrl: 'https://rides.example.com' },
      map: { attribution: 'Mapmakers' },
    })
    expect(headers).toContain("img-src 'self' https://t.example.com;")
  })

  test('configure replaces a broken config.js', async () => {
    const { endpoint } = await startLocalCloud()
    const folder = createRepository('window._config = {')

    expect((await run('configure', [...pool, '--endpoint', endpoint], { folder })).code).toBe(0)
    expect(readConfigScript(readFiles(folder).config).kind).toBe('configured')
  })

  test.each([
    ['no ids', [], /^arguments: expected --stack, or --user-pool-id and --client-id\./],
    ['no client id', ['--user-pool-id', UserPoolId], /^arguments: expected --stack, or/],
    ['an unknown option', ['--user-pool', 'x'], /^Unknown option '--user-pool'/],
    [
      'an invalid user pool id',
      ['--user-pool-id', 'my pool', '--client-id', ClientId],
      /^cognito\.userPoolId: expected a user pool id like us-east-1_AbCdEf123/,
    ],
    [
      'another region than the one of the pool id',
      [...pool, '--region', 'eu-west-1'],
      /^cognito\.region: expected the region that the user pool id begins with/,
    ],
    [
      'an endpoint without TLS',
      [...pool, '--endpoint', 'http://pool.example.com/'],
      /^cognito\.endpoint: expected a URL that begins with https/,
    ],
    [
      'map tiles without an attribution',
      [...pool, '--tile-url', 'https://t.example.com/{z}/{x}/{y}.png'],
      /^map\.attribution: expected the words/,
    ],
    [
      'several invalid options',
      ['--user-pool-id', 'x', '--client-id', 'a b'],
      /^cognito\.userPoolId: .*; cognito\.userPoolClientId: expected an app client id/,
    ],
  ])('configure with %s says what is wrong and writes nothing', async (_, args, message) => {
    const folder = createRepository()
    const before = readFiles(folder)
    const { code, stderr } = await run('configure', args, { folder })

    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ +at /m)
    expect(code).toBe(1)
    expect(readFiles(folder)).toEqual(before)
  })

  test.each([
    [
      'with a secret',
      { GenerateSecret: true },
      /^cognito\.userPoolClientId .*: expected an app client without a secret\./,
    ],
    [
      'without SRP',
      { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
      /: expected an app client that allows SRP\./,
    ],
    [
      'with PreventUserExistenceErrors LEGACY',
      { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'], PreventUserExistenceErrors: 'LEGACY' },
      /: expected an app client that does not tell who exists\./,
    ],
  ])('configure refuses an app client %s', async (_, client, message) => {
    const { endpoint } = await startLocalCloud({ template: writeTemplate({ client }) })
    const folder = createRepository()
    const before = readFiles(folder)
    const { code, stderr } = await run('configure', [...pool, '--endpoint', endpoint], { folder })

    expect(stderr).toMatch(message)
    expect(code).toBe(1)
    expect(readFiles(folder)).toEqual(before)
  })

  test('configure refuses an app client that does not exist', async () => {
    const { endpoint } = await startLocalCloud()
    const args = ['--user-pool-id', UserPoolId, '--client-id', 'nobody', '--endpoint', endpoint]
    const { code, stderr } = await run('configure', args, { folder: createRepository() })

    expect(stderr).toMatch(
      /^cognito\.userPoolClientId nobody: expected an app client of a user pool/,
    )
    expect(code).toBe(1)
  })

  test.each([
    ['is a web page', '<!doctype html><title>Hello</title>'],
    ['answers with another challenge', '{"ChallengeName":"DEVICE_SRP_AUTH"}'],
    ['answers with an empty body', ''],
  ])('configure refuses an endpoint that %s', async (_, body) => {
    const server = createServer((_request, response) => response.end(body))
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const args = [...pool, '--endpoint', `http://localhost:${port}/`]
    const { code, stderr } = await run('configure', args, { folder: createRepository() })

    expect(stderr).toMatch(/expected (the API of a user pool|one that begins a sign-in by SRP)\./)
    expect(code).toBe(1)
  })
})

describe('npm run configure -- --stack', () => {
  /** A fake AWS CLI that prints one response and writes its arguments to the file `asked`. */
  function createAwsCli(answer: { readonly stdout?: string; readonly stderr?: string }): string {
    const folder = createTempFolder()
    const lines = [
      '#!/bin/sh',
      `echo "$@" > '${folder}/asked'`,
      ...(answer.stdout ? [`cat <<'END'\n${answer.stdout}\nEND`] : []),
      ...(answer.stderr ? [`echo '${answer.stderr}' >&2`, 'exit 254'] : []),
    ]
    writeFileSync(join(folder, 'aws'), lines.join('\n'))
    chmodSync(join(folder, 'aws'), 0o755)
    return folder
  }

  function describeStack(status: string, outputs: Readonly<Record<string, string>>): string {
    const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({
      OutputKey,
      OutputValue,
    }))
    return JSON.stringify({ Stacks: [{ StackStatus: status, Outputs }] })
  }

  const outputs = { UserPoolId, UserPoolClientId: ClientId, Region: 'us-east-1', ConfigJs: 'x' }

  function runWith(aws: string, args: readonly string[], folder: string): Promise<Ended> {
    const PATH = `${aws}${delimiter}${process.env.PATH}`
    return run('configure', args, { folder, env: { PATH } })
  }

  test('configure --stack takes the ids from the outputs of a CloudFormation stack', async () => {
    const { endpoint } = await startLocalCloud()
    const aws = createAwsCli({ stdout: describeStack('UPDATE_COMPLETE', outputs) })
    const folder = createRepository()
    const args = ['--stack', 'users', '--region', 'us-east-1', '--endpoint', endpoint]
    const { code } = await runWith(aws, args, folder)

    expect(code).toBe(0)
    expect(readFileSync(join(aws, 'asked'), 'utf8')).toBe(
      'cloudformation describe-stacks --stack-name users --output json --region us-east-1\n',
    )
    expect(readConfigScript(readFiles(folder).config)).toMatchObject({
      kind: 'configured',
      cognito: { userPoolId: UserPoolId, userPoolClientId: ClientId, region: 'us-east-1' },
    })
  })

  test('configure --stack takes the ways to sign in from the outputs', async () => {
    const { endpoint } = await startLocalCloud()
    const SignInMethods = 'password,passkey'
    const stdout = describeStack('UPDATE_COMPLETE', { ...outputs, SignInMethods })
    const folder = createRepository()
    const { code } = await runWith(
      createAwsCli({ stdout }),
      ['--stack', 'users', '--endpoint', endpoint],
      folder,
    )

    expect(code).toBe(0)
    expect(signInOf(folder)).toEqual(['password', 'passkey'])
  })

  test.each([
    [
      'that is not complete',
      { stdout: describeStack('CREATE_IN_PROGRESS', {}) },
      /^stack users: expected one that is complete\. Its status is CREATE_IN_PROGRESS/,
    ],
    [
      'that does not exist',
      { stderr: 'An error occurred (ValidationError): Stack with id users does not exist' },
      /^stack users: expected one that the AWS CLI can describe\. An error occurred .* does not exist/,
    ],
    [
      'without the outputs of a user pool',
      { stdout: describeStack('CREATE_COMPLETE', { Bucket: 'x' }) },
      /^arguments: expected --stack, or --user-pool-id/,
    ],
    [
      'whose description is not JSON',
      { stdout: 'hello' },
      /^stack users: expected one that the AWS CLI/,
    ],
    [
      'that is missing in the response',
      { stdout: '{"Stacks":[]}' },
      /^stack users: expected an answer that/,
    ],
  ])('configure --stack reports a stack %s and writes nothing', async (_, answer, message) => {
    const folder = createRepository()
    const before = readFiles(folder)
    const { code, stderr } = await runWith(createAwsCli(answer), ['--stack', 'users'], folder)

    expect(stderr).toMatch(message)
    expect(code).toBe(1)
    expect(readFiles(folder)).toEqual(before)
  })

  test('configure --stack reports a missing AWS CLI', async () => {
    const env = { PATH: createTempFolder() }
    const { code, stderr } = await run('configure', ['--stack', 'users'], {
      folder: createRepository(),
      env,
    })

    expect(stderr).toMatch(/^--stack: expected the AWS CLI on this machine\. Install it, or name/)
    expect(code).toBe(1)
  })
})

describe('npm run headers', () => {
  const named = `window._config = { cognito: { userPoolId: 'eu-west-1_AbCdEf123', userPoolClientId: 'abc', region: 'eu-west-1' } }`

  test('headers --check fails after config.js was edited by hand and prints the remedy', async () => {
    const folder = createRepository(named)
    const before = readFiles(folder)
    const { code, stderr } = await run('headers', ['--check'], { folder })

    expect(stderr).toMatch(
      /^customHttp\.yml: expected the headers for the hosts of public\/js\/config\.js and the pages’ inline styles and scripts\./,
    )
    expect(stderr).toContain("connect-src 'self' https://cognito-idp.eu-west-1.amazonaws.com;")
    expect(code).toBe(1)
    expect(readFiles(folder)).toEqual(before)
  })

  test('headers writes the headers that config.js needs', async () => {
    const folder = createRepository(named)
    await run('headers', [], { folder })

    expect(readFiles(folder).headers).toContain('https://cognito-idp.eu-west-1.amazonaws.com;')
    expect((await run('headers', ['--check'], { folder })).code).toBe(0)
  })

  test('headers names what is wrong in config.js', async () => {
    const folder = createRepository('window._config = { cognito: { userPoolID: 7 } }')
    const { code, stderr } = await run('headers', [], { folder })

    expect(stderr).toMatch(/^cognito\.userPoolID: expected a known name/)
    expect(code).toBe(1)
  })

  test('headers --before-build names what is wrong in config.js, changes nothing and lets the build go on', async () => {
    const folder = createRepository('window._config = { cognito: { userPoolID: 7 } }')
    const before = readFiles(folder)
    const { code, stdout } = await run('headers', ['--before-build'], { folder })

    expect(stdout).toMatch(/^cognito\.userPoolID: expected a known name/)
    expect(stdout).toContain('customHttp.yml stays as it is.')
    expect(code).toBe(0)
    expect(readFiles(folder)).toEqual(before)
  })

  test('headers with CI=true writes nothing, and fails while the file is stale', async () => {
    const folder = createRepository(named)
    const before = readFiles(folder)
    const { code, stderr } = await run('headers', [], { folder, env: { CI: 'true' } })

    expect(stderr).toMatch(/^customHttp\.yml: expected the headers/)
    expect(code).toBe(1)
    expect(readFiles(folder)).toEqual(before)
  })
})
