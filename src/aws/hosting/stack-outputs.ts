/** Reads the outputs of a CloudFormation stack by the AWS CLI, with the operator's credentials. */

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { SettingsError } from '../../shared/settings-error.ts'

const stackDescription = v.object({
  Stacks: v.tuple([
    v.object({
      StackStatus: v.string(),
      Outputs: v.optional(
        v.array(v.object({ OutputKey: v.string(), OutputValue: v.string() })),
        [],
      ),
    }),
  ]),
})

/**
 * @param region overrides the one in the AWS CLI's configuration
 * @throws {SettingsError} when the stack does not exist or is not complete, or the AWS CLI is missing or fails
 */
export async function readStackOutputs(
  stack: string,
  region: string | undefined,
): Promise<ReadonlyMap<string, string>> {
  const command = ['cloudformation', 'describe-stacks', '--stack-name', stack, '--output', 'json']
  const response = await runAwsCli(stack, [...command, ...(region ? ['--region', region] : [])])
  const parsed = v.safeParse(stackDescription, response)
  if (!parsed.success) {
    throw new SettingsError(`stack ${stack}`, 'an answer that describes one stack', 'Try again.')
  }
  const [{ StackStatus, Outputs }] = parsed.output.Stacks
  if (!/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT)_COMPLETE$/.test(StackStatus)) {
    throw new SettingsError(
      `stack ${stack}`,
      'one that is complete',
      `Its status is ${StackStatus}: wait, or see its events in the CloudFormation console.`,
    )
  }
  return new Map(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
}

async function runAwsCli(stack: string, command: readonly string[]): Promise<unknown> {
  try {
    const { stdout } = await promisify(execFile)('aws', command)
    return JSON.parse(stdout)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing) {
      throw new SettingsError(
        '--stack',
        'the AWS CLI on this machine',
        'Install it, or name the pool: --user-pool-id and --client-id.',
        { cause: error },
      )
    }
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
    throw new SettingsError(
      `stack ${stack}`,
      'one that the AWS CLI can describe',
      stderr || 'Try the command by hand: aws cloudformation describe-stacks.',
      { cause: error },
    )
  }
}
