/** Templates of pools with other settings than the site's own, for `test.use({ template })`. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  readUsernameTemplate,
  type TemplateProperties,
  toTemplateText,
} from '../../support/template-text.ts'

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
  return useTemplateText(() => toTemplateText(properties))
}

/** The site's template with `SignIn=username`: the address that riders register with stays their user name. */
export const usernamePool = useTemplateText(readUsernameTemplate)

function useTemplateText(toText: () => string) {
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures asked for from this pattern.
  return async ({}, use: (path: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-template-'))
    const path = join(folder, 'template.yaml')
    writeFileSync(path, toText())
    await use(path)
    rmSync(folder, { recursive: true })
  }
}

/** The same for the site's pool with some properties changed. */
export function withPool(changes: Readonly<Record<string, unknown>>) {
  return useTemplate({ pool: { ...sitePool, ...changes }, client: siteClient })
}

/** The site's pool with some properties of its client changed. */
export function withClient(changes: Readonly<Record<string, unknown>>) {
  return useTemplate({ pool: sitePool, client: { ...siteClient, ...changes } })
}
