/** The options of `npm run cognito`: what is told of those that are wrong, and the help. */

import { describe, expect, test } from 'vitest'
import { parseCommandLine, toHelp } from '../../../src/local-cloud/command-line.ts'
import { serveLocalCloud } from '../../../src/local-cloud/serve.ts'
import { SettingsError } from '../../../src/shared/settings-error.ts'

/** Starts the pool as the command does. */
async function start(args: readonly string[]): Promise<void> {
  const { serve } = parseCommandLine(['--port', '0', '--memory', ...args], {})
  const cloud = await serveLocalCloud({ ...serve, print: () => undefined })
  await cloud.stop()
}

describe('command line options', () => {
  test.each([
    [
      ['--hosts', '0.0.0.0'],
      /^arguments: expected --port, --host, .*--hosts.*did you mean --host\?/s,
    ],
    [
      ['--quota', 'UserAuthentification=5'],
      /^--quota UserAuthentification=5: expected .*; did you mean UserAuthentication\?/,
    ],
    [['--allow-origin', 'localhost:3000'], /^--allow-origin localhost:3000: expected an origin/],
    [['--allow-origin', '*'], /^--allow-origin \*: expected an origin/],
    [['--allow-origin', 'http://localhost:3000/'], /^--allow-origin .*: expected an origin/],
    [['--limit', 'SignUp=3'], /^--limit SignUp=3: expected NAME=NUMBER.*ConfirmSignUp/],
    [['--limit', 'ConfirmSignUp=-1'], /^--limit ConfirmSignUp=-1: expected NAME=NUMBER/],
    [['--parameter', 'Stage'], /^--parameter Stage: expected NAME=VALUE/],
    [['--parameter', 'Stag=dev'], /parameter Stag: the template has no such parameter/],
    [['--parameters', 'no-such-file.json'], /^--parameters no-such-file\.json: expected a file/],
    [['--user-pool-id', 'AbCdEf123'], /^--user-pool-id AbCdEf123: expected a region, .*eu-west-1_/],
    [['--client-id', 'my client'], /^--client-id my client: expected an id of letters/],
    [['--client-id', 'Web=abc'], /--client-id Web=abc: there is no client Web of this pool/],
    [['--pool', 'Guests'], /--pool Guests: there is no such pool; the template has UserPool/],
    [['--template', 'no-such-file.yaml'], /no-such-file\.yaml: expected a CloudFormation template/],
    [['--data', 'folder'], /^--memory: expected no --data beside it/],
  ])('%j is refused with what was expected', async (args, reason) => {
    const error: unknown = await start(args).catch((thrown: unknown) => thrown)

    expect(error).toBeInstanceOf(SettingsError)
    const message = error instanceof Error ? error.message : ''
    expect(message).toMatch(reason)
    // What is wrong in a template stands in lines of its own.
    expect(message.split('\n').length).toBeLessThanOrEqual(2)
  })

  test('the help says every option in lines of 100 characters, without marks of Markdown', () => {
    const help = toHelp('npm run cognito --')

    expect(help).toMatch(/^Usage: npm run cognito -- \[options\]\n {2}--port NUMBER\n/)
    expect(help).toMatch(/^ {2}--allow-origin ORIGIN\n {6}an origin whose pages may call the API/m)
    expect(help).toContain('runs as this Lambda trigger.')
    expect(help.split('\n').filter((line) => line.length > 100)).toEqual([])
    expect(help).not.toMatch(/`|\]\(/)
  })
})
