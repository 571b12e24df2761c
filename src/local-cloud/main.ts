/** `npm run cognito -- --port 9229 --data DIR`: runs the user pool and its console without the site, for any app. */

import { createServer } from 'node:http'
import { SettingsError } from '../shared/settings-error.ts'
import { parseCommandLine, toHelp } from './command-line.ts'
import { apiPath, openLocalCloud } from './local-cloud.ts'
import { StoreError } from './sqlite-file.ts'
import { toQuotaLines } from './user-pool/quotas.ts'

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
  const cloud = await openLocalCloud({
    ...options,
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
