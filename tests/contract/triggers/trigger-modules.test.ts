/** Functions in files: `--trigger NAME=FILE`. Each file runs in a thread of its own. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { TriggerHandlers } from '../../../src/local-cloud/user-pool/triggers/trigger-events.ts'
import { loadTriggers } from '../../../src/local-cloud/user-pool/triggers/trigger-module.ts'
import { type ApiResponse, expectError, expectSuccess } from '../../support/cognito-api.ts'
import { prepareStore, startPool } from '../../support/pool-process.ts'
import { createTempFolder } from '../../support/temp-folder.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { ClientId, requireStoredUser, rider, signUpUser } from '../../support/users.ts'

/** @returns the path of a file, which is gone after the test */
function writeModule(text: string, name = 'hook.mjs'): string {
  const path = join(createTempFolder(), name)
  writeFileSync(path, text)
  return path
}

const confirmsEverybody = 'event.response.autoConfirmUser = true'

function load(text: string, name?: string): Promise<TriggerHandlers> {
  return loadTriggers([`PreSignUp=${writeModule(text, name)}`])
}

function signUp(pool: TestPool, username: string): Promise<ApiResponse> {
  return pool.call('SignUp', {
    ClientId,
    Username: username,
    Password: rider.password,
    UserAttributes: [{ Name: 'email', Value: 'rider@example.com' }],
  })
}

