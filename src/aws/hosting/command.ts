/** How the operator's commands end: with a message on stdout, or with an error on stderr and exit code 1. */

import { SettingsError } from '../../shared/settings-error.ts'

/**
 * An error that the operator can fix is printed without a stack.
 *
 * @param run returns the message of success
 */
export async function runCommand(run: () => string | Promise<string>): Promise<void> {
  try {
    process.stdout.write(`${await run()}\n`)
  } catch (error) {
    const isUserError = error instanceof SettingsError || isArgumentError(error)
    process.stderr.write(`${isUserError ? error.message : describe(error)}\n`)
    process.exitCode = 1
  }
}

/** Whether `parseArgs` has thrown it, for an unknown option for example. */
function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code))
}

function describe(error: unknown): string {
  return (error instanceof Error ? error.stack : undefined) ?? String(error)
}
