/** The template AWS runs and the facts the pages show agree. */

import { expect, test } from 'vitest'
import { readSettings } from '../../src/local-cloud/user-pool/settings.ts'
import { parseTemplate } from '../../src/local-cloud/user-pool/template.ts'
import { passwordPolicy } from '../../src/shared/password-policy.ts'
import { readSource } from './source-files.ts'

const path = 'src/aws/user-pool.yaml'

test('the password policy of the template is the one the pages show', () => {
  expect(readSettings(parseTemplate(readSource(path), path)).passwordPolicy).toEqual(passwordPolicy)
})
