/**
 * `npm run configure`: checks a user pool, then writes its ids and the ways to sign in into `public/js/config.js`, its
 * host into `customHttp.yml`, and with `--site` where passkey managers lead to. The ids come from the outputs of a
 * CloudFormation stack or from the command line; settings that are not given stay as they are.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inlineHashes } from '../../build/inline.ts'
import { SettingsError } from '../../shared/settings-error.ts'
import { readConfig } from '../../shared/site-config.ts'
import { assertUserPoolWorks, findSignInMethods } from './check-user-pool.ts'
import { runCommand } from './command.ts'
import { toConfigScript } from './config-script.ts'
import {
  configPath,
  endpointsPath,
  headersPath,
  readConfigFile,
  toSettingsError,
  writeHeaders,
  writePasskeyEndpoints,
} from './site-files.ts'
import { readStackOutputs } from './stack-outputs.ts'

const usage =
  'For example npm run configure -- --stack wild-rydes-users --region us-east-1, or --user-pool-id us-east-1_AbCdEf123 --client-id 1h57kf5cpq17m0eml12EXAMPLE.'

await runCommand(async () => {
  const folder = process.cwd()
  const { values } = parseArgs({
    options: {
      stack: { type: 'string' },
      'rides-stack': { type: 'string' },
      region: { type: 'string' },
      'user-pool-id': { type: 'string' },
      'client-id': { type: 'string' },
      endpoint: { type: 'string' },
      'invoke-url': { type: 'string' },
      'tile-url': { type: 'string' },
      attribution: { type: 'string' },
      'sign-in': { type: 'string' },
      site: { type: 'string' },
    },
  })
  const site = values.site === undefined ? undefined : parseSite(values.site)
  const users = values.stack ? await readStackOutputs(values.stack, values.region) : undefined
  const rides = values['rides-stack']
    ? await readStackOutputs(values['rides-stack'], values.region)
    : undefined
  const userPoolId = users?.get('UserPoolId') ?? values['user-pool-id']
  const userPoolClientId = users?.get('UserPoolClientId') ?? values['client-id']
  if (!userPoolId || !userPoolClientId) {
    throw new SettingsError('arguments', '--stack, or --user-pool-id and --client-id', usage)
  }
  const current = readConfigFile(folder)
  const previous = current.kind === 'invalid' ? undefined : current
  const config = readConfig({
    cognito: {
      userPoolId,
      userPoolClientId,
      region: users?.get('Region') ?? values.region ?? userPoolId.replace(/_.*$/, ''),
      endpoint: values.endpoint,
      signIn: (values['sign-in'] ?? users?.get('SignInMethods'))?.split(','),
    },
    api: { invokeUrl: rides?.get('InvokeUrl') ?? values['invoke-url'] ?? previous?.api.invokeUrl },
    map: values['tile-url']
      ? { tileUrl: values['tile-url'], attribution: values.attribution }
      : previous?.map,
  })
  if (config.kind === 'invalid') throw toSettingsError(config.problems, usage)
  if (config.kind === 'not-configured') throw new SettingsError('arguments', 'a user pool', usage)
  await assertUserPoolWorks(config.cognito)
  const isSignInGiven = (values['sign-in'] ?? users?.get('SignInMethods')) !== undefined
  const signIn = isSignInGiven ? config.cognito.signIn : await findSignInMethods(config.cognito)
  const { endpoint, ...pool } = { ...config.cognito, signIn }
  const cognito = values.endpoint ? { ...pool, endpoint } : pool
  writeFileSync(join(folder, configPath), toConfigScript({ ...config, cognito }))
  if (site !== undefined) writePasskeyEndpoints(folder, site)
  writeHeaders(folder, inlineHashes)
  return site === undefined
    ? `Wrote ${configPath} and ${headersPath} for ${userPoolId}. Commit both.`
    : `Wrote ${configPath}, ${endpointsPath} and ${headersPath} for ${userPoolId}. Commit all three.`
})

/**
 * @returns the origin
 * @throws {SettingsError} for anything else
 */
function parseSite(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'https:' && [url.origin, `${url.origin}/`].includes(text)) return url.origin
  throw new SettingsError(
    `--site ${text}`,
    'the address of the site, https and without a path',
    'For example --site https://www.example.com.',
  )
}