describe('modules', () => {
  test.each([
    [
      'a named export',
      `export const handler = async (event) => { ${confirmsEverybody}; return event }`,
    ],
    ['a default export', `export default async (event) => { ${confirmsEverybody}; return event }`],
    [
      'a callback',
      `export const handler = (event, context, callback) => { ${confirmsEverybody}; callback(null, event) }`,
    ],
    [
      'context.succeed',
      `export const handler = (event, context) => { ${confirmsEverybody}; context.succeed(event) }`,
    ],
    [
      'CommonJS',
      `exports.handler = async (event) => { ${confirmsEverybody}; return event }`,
      'hook.cjs',
    ],
    [
      'CommonJS with one function',
      `module.exports = async (event) => { ${confirmsEverybody}; return event }`,
      'hook.cjs',
    ],
  ])('a module with %s runs', async (_, text, name?: string) => {
    const pool = await createTestPool({}, { triggers: await load(text, name) })

    expect(await signUpUser(pool)).toMatchObject({ UserConfirmed: true })
  })

  test("a module gets Lambda's context, and keeps what it has loaded from call to call", async () => {
    const triggers = await load(`
      let calls = 0
      export const handler = async (event, context) => {
        const seconds = context.getRemainingTimeInMillis() / 1000
        const isReal = seconds > 0 && seconds <= 5 && context.functionName === 'PreSignUp'
        if (!isReal || !context.awsRequestId) throw new Error('no context')
        event.response.autoConfirmUser = ++calls === 2
        return event
      }`)
    const pool = await createTestPool({}, { triggers })
    const first = await signUp(pool, 'first')
    const second = await signUp(pool, 'second')

    expect([first.body.UserConfirmed, second.body.UserConfirmed]).toEqual([false, true])
  })

  test.each([
    ['throws', 'throw new Error("closed")', 'closed'],
    ['rejects with a text', 'return Promise.reject("closed")', 'closed'],
    ['returns a cycle', 'event.self = event; return event', 'Unable to stringify response body'],
  ])('a module that %s is told in its own words', async (_, body, message) => {
    const triggers = await load(`export const handler = async (event) => { ${body} }`)
    const pool = await createTestPool({}, { triggers })

    expectError(await signUp(pool, 'rider'), {
      type: 'UserLambdaValidationException',
      message: `PreSignUp failed with error ${message}.`,
    })
  })

  test('a module that exits fails its call and not the pool, and runs again for the next', async () => {
    const triggers = await load(`
      export const handler = async (event) => {
        if (event.userName === 'leaver') process.exit(3)
        return event
      }`)
    const pool = await createTestPool({}, { triggers })
    const { body } = await signUp(pool, 'leaver')

    expect(body.__type).toBe('UserLambdaValidationException')
    expect(body.message).toMatch(
      /^PreSignUp failed with error RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3\.$/,
    )
    expectSuccess(await signUp(pool, 'stayer'))
    expect(pool.store.findUser('leaver')).toBeUndefined()
  })

  test('a module that throws after its answer fails nothing', async () => {
    const triggers = await load(`
      export const handler = async (event) => {
        setImmediate(() => { throw new Error('later') })
        return event
      }`)
    const pool = await createTestPool({}, { triggers })

    expectSuccess(await signUp(pool, 'first'))
    await vi.waitFor(async () => expectSuccess(await signUp(pool, 'second')))
  })

  test('a module that never yields ends after five seconds, and the next call goes to a new thread', async () => {
    const triggers = await load(`
      export const handler = async (event) => {
        if (event.userName === 'looper') for (;;);
        return event
      }`)
    const pool = await createTestPool({}, { triggers })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const looping = signUp(pool, 'looper')
      await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(1))
      await vi.advanceTimersByTimeAsync(5000)

      expectError(await looping, {
        type: 'UnexpectedLambdaException',
        message:
          'PreSignUp invocation failed due to error Socket timeout while invoking Lambda function.',
      })
      expectSuccess(await signUp(pool, 'walker'))
      await vi.advanceTimersByTimeAsync(5000)
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('at start', () => {
  test.each([
    ['PreTokenGenration=./hook.mjs', 'Did you mean PreTokenGeneration?'],
    ['constructor=./hook.mjs', 'For example --trigger PreSignUp=./pre-sign-up.mjs'],
    ['PreSignUp', '--trigger PreSignUp: expected NAME=FILE'],
    ['PreSignUp=', '--trigger PreSignUp=: expected NAME=FILE'],
    [
      'PreSignUp=/nowhere/hook.mjs',
      'expected a file that is there. There is no /nowhere/hook.mjs.',
    ],
  ])('--trigger %s is no trigger, and the message says what to do', async (assignment, message) => {
    await expect(loadTriggers([assignment])).rejects.toThrow(message)
  })

  test('--trigger twice for one trigger is told', async () => {
    const file = writeModule('export const handler = async (event) => event')

    await expect(loadTriggers([`PreSignUp=${file}`, `PreSignUp=${file}`])).rejects.toThrow(
      'expected each trigger once',
    )
  })

  test.each([
    ['exports no function', 'export const handle = 1', 'It exports no function named handler'],
    ['exports a text as handler', 'export const handler = "x"', 'It exports no function'],
    ['is not JavaScript', 'this is no script', 'Unexpected identifier'],
    ['throws while it loads', 'throw new Error("no database")', 'no database'],
    ['misses a package', 'import "nobody-made-this"', "Cannot find package 'nobody-made-this'"],
    ['exits while it loads', 'process.exit(4)', 'It exits with 4 while it loads'],
  ])('a module that %s is told, with what to write', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(
      new RegExp(
        `expected a module that loads and exports its function\\..*${message}.*export const handler`,
      ),
    )
  })

  test('npm run cognito: --trigger runs a file, and what the file prints is in the terminal', async () => {
    const folder = createTempFolder()
    const dataFolder = join(folder, 'data')
    prepareStore(dataFolder)
    const file = writeModule(`
      export const handler = async (event) => {
        console.log('hook for', event.triggerSource)
        ${confirmsEverybody}
        return event
      }`)
    const pool = await startPool(dataFolder, ['--trigger', `PreSignUp=${file}`])
    const signedUp = await pool.call('SignUp', {
      ClientId,
      Username: rider.username,
      Password: rider.password,
    })

    expect(signedUp.body).toMatchObject({ UserConfirmed: true })
    expect(pool.printed()).toContain('Triggers PreSignUp\n')
    await vi.waitFor(() => expect(pool.printed()).toContain('hook for PreSignUp_SignUp'))
    const page = await (await fetch(`${pool.origin}/console/requests`)).text()
    expect(page).toContain('<h2>Event PreSignUp_SignUp</h2>')
    const template = await (await fetch(`${pool.origin}/console/template`)).text()
    expect(template).toContain('trigger PreSignUp')
    expect((await pool.stop('SIGTERM')).code).toBe(0)
  })
})

test('DescribeUserPool names the triggers that have a function', async () => {
  const triggers = await load('export const handler = async (event) => event')
  const pool = await createTestPool({}, { triggers })
  const { body } = await pool.call(
    'DescribeUserPool',
    { UserPoolId: pool.settings.userPoolId },
    { signed: true },
  )

  expect(body.UserPool).toMatchObject({
    LambdaConfig: { PreSignUp: 'arn:aws:lambda:us-east-1:000000000000:function:PreSignUp' },
  })
  await signUpUser(pool)
  expect(requireStoredUser(pool, rider.username).status).toBe('UNCONFIRMED')
})
