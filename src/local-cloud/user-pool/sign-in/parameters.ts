import { CognitoError } from '../cognito-error.ts'

/**
 * @param parameters AuthParameters or ChallengeResponses
 * @throws {CognitoError} InvalidParameterException when `name` is missing or empty
 */
export function requireParameter(
  parameters: Readonly<Record<string, string>>,
  name: string,
): string {
  const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  if (value === undefined || value === '') {
    throw new CognitoError('InvalidParameterException', `Missing required parameter ${name}`)
  }
  return value
}
