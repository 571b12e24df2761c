/**
 * Runs the user pool and its console without the site, for any app: `npm run cognito -- --port 9229 --data DIR`, and the
 * command of the package.
 */

import { SettingsError } from '../shared/settings-error.ts'
import { parseCommandLine, toHelp } from './command-line.ts'
import { apiPath } from './local-cloud.ts'
import { product } from './product.ts'
import { type ServedCloud, type ServeOptions, serveLocalCloud } from './serve.ts'
import { StoreError } from './sqlite-file.ts'
import type { AppClient } from './user-pool/app-clients.ts'
import { toQuotaLines } from './user-pool/quotas.ts'
import { triggerNames } from './user-pool/triggers/trigger-events.ts'
import { loadTriggers } from './user-pool/triggers/trigger-module.ts'

const print = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const commandLine = parseCommandLine(process.argv.slice(2), process.env)
  if (commandLine.wantsHelp) {
    print(toHelp(product.command))
    return
  }
  const triggers = await loadTriggers(commandLine.triggers)
  const options = { ...commandLine.serve, triggers, print }
  const cloud = await serveLocalCloud(options)
  for (const line of toStartLines(cloud, options)) print(line)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void cloud.stop())
  }
}

function toStartLines(
  { origin, pool, report, dataFolder }: ServedCloud,
  options: ServeOptions,
): readonly string[] {
  const { settings, issuer, current } = pool
  const [first, ...others] = current.clients()
  const toName = ({ settings: { userPoolClientId: id, clientName } }: AppClient) =>
    `${id} (${report.clients.find(({ clientId }) => clientId === id)?.id ?? clientName})`
  const client = first
    ? `client ${others.length === 0 ? first.settings.userPoolClientId : toName(first)}`
    : 'no client'
  const toSecretLines = (secret: string | undefined) =>
    secret === undefined ? [] : [`Secret   ${secret}`]
  return [
    `API      ${origin}/ and ${origin}${apiPath}`,
    `Pool     ${settings.userPoolId}, ${client}`,
    `Issuer   ${issuer()}`,
    ...toSecretLines(first?.clientSecret),
    ...others.flatMap((other) => [
      `Client   ${toName(other)}`,
      ...toSecretLines(other.clientSecret),
    ]),
    ...toTriggerLines(options),
    `Console  ${origin}/console/ (inbox, users, and requests)`,
    `Data     ${dataFolder ?? 'in memory, gone at the end'}`,
    ...toQuotaLines(pool),
    ...toOpenLines(options),
    'Emailed codes appear here and in the inbox.',
  ]
}

function toTriggerLines({ triggers = {} }: ServeOptions): readonly string[] {
  const names = triggerNames.filter((name) => triggers[name])
  return names.length === 0 ? [] : [`Triggers ${names.join(', ')}`]
}

/** What the request guard lets in that it does not by default. */
function toOpenLines({ host, allowedHosts, allowedOrigins }: ServeOptions): readonly string[] {
  const lines = [
    ...(host === undefined ? [] : [`it listens on ${host}: whoever reaches that may call it`]),
    ...[...(allowedHosts ?? [])].map((name) => `it may be called by the name ${name}`),
    ...[...(allowedOrigins ?? [])].map((origin) => `pages of ${origin} may call the API`),
  ]
  return lines.map((line) => `Open     ${line}`)
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
