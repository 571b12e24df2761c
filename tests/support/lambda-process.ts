/** Runs a built Lambda function as a cold start does, in a process of its own. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'

export interface LambdaRun {
  readonly code: number | null
  /** JSON: what the handler has answered to each event, or `{ failed }` with the name of what it has thrown */
  readonly stdout: string
  readonly stderr: string
}

/**
 * Starts a process that imports the bundle and calls its handler with the events.
 *
 * @param folder with `lambda.mjs`
 * @param env all that the process gets of it
 */
export async function runLambda(
  folder: string,
  env: Readonly<Record<string, string>>,
  events: readonly unknown[] = [],
): Promise<LambdaRun> {
  const script = `
    import { text } from 'node:stream/consumers'
    const { handler } = await import(${JSON.stringify(pathToFileURL(join(folder, 'lambda.mjs')).href)})
    const answers = []
    for (const event of JSON.parse(await text(process.stdin))) {
      answers.push(await handler(event).catch((error) => ({ failed: error.name })))
    }
    process.stdout.write(JSON.stringify(answers))
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: folder,
    // Without the AWS settings of this machine.
    env: { HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...env },
  })
  // A process that fails at its start does not read its input.
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(events))
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { code: child.exitCode, stdout, stderr }
}
