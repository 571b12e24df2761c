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
  'SMSMfaSettings',
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
  'SmsMfaConfiguration',
  'SoftwareTokenMfaConfiguration',
  'MFAOptions',
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
  'SMS_MFA_CODE',
  'SMS_OTP_CODE',
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

/** The members of a trigger's event whose value is shown. Codes are not in it: `{####}` stands for them. */
const shownEventMembers: ReadonlySet<string> = new Set([
  'version',
  'triggerSource',
  'region',
  'userPoolId',
  'userName',
  'callerContext',
  'awsSdkVersion',
  'clientId',
  'request',
  'response',
  'userAttributes',
  'userNotFound',
  'newDeviceUsed',
  'codeParameter',
  'usernameParameter',
  'linkParameter',
  'scopes',
  'groupConfiguration',
  'groupsToOverride',
  'iamRolesToOverride',
  'preferredRole',
  'session',
  'challengeName',
  'challengeResult',
  'challengeMetadata',
  'autoConfirmUser',
  'autoVerifyEmail',
  'autoVerifyPhone',
  'smsMessage',
  'emailMessage',
  'emailSubject',
  'finalUserStatus',
  'messageAction',
  'desiredDeliveryMediums',
  'forceAliasCreation',
  'enableSMSMFA',
  'issueTokens',
  'failAuthentication',
  'answerCorrect',
  'claimsOverrideDetails',
  'claimsAndScopeOverrideDetails',
  'idTokenGeneration',
  'accessTokenGeneration',
  'claimsToSuppress',
  'scopesToAdd',
  'scopesToSuppress',
  'groupOverrideDetails',
  'cognito:user_status',
  'sub',
])

/** The members of an event that are named, with their values masked. */
const maskedEventMembers: ReadonlySet<string> = new Set([
  'password',
  'clientMetadata',
  'validationData',
  'privateChallengeParameters',
  'challengeAnswer',
])

/** Members whose own members are named, with their values masked: names that a function made up. */
const namingEventMembers: ReadonlySet<string> = new Set([
  'claimsToAddOrOverride',
  'publicChallengeParameters',
])

export const mask = '(hidden)'

/** maximum characters of one value, and of the whole */
const maxValueLength = 256
const maxLength = 4000

/** @returns indented JSON of at most about 4000 characters; without secrets, whatever `body` is */
export function toMaskedJson(body: unknown): string {
  return cut(JSON.stringify(maskValue(body, maskMember), null, 2) ?? '', maxLength)
}

/** The same for the event of a trigger, and for what its function returned. */
export function toMaskedTriggerJson(event: unknown): string {
  return cut(JSON.stringify(maskValue(event, maskEventMember), null, 2) ?? '', maxLength)
}

type Treatment = 'show' | 'mask' | 'name' | 'leave out'
type Treat = (name: string, owner: object) => Treatment

function maskValue(value: unknown, treat: Treat): unknown {
  if (typeof value === 'string') return cut(value, maxValueLength)
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value)
    ? value.map((item) => maskValue(item, treat))
    : maskMembers(value, treat)
}

function maskMembers(value: object, treat: Treat): object {
  const members = Object.entries(value)
  const shown = members.flatMap(([name, member]) => {
    const treatment = treat(name, value)
    if (treatment === 'show') return [[name, maskValue(member, treat)] as const]
    if (treatment === 'name') return [[name, maskValue(member, () => 'mask')] as const]
    return treatment === 'mask' ? [[name, toMask(member)] as const] : []
  })
  const others = members.length - shown.length
  return Object.fromEntries(others === 0 ? shown : [...shown, ['(other members)', others]])
}

/** What is not there is no secret. */
function toMask(member: unknown): unknown {
  return member === null ? null : mask
}

function maskMember(name: string, owner: object): Treatment {
  if (shownMembers.has(name) || isValueOfStandardAttribute(name, owner)) return 'show'
  return maskedMembers.has(name) ? 'mask' : 'leave out'
}

function maskEventMember(name: string): Treatment {
  if (shownEventMembers.has(name) || standardAttributes.has(name)) return 'show'
  if (namingEventMembers.has(name)) return 'name'
  return maskedEventMembers.has(name) || name.startsWith('custom:') ? 'mask' : 'leave out'
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
