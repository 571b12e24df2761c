/** User attributes as clients may set them. */

import { CognitoError } from './cognito-error.ts'

/** Standard attributes a client may write. @see OpenID Connect Core 1.0, section 5.1 */
const writableAttributes = new Set([
  ...['address', 'birthdate', 'email', 'family_name', 'gender', 'given_name', 'locale'],
  ...['middle_name', 'name', 'nickname', 'phone_number', 'picture', 'preferred_username'],
  ...['profile', 'updated_at', 'website', 'zoneinfo'],
])
const readOnlyAttributes = new Set(['sub', 'email_verified', 'phone_number_verified'])

/** @throws {CognitoError} in the words Cognito has for each kind of unacceptable attribute */
export function parseAttributes(
  attributes: readonly { readonly Name: string; readonly Value: string }[],
): ReadonlyMap<string, string> {
  for (const { Name, Value } of attributes) {
    if (readOnlyAttributes.has(Name)) {
      throw new CognitoError(
        'NotAuthorizedException',
        'A client attempted to write unauthorized attribute',
      )
    }
    if (!writableAttributes.has(Name)) {
      throw new CognitoError(
        'InvalidParameterException',
        `Attributes did not conform to the schema: ${Name}: Attribute does not exist in the schema.\n`,
      )
    }
    if (Name === 'email' && !/^[^\s@]+@[^\s@]+$/.test(Value)) {
      throw new CognitoError('InvalidParameterException', 'Invalid email address format.')
    }
    if (Name === 'phone_number' && !/^\+[0-9]{1,15}$/.test(Value)) {
      throw new CognitoError('InvalidParameterException', 'Invalid phone number format.')
    }
  }
  return new Map(attributes.map(({ Name, Value }) => [Name, Value]))
}
