/**
 * The quotas that AWS gives an account in one region for its Cognito user pools by default: requests a second by
 * category of operations, and emails a day.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html read on 2026-11-29
 */

export interface QuotaCategory {
  readonly requestsPerSecond: number
  /** whether more can be bought */
  readonly isAdjustable: boolean
  /** requests a second of each single operation of the category on one user pool, whatever the account has */
  readonly operationRequestsPerSecond?: number
  /** those of the user pools API that draw on the category */
  readonly operations: readonly string[]
}

export const quotaCategories = {
  /** Refreshing tokens belongs here, by InitiateAuth as by GetTokensFromRefreshToken. */
  UserAuthentication: {
    requestsPerSecond: 120,
    isAdjustable: true,
    operations: [
      'AdminInitiateAuth',
      'AdminRespondToAuthChallenge',
      'GetTokensFromRefreshToken',
      'InitiateAuth',
      'RespondToAuthChallenge',
    ],
  },
  UserCreation: {
    requestsPerSecond: 50,
    isAdjustable: true,
    operations: ['AdminConfirmSignUp', 'AdminCreateUser', 'ConfirmSignUp', 'SignUp'],
  },
  /** Sign-in by another identity provider, which is no operation of the API. */
  UserFederation: { requestsPerSecond: 25, isAdjustable: true, operations: [] },
  /** The response to NEW_PASSWORD_REQUIRED belongs here too: see `findQuotaCategory`. */
  UserAccountRecovery: {
    requestsPerSecond: 30,
    isAdjustable: false,
    operations: [
      'AdminResetUserPassword',
      'AdminSetUserPassword',
      'ChangePassword',
      'ConfirmForgotPassword',
      'ForgotPassword',
    ],
  },
  UserRead: {
    requestsPerSecond: 120,
    isAdjustable: true,
    operations: ['AdminGetUser', 'AdminGetUserAuthFactors', 'GetUser'],
  },
  UserUpdate: {
    requestsPerSecond: 25,
    isAdjustable: false,
    operations: [
      'AdminAddUserToGroup',
      'AdminDeleteUser',
      'AdminDeleteUserAttributes',
      'AdminDisableProviderForUser',
      'AdminDisableUser',
      'AdminEnableUser',
      'AdminLinkProviderForUser',
      'AdminRemoveUserFromGroup',
      'AdminUpdateUserAttributes',
      'AdminUserGlobalSignOut',
      'DeleteUser',
      'DeleteUserAttributes',
      'GlobalSignOut',
      'UpdateUserAttributes',
      'VerifyUserAttribute',
    ],
  },
  UserToken: { requestsPerSecond: 120, isAdjustable: true, operations: ['RevokeToken'] },
  UserResourceRead: {
    requestsPerSecond: 50,
    isAdjustable: true,
    operations: [
      'AdminGetDevice',
      'AdminListDevices',
      'AdminListGroupsForUser',
      'AdminListUserAuthEvents',
      'GetDevice',
      'GetUserAttributeVerificationCode',
      'ListDevices',
      'ResendConfirmationCode',
    ],
  },
  UserResourceUpdate: {
    requestsPerSecond: 25,
    isAdjustable: false,
    operations: [
      'AdminDeleteSoftwareToken',
      'AdminForgetDevice',
      'AdminSetUserMFAPreference',
      'AdminSetUserSettings',
      'AdminUpdateAuthEventFeedback',
      'AdminUpdateDeviceStatus',
      'AssociateSoftwareToken',
      'ConfirmDevice',
      'ForgetDevice',
      'SetUserMFAPreference',
      'SetUserSettings',
      'UpdateAuthEventFeedback',
      'UpdateDeviceStatus',
      'VerifySoftwareToken',
    ],
  },
  UserList: {
    requestsPerSecond: 30,
    isAdjustable: false,
    operations: ['ListUsers', 'ListUsersInGroup'],
  },
  UserPoolRead: {
    requestsPerSecond: 15,
    isAdjustable: false,
    operations: ['DescribeUserPool', 'ListUserPools'],
  },
  UserPoolUpdate: {
    requestsPerSecond: 15,
    isAdjustable: false,
    operations: ['CreateUserPool', 'DeleteUserPool', 'UpdateUserPool'],
  },
  UserPoolResourceRead: {
    requestsPerSecond: 20,
    isAdjustable: false,
    operationRequestsPerSecond: 5,
    operations: [
      'DescribeIdentityProvider',
      'DescribeManagedLoginBranding',
      'DescribeManagedLoginBrandingByClient',
      'DescribeResourceServer',
      'DescribeRiskConfiguration',
      'DescribeUserImportJob',
      'DescribeUserPoolDomain',
      'GetCSVHeader',
      'GetGroup',
      'GetIdentityProviderByIdentifier',
      'GetSigningCertificate',
      'GetUICustomization',
      'GetUserPoolMfaConfig',
      'ListGroups',
      'ListIdentityProviders',
      'ListResourceServers',
      'ListTagsForResource',
      'ListUserImportJobs',
    ],
  },
  UserPoolResourceUpdate: {
    requestsPerSecond: 15,
    isAdjustable: false,
    operationRequestsPerSecond: 5,
    operations: [
      'AddCustomAttributes',
      'CreateGroup',
      'CreateIdentityProvider',
      'CreateManagedLoginBranding',
      'CreateResourceServer',
      'CreateUserImportJob',
      'CreateUserPoolDomain',
      'DeleteGroup',
      'DeleteIdentityProvider',
      'DeleteManagedLoginBranding',
      'DeleteResourceServer',
      'DeleteUserPoolDomain',
      'SetRiskConfiguration',
      'SetUICustomization',
      'SetUserPoolMfaConfig',
      'StartUserImportJob',
      'StopUserImportJob',
      'TagResource',
      'UntagResource',
      'UpdateGroup',
      'UpdateIdentityProvider',
      'UpdateManagedLoginBranding',
      'UpdateResourceServer',
      'UpdateUserPoolDomain',
    ],
  },
  UserPoolClientRead: {
    requestsPerSecond: 15,
    isAdjustable: false,
    operationRequestsPerSecond: 5,
    operations: ['DescribeUserPoolClient', 'ListUserPoolClients'],
  },
  UserPoolClientUpdate: {
    requestsPerSecond: 15,
    isAdjustable: false,
    operationRequestsPerSecond: 5,
    operations: ['CreateUserPoolClient', 'DeleteUserPoolClient', 'UpdateUserPoolClient'],
  },
  ClientAuthentication: {
    requestsPerSecond: 150,
    isAdjustable: false,
    operations: ['GetClientToken'],
  },
  LimitManagement: {
    requestsPerSecond: 1,
    isAdjustable: false,
    operations: ['GetProvisionedLimit', 'UpdateProvisionedLimit'],
  },
} as const satisfies Readonly<Record<string, QuotaCategory>>

