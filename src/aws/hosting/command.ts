/** What the operator's commands share: the last line says how it went, and a person's slip needs no stack. */

import { SettingsError } from '../../shared/settings-error.ts'

/** @param run returns what to tell when all went well */
export async function runCommand(run: () => string | Promise<string>): Promise<void> {
  try {
    process.stdout.write(`${await run()}\n`)
  } catch (error) {
    const isTheirs = error instanceof SettingsError || isArgumentError(error)
    process.stderr.write(`${isTheirs ? error.message : describe(error)}\n`)
    process.exitCode = 1
  }
}

/** Thrown by `parseArgs` for an option that is not there. */
function isArgumentError(error: unknown): error is Error {
  return error instanceof TypeError && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code))
}

function describe(error: unknown): string {
  return (error instanceof Error ? error.stack : undefined) ?? String(error)
}
