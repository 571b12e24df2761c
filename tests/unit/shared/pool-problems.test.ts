/** What the user pool answers when a setting is wrong: the setting that the pages and `npm run configure` name. */

import { expect, test } from 'vitest'
import { findPoolProblem } from '../../../src/shared/pool-problems.ts'

test.each([
  ['ResourceNotFoundException: User pool client x does not exist.', 'in this region'],
  [
    "InvalidParameterException: 1 validation error detected: Value 'a b' at 'clientId' failed to satisfy constraint",
    'in this region',
  ],
  [
    'NotAuthorizedException: Client 1h57 is configured with secret but SECRET_HASH was not received',
    'without a secret',
  ],
  ['NotAuthorizedException: Unable to verify secret hash for client 1h57', 'without a secret'],
  [
    'NotAuthorizedException: Client 1h57 is configured for secret but secret was not received',
    'without a secret',
  ],
  ['InvalidParameterException: USER_SRP_AUTH is not enabled for the client.', 'allows SRP'],
  ['InvalidParameterException: Auth flow not enabled for this client', 'allows SRP'],
  [
    'InvalidParameterException: USER_AUTH flow not enabled for this client',
    'allows choice-based sign-in',
  ],
  [
    'NotAuthorizedException: A client attempted to write unauthorized attribute',
    'write the attribute email',
  ],
  [
    'InvalidParameterException: Attributes did not conform to the schema: name: The attribute name is required',
    'no attribute but email',
  ],
  [
    'InvalidParameterException: Username cannot be of email format, since user pool is configured for email alias.',
    'usernames may be email addresses',
  ],
  ['WebAuthnNotEnabledException: x', 'that has passkeys'],
  ['WebAuthnRelyingPartyMismatchException: x', 'for the host of this site'],
  ['WebAuthnOriginNotAllowedException: x', 'for the host of this site'],
  ['WebAuthnConfigurationMissingException: x', 'for the host of this site'],
  ['a relying party of another site', 'for the host of this site'],
  ['signing up without a password is refused', 'an emailed code signs in'],
  ['a redirect', 'the API of a user pool'],
  ['status 404', 'the API of a user pool'],
  ['status 405', 'the API of a user pool'],
])('%s', (answer, expected) => {
  expect(findPoolProblem(answer)?.expected).toContain(expected)
})

test.each([
  'NotAuthorizedException: Incorrect username or password.',
  'InvalidParameterException: Cannot reset password for the user as there is no registered/verified email',
  'InvalidParameterException: Invalid email address format.',
  'InternalErrorException: x',
  'status 403',
  'status 429',
  'status 503',
  'status 200',
])('%s is no matter of settings', (answer) => {
  expect(findPoolProblem(answer)).toBeUndefined()
})
