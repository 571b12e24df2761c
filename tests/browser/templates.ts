/** Templates of pools unlike the site's own, for `test.use({ template })`. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Riders sign up and in with their e-mail address; the user name is the `sub`. */
export const emailPool = {
  UsernameConfiguration: { CaseSensitive: false },
  UsernameAttributes: ['email'],
  AutoVerifiedAttributes: ['email'],
  UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: ['email'] },
} as const

/** Gives the `template` fixture the path of a file with these properties of a user pool, for one test. */
export function useTemplate(pool: Readonly<Record<string, unknown>>) {
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures asked for from this pattern.
  return async ({}, use: (path: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-template-'))
    const path = join(folder, 'template.yaml')
    const resources = {
      UserPool: { Type: 'AWS::Cognito::UserPool', Properties: pool },
      UserPoolClient: { Type: 'AWS::Cognito::UserPoolClient' },
    }
    // JSON is YAML too.
    writeFileSync(path, JSON.stringify({ Resources: resources }))
    await use(path)
    rmSync(folder, { recursive: true })
  }
}
