/** `npm run configure` and `npm run headers` as an operator runs them, against a real pool. */

import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { readConfigScript } from '../../../src/aws/hosting/config-script.ts'
import { root } from '../../repo/source-files.ts'
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

function run(
  command: 'configure' | 'headers',
  args: readonly string[],
  { folder, env = {} }: { folder: string; env?: Readonly<Record<string, string>> },
): Promise<Ended> {
  const node = [
    '--import',
    `file://${root}node_modules/@oxc-node/core/register.mjs`,
    join(root, `src/aws/hosting/${command}.ts`),
  ]
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...env } }
    execFile(process.execPath, [...node, ...args], options, (error, stdout, stderr) => {
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

describe('npm run configure', () => {
  test('writes settings and headers for a pool that the site can work with', async () => {
    const { endpoint, origin } = await startLocalCloud()
    const folder = createRepository()
    const { code, stdout } = await run(
      'configure',
      [...pool, '--endpoint', endpoint, '--invoke-url', 'https://rides.example.com/prod'],
      { folder },
    )

    expect(stdout).toBe(
      `public/js/config.js and customHttp.yml are written for ${UserPoolId}: commit both.\n`,
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
      },
      api: { invokeUrl: 'https://rides.example.com/prod' },
      map: undefined,
    })
    expect(headers).toContain(`connect-src 'self' ${origin} https://rides.example.com;`)
    expect((await run('headers', ['--check'], { folder })).code).toBe(0)
  })

  test('leaves alone what it is not told', async () => {
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

  test('takes the place of settings that are broken', async () => {
    const { endpoint } = await startLocalCloud()
    const folder = createRepository('window._config = {')

    expect((await run('configure', [...pool, '--endpoint', endpoint], { folder })).code).toBe(0)
    expect(readConfigScript(readFiles(folder).config).kind).toBe('configured')
  })

  test.each([
    ['no names', [], /^arguments: expected --stack, or --user-pool-id and --client-id\./],
    ['half of them', ['--user-pool-id', UserPoolId], /^arguments: expected --stack, or/],
    ['an option that is not there', ['--user-pool', 'x'], /^Unknown option '--user-pool'/],
    [
      'a pool id that is none',
      ['--user-pool-id', 'my pool', '--client-id', ClientId],
      /^cognito\.userPoolId: expected a user pool id like us-east-1_AbCdEf123/,
    ],
    [
      "a region that is not the pool's",
      [...pool, '--region', 'eu-west-1'],
      /^cognito\.region: expected the region that the user pool id begins with/,
    ],
    [
      'an endpoint that others can listen to',
      [...pool, '--endpoint', 'http://pool.example.com/'],
      /^cognito\.endpoint: expected a URL that begins with https/,
    ],
    [
      'tiles without the words they ask for',
      [...pool, '--tile-url', 'https://t.example.com/{z}/{x}/{y}.png'],
      /^map\.attribution: expected the words/,
    ],
    [
      'several faults at once',
      ['--user-pool-id', 'x', '--client-id', 'a b'],
      /^cognito\.userPoolId: .*; cognito\.userPoolClientId: expected an app client id/,
    ],
  ])('given %s says so and writes nothing', async (_, args, message) => {
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
      'that tells who exists',
      { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'], PreventUserExistenceErrors: 'LEGACY' },
      /: expected an app client that does not tell who exists\./,
    ],
  ])('refuses a client %s', async (_, client, message) => {
    const { endpoint } = await startLocalCloud({ template: writeTemplate({ client }) })
    const folder = createRepository()
    const before = readFiles(folder)
    const { code, stderr } = await run('configure', [...pool, '--endpoint', endpoint], { folder })

    expect(stderr).toMatch(message)
    expect(code).toBe(1)
    expect(readFiles(folder)).toEqual(before)
  })

  test('refuses a client that is not there', async () => {
    const { endpoint } = await startLocalCloud()
    const args = ['--user-pool-id', UserPoolId, '--client-id', 'nobody', '--endpoint', endpoint]
    const { code, stderr } = await run('configure', args, { folder: createRepository() })

    expect(stderr).toMatch(
      /^cognito\.userPoolClientId nobody: expected an app client of a user pool/,
    )
    expect(code).toBe(1)
  })

  test.each([
    ['is not a pool', '<!doctype html><title>Hello</title>'],
    ['answers something else', '{"ChallengeName":"DEVICE_SRP_AUTH"}'],
    ['answers nothing', ''],
  ])('refuses an endpoint that %s', async (_, body) => {
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
  /** An AWS CLI that knows one stack, and says what else it was asked. */
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

  test('takes the names from the outputs of a stack', async () => {
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

  test.each([
    [
      'that is not finished',
      { stdout: describeStack('CREATE_IN_PROGRESS', {}) },
      /^stack users: expected one that is complete\. Its status is CREATE_IN_PROGRESS/,
    ],
    [
      'that is not there',
      { stderr: 'An error occurred (ValidationError): Stack with id users does not exist' },
      /^stack users: expected one that the AWS CLI can describe\. An error occurred .* does not exist/,
    ],
    [
      'of something else',
      { stdout: describeStack('CREATE_COMPLETE', { Bucket: 'x' }) },
      /^arguments: expected --stack, or --user-pool-id/,
    ],
    ['that is no JSON', { stdout: 'hello' }, /^stack users: expected one that the AWS CLI/],
    ['without a stack', { stdout: '{"Stacks":[]}' }, /^stack users: expected an answer that/],
  ])('says so of a stack %s, and writes nothing', async (_, answer, message) => {
    const folder = createRepository()
    const before = readFiles(folder)
    const { code, stderr } = await runWith(createAwsCli(answer), ['--stack', 'users'], folder)

    expect(stderr).toMatch(message)
    expect(code).toBe(1)
    expect(readFiles(folder)).toEqual(before)
  })

  test('says that the AWS CLI is missing where it is', async () => {
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

  test('--check fails for settings edited by hand, and says the whole remedy', async () => {
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

  test('writes the headers they need', async () => {
    const folder = createRepository(named)
    await run('headers', [], { folder })

    expect(readFiles(folder).headers).toContain('https://cognito-idp.eu-west-1.amazonaws.com;')
    expect((await run('headers', ['--check'], { folder })).code).toBe(0)
  })

  test('names what is wrong in the settings', async () => {
    const folder = createRepository('window._config = { cognito: { userPoolID: 7 } }')
    const { code, stderr } = await run('headers', [], { folder })

    expect(stderr).toMatch(/^cognito\.userPoolID: expected no setting of this name/)
    expect(code).toBe(1)
  })
})
