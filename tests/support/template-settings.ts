/** The settings of `src/aws/user-pool.yaml`. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseTemplate } from '../../src/local-cloud/user-pool/cloudformation-template.ts'
import { readSettings } from '../../src/local-cloud/user-pool/settings.ts'
import { createTempFolder, type OnCleanup } from './temp-folder.ts'

export const templatePath = fileURLToPath(new URL('../../src/aws/user-pool.yaml', import.meta.url))
export const templateSettings = readSettings(
  parseTemplate(readFileSync(templatePath, 'utf8'), templatePath),
)

/**
 * The same template for clients that write more attributes than the site does.
 *
 * @returns the path of a file, which is gone after the test
 */
export function writeOpenTemplate(onCleanup?: OnCleanup): string {
  const path = join(createTempFolder(onCleanup), 'open.yaml')
  const text = readFileSync(templatePath, 'utf8')
  writeFileSync(path, text.replace(/^ +WriteAttributes: .+\n/m, ''))
  return path
}
