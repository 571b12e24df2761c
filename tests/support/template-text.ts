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
      UserPoolClient: { Type: 'AWS::Cognito::UserPoolClient', Properties: client },
    },
  })
}
