/**
 * `npm run headers`: writes `customHttp.yml` when it is stale, for the hosts that `public/js/config.js` names and
 * for the inline styles and scripts of the pages. With `--check`, or where `CI=true`, it writes nothing, and fails
 * for a stale file; with `--site` it asks a deployed site whether it sends them. `npm start` and `npm run build` run
 * it with `--before-build`: settings that cannot be used are only reported, because the pages say so themselves.
 */

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inlineHashes } from '../../build/inline.ts'
import { assertDeployedHeaders } from './check-deployed-headers.ts'
import { runCommand } from './command.ts'
import { toPolicySources } from './config-script.ts'
import {
  assertHeadersFit,
  endpointsPath,
  headersPath,
  readConfigFile,
  requireConfig,
  toSettingsError,
  writeHeaders,
} from './site-files.ts'

await runCommand(async () => {
  const folder = process.cwd()
  const { values } = parseArgs({
    options: {
      'before-build': { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      site: { type: 'string' },
    },
  })
  if (values.site !== undefined) {
    const sources = toPolicySources(requireConfig(folder), inlineHashes)
    const hasPasskeyEndpoints = existsSync(join(folder, endpointsPath))
    await assertDeployedHeaders(values.site, sources, { hasPasskeyEndpoints })
    return `${values.site} sends the headers of ${headersPath}.`
  }
  const config = readConfigFile(folder)
  if (values['before-build'] && config.kind === 'invalid') {
    return toSettingsError(config.problems, `${headersPath} stays as it is.`).message
  }
  if (values.check || process.env.CI === 'true') {
    assertHeadersFit(folder, inlineHashes)
    return `${headersPath} fits.`
  }
  return writeHeaders(folder, inlineHashes)
    ? `${headersPath} was stale and is written anew: commit it.`
    : `${headersPath} fits.`
})
