import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTempFolder } from './temp-folder.ts'

/**
 * A template for a pool unlike the site's, with the properties given and AWS's defaults for the rest;
 * user names that differ only in case are one user, as in the site's.
 *
 * @returns the path of the file, which is gone after the test
 */
export function writeTemplate({
  pool = {},
  client = {},
}: {
  pool?: Readonly<Record<string, unknown>>
  client?: Readonly<Record<string, unknown>>
}): string {
  const path = join(createTempFolder(), 'template.yaml')
  const template = {
    Resources: {
      UserPool: {
        Type: 'AWS::Cognito::UserPool',
        Properties: { UsernameConfiguration: { CaseSensitive: false }, ...pool },
      },
      UserPoolClient: { Type: 'AWS::Cognito::UserPoolClient', Properties: client },
    },
  }
  // JSON is YAML too.
  writeFileSync(path, JSON.stringify(template))
  return path
}