export type QuotaCategoryName = keyof typeof quotaCategories

/**
 * Operations that may be called this many times the quota of their category; what goes beyond counts toward the
 * category itself.
 */
export const challengeResponses = {
  operations: ['AdminRespondToAuthChallenge', 'RespondToAuthChallenge'],
  timesCategory: 3,
} as const

/** What Cognito's own sender sends for all user pools of an account, counted anew each day from this hour on, UTC. */
export const cognitoSenderQuota = { emailsPerDay: 50, dayBeginsAtUtcHour: 9 } as const

/**
 * @param challengeName of a response to a challenge
 * @returns the category that the operation draws on; `undefined` for one that AWS names in none, such as those of
 *   passkeys
 */
export function findQuotaCategory(
  operation: string,
  challengeName?: string,
): QuotaCategoryName | undefined {
  const isChallengeResponse = challengeResponses.operations.some((name) => name === operation)
  if (isChallengeResponse && challengeName === 'NEW_PASSWORD_REQUIRED') return 'UserAccountRecovery'
  return categoryOfOperation.get(operation)
}

const categoryOfOperation: ReadonlyMap<string, QuotaCategoryName> = new Map(
  quotaCategoryNames().flatMap((category) =>
    quotaCategories[category].operations.map((operation) => [operation, category] as const),
  ),
)

/** @returns the names of all categories, in AWS's order */
export function quotaCategoryNames(): readonly QuotaCategoryName[] {
  return Object.keys(quotaCategories).filter((name) => isQuotaCategory(name))
}

export function isQuotaCategory(name: string): name is QuotaCategoryName {
  return Object.hasOwn(quotaCategories, name)
}
