/** What only a process can show: who holds the folder, what outlives a kill, how it stops. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { failToStartPool, prepareStore, startPool } from '../../support/pool-process.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { ClientId, rider } from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000 })

const signUpBody = { ClientId, Username: rider.username, Password: rider.password }
const taken = { type: 'UsernameExistsException', message: 'User already exists' } as const

function createDataFolder(): string {
  const folder = createTempFolder()
  prepareStore(folder)
  return folder
}

describe('a data folder', () => {
  test('is held by one process: a second is refused and told which one holds it', async () => {
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

  test('is taken over from a process that was killed, with all that was acknowledged', async () => {
    const folder = createDataFolder()
    const first = await startPool(folder)
    expectSuccess(await first.call('SignUp', signUpBody))
    expect(await first.stop('SIGKILL')).toMatchObject({ signal: 'SIGKILL' })

    const second = await startPool(folder)
    expectRefusal(await second.call('SignUp', signUpBody), taken)
    expect(readFileSync(join(folder, 'server.pid'), 'utf8')).toBe(String(second.pid))
  })

  test('is let go of by a process that was asked to stop', async () => {
    const folder = createDataFolder()
    const first = await startPool(folder)
    expectSuccess(await first.call('SignUp', signUpBody))
    expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null, stderr: '' })

    expectRefusal(await (await startPool(folder)).call('SignUp', signUpBody), taken)
  })
})

describe('a start that cannot succeed', () => {
  test('for a damaged store says which file, and leaves the folder as it was', async () => {
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

  test('for a port that is none says what was expected', async () => {
    expect(await failToStartPool('--port', 'web')).toEqual({
      code: 1,
      signal: null,
      stderr: '--port: expected a number from 0 to 65535. For example --port 9229\n',
    })
  })

  test('for an option there is none of names those there are', async () => {
    const { code, stderr } = await failToStartPool('--host', '0.0.0.0')

    expect(code).toBe(1)
    expect(stderr).toMatch(/^arguments: expected --port, --data, .*--test-clock\. .*--host/)
  })

  test.each([
    [['--allow-origin', 'localhost:3000'], /^--allow-origin localhost:3000: expected an origin/],
    [['--allow-origin', '*'], /^--allow-origin \*: expected an origin/],
    [['--allow-origin', 'http://localhost:3000/'], /^--allow-origin .*: expected an origin/],
    [['--limit', 'SignUp=3'], /^--limit SignUp=3: expected NAME=NUMBER.*ConfirmSignUp/],
    [['--limit', 'ConfirmSignUp=-1'], /^--limit ConfirmSignUp=-1: expected NAME=NUMBER/],
    [['--template', 'no-such-file.yaml'], /no-such-file\.yaml: expected a CloudFormation template/],
  ])('for %j says what was expected', async (args, reason) => {
    const { code, stderr } = await failToStartPool('--data', createDataFolder(), ...args)

    expect(code).toBe(1)
    expect(stderr).toMatch(reason)
    expect(stderr.trimEnd()).not.toContain('\n')
  })

  test('for a template that asks for more than there is names all of it', async () => {
    const template = join(createTempFolder(), 'pool.yaml')
    writeFileSync(
      template,
      `Resources:
  Pool: { Type: AWS::Cognito::UserPool, Properties: { LambdaConfig: {}, SmsConfiguration: {} } }
  Client: { Type: AWS::Cognito::UserPoolClient }
`,
    )
    const { code, stderr } = await failToStartPool('--template', template)

    expect(code).toBe(1)
    expect(stderr).toMatch(/LambdaConfig.*SmsConfiguration.*Supported settings/)
  })

  test('for a port that is taken names it', async () => {
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

describe('a pool that was told how to be', () => {
  test('has the settings of the template, no limits, and lets allowed origins in', async () => {
    const folder = createTempFolder()
    const template = join(folder, 'pool.yaml')
    writeFileSync(
      template,
      `Resources:
  Pool: { Type: AWS::Cognito::UserPool, Properties: { UsernameAttributes: [email] } }
  Client: { Type: AWS::Cognito::UserPoolClient, Properties: { GenerateSecret: true } }
`,
    )
    const options = [
      '--template',
      template,
      '--no-limits',
      '--allow-origin',
      'http://localhost:3000',
    ]
    const pool = await startPool(join(folder, 'data'), options)

    expectRefusal(await pool.call('SignUp', signUpBody), {
      type: 'NotAuthorizedException',
      message: `Client ${ClientId} is configured for secret but secret was not received`,
    })
    expect(pool.printed()).toMatch(/^Secret {3}[0-9a-z]{52}$/m)
    const answer = await fetch(pool.origin, {
      method: 'OPTIONS',
      headers: { Origin: 'http://localhost:3000' },
    })
    expect(answer.status).toBe(200)
  })
})
