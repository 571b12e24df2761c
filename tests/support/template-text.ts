/** Texts of templates: the site's own, and made-up ones. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const templatePath = fileURLToPath(new URL('../../src/aws/user-pool.yaml', import.meta.url))

/** @returns the text of the site's template with user names as its default, as an operator's parameter makes it */
export function readUsernameTemplate(): string {
  return readFileSync(templatePath, 'utf8').replace(/^( +Default: )email$/m, '$1username')
}

/** Properties of a pool and its client; AWS's defaults for the rest. */
export interface TemplateProperties {
  readonly pool?: Readonly<Record<string, unknown>>
  readonly client?: Readonly<Record<string, unknown>>
}

/** @returns the text of a CloudFormation template with these properties */
export function toTemplateText({ pool = {}, client = {} }: TemplateProperties): string {
  // JSON is YAML too.
  return JSON.stringify({
    Resources: {
      UserPool: { Type: 'AWS::Cognito::UserPool', Properties: pool },
      UserPoolClient: {
        Type: 'AWS::Cognito::UserPoolClient',
        Properties: { UserPoolId: { Ref: 'UserPool' }, ...client },
      },
    },
  })
}
