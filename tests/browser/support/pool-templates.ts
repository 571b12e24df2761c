/** Templates of pools with other settings than the site's own, for `test.use({ template })`. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TemplateProperties, toTemplateText } from '../../support/template-text.ts'

/** Riders sign up and in with their email address; the user name is the `sub`. */
export const emailPool = {
  UsernameConfiguration: { CaseSensitive: false },
  UsernameAttributes: ['email'],
  AutoVerifiedAttributes: ['email'],
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
} as const

/** The settings that the sign-in pages need. */
const sitePool = {
  UsernameConfiguration: { CaseSensitive: false },
  AutoVerifiedAttributes: ['email'],
  MfaConfiguration: 'OPTIONAL',
  EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
}
const siteClient = {
  ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
  PreventUserExistenceErrors: 'ENABLED',
}

/** Writes a template with these properties for one test, as value of the `template` fixture. */
export function useTemplate(properties: TemplateProperties) {
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures asked for from this pattern.
  return async ({}, use: (path: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-template-'))
    const path = join(folder, 'template.yaml')
    writeFileSync(path, toTemplateText(properties))
    await use(path)
    rmSync(folder, { recursive: true })
  }
}

/** The same for the site's pool with some properties changed. */
export function withPool(changes: Readonly<Record<string, unknown>>) {
  return useTemplate({ pool: { ...sitePool, ...changes }, client: siteClient })
}
