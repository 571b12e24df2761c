/**
 * Makes the body of a request or a response fit for the log: only members listed here show their value, and only
 * members listed here are named. Anything else could be, or hold, a secret.
 */

import { standardAttributes } from './attribute-schema.ts'

/** Members whose value is shown: settings, names and outcomes, none of which lets anyone in. */
const shownMembers: ReadonlySet<string> = new Set([
  // what is asked
  'ClientId',
  'UserPoolId',
  'Username',
  'USERNAME',
  'AuthFlow',
  'AuthParameters',
  'PREFERRED_CHALLENGE',
  'ChallengeName',
  'ChallengeResponses',
  'TIMESTAMP',
  'UserAttributes',
  'UserAttributeNames',
  'AttributeName',
  'AttributesToGet',
  'Name',
  'MessageAction',
  'DesiredDeliveryMediums',
  'ForceAliasCreation',
  'Permanent',
  'SoftwareTokenMfaSettings',
  'EmailMfaSettings',
  'WebAuthnMfaSettings',
  'Enabled',
  'PreferredMfa',
  'Filter',
  'Limit',
  'GroupName',
  'Description',
  'RoleArn',
  'Precedence',
  'CustomAttributes',
  'AttributeDataType',
  'Mutable',
  'Required',
  'MfaConfiguration',
  'SoftwareTokenMfaConfiguration',
  'MaxResults',
  'ClientName',
  'GenerateSecret',
  'RefreshTokenValidity',
  'AccessTokenValidity',
  'IdTokenValidity',
  'TokenValidityUnits',
  'ReadAttributes',
  'WriteAttributes',
  'ExplicitAuthFlows',
  'SupportedIdentityProviders',
  'CallbackURLs',
  'LogoutURLs',
  'DefaultRedirectURI',
  'AllowedOAuthFlows',
  'AllowedOAuthScopes',
  'AllowedOAuthFlowsUserPoolClient',
  'PreventUserExistenceErrors',
  'EnableTokenRevocation',
  'AuthSessionValidity',
  'RefreshTokenRotation',
  'Feature',
  'RetryGracePeriodSeconds',
  // what is answered
  '__type',
  'message',
  'UserConfirmed',
  'UserSub',
  'CodeDeliveryDetails',
  'CodeDeliveryDetailsList',
  'DeliveryMedium',
  'Destination',
  'ChallengeParameters',
  'USER_ID_FOR_SRP',
  'AvailableChallenges',
  'CODE_DELIVERY_DESTINATION',
  'CODE_DELIVERY_DELIVERY_MEDIUM',
  'MFAS_CAN_CHOOSE',
  'MFAS_CAN_SETUP',
  'AuthenticationResult',
  'ExpiresIn',
  'TokenType',
  'User',
  'Users',
  'Attributes',
  'Group',
  'Groups',
  'UserStatus',
  'UserCreateDate',
  'UserLastModifiedDate',
  'UserMFASettingList',
  'PreferredMfaSetting',
  'ConfiguredUserAuthFactors',
  'Credentials',
  'CredentialId',
  'FriendlyCredentialName',
  'RelyingPartyId',
  'AuthenticatorAttachment',
  'AuthenticatorTransports',
  'CreatedAt',
  'UserPoolClient',
  'UserPoolClients',
  'Status',
])

/** Members that are named, with their value masked. */
const maskedMembers: ReadonlySet<string> = new Set([
  'Password',
  'PASSWORD',
  'NEW_PASSWORD',
  'PreviousPassword',
  'ProposedPassword',
  'TemporaryPassword',
  'ConfirmationCode',
  'Code',
  'UserCode',
  'SOFTWARE_TOKEN_MFA_CODE',
  'EMAIL_OTP_CODE',
  'EMAIL',
  'ANSWER',
  'SecretCode',
  'ClientSecret',
  'SecretHash',
  'SECRET_HASH',
  'Session',
  'Token',
  'AccessToken',
  'IdToken',
  'RefreshToken',
  'REFRESH_TOKEN',
  'Credential',
  'CREDENTIAL',
  'CredentialCreationOptions',
  'CREDENTIAL_REQUEST_OPTIONS',
  'DEVICE_KEY',
  'DeviceKey',
  'SRP_A',
  'SRP_B',
  'SALT',
  'SECRET_BLOCK',
  'PASSWORD_CLAIM_SECRET_BLOCK',
  'PASSWORD_CLAIM_SIGNATURE',
  'Value',
  'PaginationToken',
  'NextToken',
  'ClientMetadata',
  'ValidationData',
  'UserContextData',
])

export const mask = '(hidden)'

/** maximum characters of one value, and of the whole */
const maxValueLength = 256
const maxLength = 4000

/** @returns indented JSON of at most about 4000 characters; without secrets, whatever `body` is */
export function toMaskedJson(body: unknown): string {
  return cut(JSON.stringify(maskValue(body), null, 2) ?? '', maxLength)
}

function maskValue(value: unknown): unknown {
  if (typeof value === 'string') return cut(value, maxValueLength)
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? value.map(maskValue) : maskMembers(value)
}

function maskMembers(value: object): object {
  const members = Object.entries(value)
  const shown = members.flatMap(([name, member]) => {
    if (shownMembers.has(name) || isValueOfStandardAttribute(name, value)) {
      return [[name, maskValue(member)] as const]
    }
    return maskedMembers.has(name) ? [[name, mask] as const] : []
  })
  const others = members.length - shown.length
  return Object.fromEntries(others === 0 ? shown : [...shown, ['(other members)', others]])
}

/** A custom attribute could be anything; the page of its user shows it. */
function isValueOfStandardAttribute(name: string, member: object): boolean {
  return (
    name === 'Value' &&
    'Name' in member &&
    typeof member.Name === 'string' &&
    standardAttributes.has(member.Name)
  )
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`
}
