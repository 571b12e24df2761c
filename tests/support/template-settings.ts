/** The settings of `src/aws/user-pool.yaml`. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readSettings } from '../../src/local-cloud/user-pool/settings.ts'
import { parseTemplate } from '../../src/local-cloud/user-pool/template.ts'

export const templatePath = fileURLToPath(new URL('../../src/aws/user-pool.yaml', import.meta.url))
export const templateSettings = readSettings(
  parseTemplate(readFileSync(templatePath, 'utf8'), templatePath),
)
