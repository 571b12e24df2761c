/** `npm run cognito -- --port 9229 --data DIR`: runs the user pool and its console without the site, for any app. */

import { createServer } from 'node:http'
import { SettingsError } from '../shared/settings-error.ts'
import { parseCommandLine, toHelp } from './command-line.ts'
import { apiPath, openLocalCloud } from './local-cloud.ts'
import { StoreError } from './sqlite-file.ts'
import { cognitoLimits, noLimits, parseLimits } from './user-pool/limits.ts'
import {
  type ParameterValues,
  parseParameter,
  parseParameterFile,
} from './user-pool/template-parameters.ts'
import { triggerNames } from './user-pool/triggers/trigger-events.ts'
import { loadTriggers } from './user-pool/triggers/trigger-module.ts'

const defaultPort = '9229'

/** milliseconds that open requests have to finish after a signal to stop */
const graceMs = 1000

async function main(): Promise<void> {
  const {
    wantsHelp,
    port,
    isIssuer,
    cloud: options,
  } = parseCommandLine(process.argv.slice(2), process.env)
  const print = (line: string) => process.stdout.write(`${line}\n`)
  if (wantsHelp) {
    print(toHelp('npm run cognito --'))
    return
  }
  let origin = ''
  const print = (line: string) => process.stdout.write(`${line}\n`)
  const triggers = await loadTriggers(values.trigger)
  const cloud = await openLocalCloud({
    triggers,
    dataFolder: values.data ? resolve(values.data) : readDataFolder(process.env),
    testClock: values['test-clock'] || process.env.LOCAL_CLOUD_TEST_CLOCK === '1',
    template: values.template ?? process.env.LOCAL_CLOUD_TEMPLATE,
    reading: {
      parameters: Object.assign({}, ...values.parameter.map(parseParameter)),
      ...(values.parameters && { fileParameters: readParameterFile(values.parameters) }),
      pool: values.pool,
      isStrict: values.strict,
    },
    limits: parseLimits(values.limit, values['no-limits'] ? noLimits : cognitoLimits),
    allowedOrigins: new Set(values['allow-origin'].map(parseOrigin)),
    apiAtRoot: true,
    issuerOrigin: isIssuer ? () => origin : undefined,
    print,
  })
  const server = createServer((incoming, outgoing) => {
    if (!cloud.handle(incoming, outgoing)) outgoing.writeHead(404).end()
  })
  server.on('error', (error) => {
    cloud.close()
    const isTaken = 'code' in error && error.code === 'EADDRINUSE'
    fail(
      isTaken
        ? new SettingsError(
            `--port ${port}`,
            'a port that nothing listens on',
            'Stop what does, or choose another with --port.',
          )
        : error,
    )
  })
  server.listen(port, 'localhost', () => {
    const address = server.address()
    origin = `http://localhost:${typeof address === 'object' ? address?.port : port}`
    const { settings, issuer, current } = cloud.pool
    const [first, ...others] = current.clients()
    const client = first ? `client ${first.settings.userPoolClientId}` : 'no client'
    print(`API      ${origin}/ and ${origin}${apiPath}`)
    print(`Pool     ${settings.userPoolId}, ${client}`)
    print(`Issuer   ${issuer()}`)
    if (first?.clientSecret !== undefined) print(`Secret   ${first.clientSecret}`)
    for (const { settings: own, clientSecret } of others) {
      const { userPoolClientId: id, clientName } = own
      const named = cloud.report.clients.find(({ clientId }) => clientId === id)
      print(`Client   ${id} (${named?.id ?? clientName})`)
      if (clientSecret !== undefined) print(`Secret   ${clientSecret}`)
    }
    const named = triggerNames.filter((name) => triggers[name])
    if (named.length > 0) print(`Triggers ${named.join(', ')}`)
    print(`Console  ${origin}/console/ (inbox, users, and requests)`)
    print(`Data     ${cloud.dataFolder}`)
    for (const line of toQuotaLines(cloud.pool)) print(line)
    print('Emailed codes appear here and in the inbox.')
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close(() => cloud.close())
      server.closeIdleConnections()
      setTimeout(() => server.closeAllConnections(), graceMs).unref()
    })
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string', default: defaultPort },
        data: { type: 'string' },
        template: { type: 'string' },
        parameter: { type: 'string', multiple: true, default: [] },
        parameters: { type: 'string' },
        pool: { type: 'string' },
        strict: { type: 'boolean', default: false },
        trigger: { type: 'string', multiple: true, default: [] },
        'allow-origin': { type: 'string', multiple: true, default: [] },
        issuer: { type: 'boolean', default: false },
        limit: { type: 'string', multiple: true, default: [] },
        'no-limits': { type: 'boolean', default: false },
        'test-clock': { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(
      'arguments',
      '--port, --data, --template, --parameter, --parameters, --pool, --strict, --trigger, --allow-origin, --issuer, --limit, --no-limits and --test-clock',
      reason,
      { cause: error },
    )
  }
}

/** @throws {SettingsError} for a file that cannot be read or has no parameters */
function readParameterFile(path: string): ParameterValues {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new SettingsError(`--parameters ${path}`, 'a file that can be read', reason, {
      cause: error,
    })
  }
  return parseParameterFile(text, path)
}

/** @throws {SettingsError} for a text that is not an origin as browsers send it */
function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.origin === text && /^https?:$/.test(url.protocol)) return text
  throw new SettingsError(
    `--allow-origin ${text}`,
    'an origin, scheme, host and port and no more',
    'For example --allow-origin http://localhost:3000',
  )
}

/** Prints the message of an error that the user can fix, the stack of any other. */
function fail(error: unknown): void {
  const isUserError = error instanceof SettingsError || error instanceof StoreError
  process.stderr.write(
    `${isUserError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exitCode = 1
}

try {
  await main()
} catch (error) {
  fail(error)
}
