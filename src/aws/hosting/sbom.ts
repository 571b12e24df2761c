/** `npm run sbom`: writes `sbom.json`, the list of the packages that ship. */

import { writeFileSync } from 'node:fs'
import { runCommand } from './command.ts'
import { createSbom } from './shipped-packages.ts'

await runCommand(async () => {
  writeFileSync('sbom.json', `${JSON.stringify(await createSbom(), null, 2)}\n`)
  return 'sbom.json lists the packages that ship.'
})
