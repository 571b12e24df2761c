/**
 * `npm run headers`: writes `customHttp.yml` for the hosts that `public/js/config.js` names. With `--check` it
 * writes nothing, and fails while the file is not what it would write.
 */

import { parseArgs } from 'node:util'
import { runCommand } from './command.ts'
import { assertHeadersFit, headersPath, writeHeaders } from './site-files.ts'

await runCommand(() => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
  if (values.check) {
    assertHeadersFit(process.cwd())
    return `${headersPath} fits.`
  }
  writeHeaders(process.cwd())
  return `${headersPath} is written: commit it.`
})
