/** What only a pool's operator does, for tests of signing in: other settings, users made by hand. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Rider, type Site } from './fixtures.ts'

/** What the pages of signing in rely on; AWS's defaults for the rest. */
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

/**
 * The option `template` for `test.use`: a template of the site's pool with some properties changed. Its file
 * is there for as long as the test.
 */
export function withPool(changes: Readonly<Record<string, unknown>>) {
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures asked for from this pattern.
  return async ({}, use: (path: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-template-'))
    const path = join(folder, 'template.yaml')
    const template = {
      Resources: {
        UserPool: { Type: 'AWS::Cognito::UserPool', Properties: { ...sitePool, ...changes } },
        UserPoolClient: { Type: 'AWS::Cognito::UserPoolClient', Properties: siteClient },
      },
    }
    // JSON is YAML too.
    writeFileSync(path, JSON.stringify(template))
    await use(path)
    rmSync(folder, { recursive: true })
  }
}

/** Makes a user whose password is a temporary one. */
export async function inviteRider({ pool }: Site, { email, password }: Rider): Promise<void> {
  const made = await pool.call('AdminCreateUser', {
    UserPoolId: 'us-east-1_WildRydes',
    Username: email,
    TemporaryPassword: password,
    UserAttributes: [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ],
  })
  expect(made).toMatchObject({ status: 200 })
}
