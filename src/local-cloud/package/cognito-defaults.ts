/** The template of whoever gives none: a pool and a client with everything as Cognito has it by default. */
export const cognitoDefaults = {
  name: 'the defaults of Cognito',
  text: JSON.stringify({
    Resources: {
      UserPool: { Type: 'AWS::Cognito::UserPool' },
      UserPoolClient: {
        Type: 'AWS::Cognito::UserPoolClient',
        Properties: { UserPoolId: { Ref: 'UserPool' } },
      },
    },
  }),
} as const
