/** The settings of `src/aws/user-pool.yaml`. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseTemplate } from '../../src/local-cloud/user-pool/cloudformation-template.ts'
import { readSettings } from '../../src/local-cloud/user-pool/read-settings.ts'
import type { UserPoolSettings } from '../../src/local-cloud/user-pool/settings.ts'
import { createTempFolder, type OnCleanup } from './temp-folder.ts'
import { readUsernameTemplate, templatePath } from './template-text.ts'

/** What the template's defaults make: the pool of a program that is given no template. */
export const defaultSettings = readTemplate({})

/** The pool of the contract tests: one of user names, where a name may be any text. */
export const templateSettings = readTemplate({ SignIn: 'username' })

function readTemplate(parameters: Readonly<Record<string, string>>): UserPoolSettings {
  const text = readFileSync(templatePath, 'utf8')
  return readSettings(parseTemplate(text, templatePath, { parameters }), { isStrict: true })
    .settings
}

/**
 * A template of that pool, for clients that write more attributes than the site does.
 *
 * @returns the path of a file, which is gone after the test
 */
export function writeOpenTemplate(onCleanup?: OnCleanup): string {
  const path = join(createTempFolder(onCleanup), 'open.yaml')
  writeFileSync(path, readUsernameTemplate().replace(/^ +WriteAttributes: .+\n/m, ''))
  return path
}
