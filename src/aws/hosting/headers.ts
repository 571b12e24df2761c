/**
 * `npm run headers`: writes `customHttp.yml` for the hosts that `public/js/config.js` names and the styles that
 * stand in the pages. With `--check` it writes nothing, and fails while the file is not what it would write;
 * with `--site` it asks a deployed site whether it sends them.
 */

import { parseArgs } from 'node:util'
import { assertDeployedHeaders } from './check-deployed-headers.ts'
import { runCommand } from './command.ts'
import { toPolicySources } from './config-script.ts'
import { assertHeadersFit, headersPath, requireConfig, writeHeaders } from './site-files.ts'

await runCommand(async () => {
  const folder = process.cwd()
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, site: { type: 'string' } },
  })
  if (values.site !== undefined) {
    await assertDeployedHeaders(values.site, toPolicySources(requireConfig(folder)))
    return `${values.site} sends the headers of ${headersPath}.`
  }
  if (values.check) {
    assertHeadersFit(folder)
    return `${headersPath} fits.`
  }
  writeHeaders(folder)
  return `${headersPath} is written: commit it.`
})
