/** The template of whoever gives none: a pool and a client with everything as Cognito has it by default. */
export const cognitoDefaults = {
  name: 'the defaults of Cognito',
  text: '{"Resources":{"UserPool":{"Type":"AWS::Cognito::UserPool"}}}',
} as const
