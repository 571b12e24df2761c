/**
 * `npm run configure`: checks a user pool, then writes its ids into `public/js/config.js` and its host into
 * `customHttp.yml`. The ids come from the outputs of a CloudFormation stack or from the command line; settings that
 * are not given stay as they are.
 */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inlineHashes } from '../../build/inline.ts'
import { SettingsError } from '../../shared/settings-error.ts'
import { readConfig } from '../../shared/site-config.ts'
import { assertUserPoolWorks } from './check-user-pool.ts'
import { runCommand } from './command.ts'
import { toConfigScript } from './config-script.ts'
import {
  configPath,
  headersPath,
  readConfigFile,
  toSettingsError,
  writeHeaders,
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
    },
  })
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
    },
    api: { invokeUrl: rides?.get('InvokeUrl') ?? values['invoke-url'] ?? previous?.api.invokeUrl },
    map: values['tile-url']
      ? { tileUrl: values['tile-url'], attribution: values.attribution }
      : previous?.map,
  })
  if (config.kind === 'invalid') throw toSettingsError(config.problems, usage)
  if (config.kind === 'not-configured') throw new SettingsError('arguments', 'a user pool', usage)
  await assertUserPoolWorks(config.cognito)
  const { endpoint, ...pool } = config.cognito
  const cognito = values.endpoint ? { ...pool, endpoint } : pool
  writeFileSync(join(folder, configPath), toConfigScript({ ...config, cognito }))
  writeHeaders(folder, inlineHashes)
  return `Wrote ${configPath} and ${headersPath} for ${userPoolId}. Commit both.`
})
