import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTempFolder } from './temp-folder.ts'
import { type TemplateProperties, toTemplateText } from './template-text.ts'

/**
 * Writes a template with the given properties and AWS's defaults for the rest; user names are case-insensitive.
 *
 * @returns the path of the file, which is gone after the test
 */
export function writeTemplate({ pool, client }: TemplateProperties): string {
  const path = join(createTempFolder(), 'template.yaml')
  const properties = { UsernameConfiguration: { CaseSensitive: false }, ...pool }
  writeFileSync(path, toTemplateText({ pool: properties, ...(client && { client }) }))
  return path
}
