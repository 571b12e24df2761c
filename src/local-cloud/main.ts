/**
 * The user pool and its console alone, for any app: `npm run cognito -- --port 9229 --data DIR`.
 */

import { createServer } from 'node:http'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { apiPath, openLocalCloud, readDataFolder } from './local-cloud.ts'
import { SettingsError } from './settings-error.ts'
import { StoreError } from './user-pool/store/sqlite-store.ts'

const defaultPort = '9229'

async function main(): Promise<void> {
  const { values } = readArguments()
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new SettingsError(
      '--port',
      'a number from 0 to 65535',
      `For example --port ${defaultPort}`,
    )
  }
  const print = (line: string) => process.stdout.write(`${line}\n`)
  const cloud = await openLocalCloud({
    dataFolder: values.data ? resolve(values.data) : readDataFolder(process.env),
    testClock: values['test-clock'] || process.env.LOCAL_CLOUD_TEST_CLOCK === '1',
    apiAtRoot: true,
    print,
  })
  const server = createServer((incoming, outgoing) => {
    if (!cloud.answer(incoming, outgoing)) outgoing.writeHead(404).end()
  })
  server.on('error', (error) => fail(error))
  server.listen(port, 'localhost', () => {
    const address = server.address()
    const origin = `http://localhost:${typeof address === 'object' ? address?.port : port}`
    const { userPoolId, userPoolClientId } = cloud.pool.settings
    print(`API      ${origin}/ and ${origin}${apiPath}`)
    print(`Pool     ${userPoolId}, client ${userPoolClientId}`)
    print(`Console  ${origin}/console/ (inbox and users)`)
    print(`Data     ${cloud.dataFolder}`)
    print('Mailed codes appear here and in the inbox.')
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close(() => cloud.close())
      server.closeIdleConnections()
    })
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: defaultPort },
        data: { type: 'string' },
        'test-clock': { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError('arguments', '--port, --data and --test-clock', reason, {
      cause: error,
    })
  }
}

/** What the person can mend is said in one line; anything else keeps its stack. */
function fail(error: unknown): void {
  const isTheirs = error instanceof SettingsError || error instanceof StoreError
  process.stderr.write(
    `${isTheirs ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exitCode = 1
}

try {
  await main()
} catch (error) {
  fail(error)
}
