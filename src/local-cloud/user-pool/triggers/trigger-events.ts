/**
 * The Lambda triggers of a user pool: their names, and the events that Cognito sends to their functions.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html
 */

export const triggerNames = [
  'PreSignUp',
  'PostConfirmation',
  'PreAuthentication',
  'PostAuthentication',
  'PreTokenGeneration',
  'CustomMessage',
  'UserMigration',
  'DefineAuthChallenge',
  'CreateAuthChallenge',
  'VerifyAuthChallengeResponse',
] as const
export type TriggerName = (typeof triggerNames)[number]

export type StringMap = Record<string, string>

/** An event as Cognito sends it. The function returns it with its response. */
export interface TriggerEvent<Source extends string, Request, Response> {
  version: string
  triggerSource: Source
  region: string
  userPoolId: string
  userName: string
  callerContext: { awsSdkVersion: string; clientId: string }
  request: Request
  response: Response
}

interface UserRequest {
  /** with `sub` and `cognito:user_status`, except before the user is created */
  userAttributes: StringMap
  /** ClientMetadata of the request */
  clientMetadata?: StringMap
}

/** One round of a sign-in by custom challenges. */
export interface ChallengeRound {
  challengeName: string
  challengeResult: boolean
  challengeMetadata?: string
}

interface ChallengeRequest extends UserRequest {
  /** there when PreventUserExistenceErrors is ENABLED */
  userNotFound?: boolean
}

export interface GroupConfiguration {
  groupsToOverride?: string[]
  iamRolesToOverride?: string[]
  preferredRole?: string | null
}

interface ClaimChanges {
  claimsToAddOrOverride?: Record<string, unknown> | null
  claimsToSuppress?: string[] | null
}

/** Each trigger's event. */
export interface TriggerEvents {
  PreSignUp: TriggerEvent<
    'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser',
    UserRequest & { validationData: StringMap | null },
    { autoConfirmUser: boolean; autoVerifyEmail: boolean; autoVerifyPhone: boolean }
  >
  PostConfirmation: TriggerEvent<
    'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword',
    UserRequest,
    Record<string, never>
  >
  PreAuthentication: TriggerEvent<
    'PreAuthentication_Authentication',
    ChallengeRequest & { validationData: StringMap | null },
    Record<string, never>
  >
  PostAuthentication: TriggerEvent<
    'PostAuthentication_Authentication',
    UserRequest & { newDeviceUsed: boolean },
    Record<string, never>
  >
  PreTokenGeneration: TriggerEvent<
    | 'TokenGeneration_Authentication'
    | 'TokenGeneration_NewPasswordChallenge'
    | 'TokenGeneration_RefreshTokens',
    UserRequest & { groupConfiguration: GroupConfiguration; scopes?: string[] },
    {
      /** of version 1 */
      claimsOverrideDetails?:
        | (ClaimChanges & { groupOverrideDetails?: GroupConfiguration | null })
        | null
      /** of versions 2 and 3 */
      claimsAndScopeOverrideDetails?: {
        idTokenGeneration?: ClaimChanges | null
        accessTokenGeneration?:
          | (ClaimChanges & { scopesToAdd?: string[] | null; scopesToSuppress?: string[] | null })
          | null
        groupOverrideDetails?: GroupConfiguration | null
      } | null
    }
  >
  CustomMessage: TriggerEvent<
    | 'CustomMessage_SignUp'
    | 'CustomMessage_AdminCreateUser'
    | 'CustomMessage_ResendCode'
    | 'CustomMessage_ForgotPassword'
    | 'CustomMessage_UpdateUserAttribute'
    | 'CustomMessage_VerifyUserAttribute'
    | 'CustomMessage_Authentication',
    UserRequest & {
      /** `{####}`, which stands for the code or temporary password */
      codeParameter: string
      /** `{username}`; only for CustomMessage_AdminCreateUser */
      usernameParameter: string | null
    },
    { smsMessage: string | null; emailMessage: string | null; emailSubject: string | null }
  >
  UserMigration: TriggerEvent<
    'UserMigration_Authentication' | 'UserMigration_ForgotPassword',
    { password?: string; validationData?: StringMap; clientMetadata?: StringMap },
    {
      userAttributes: StringMap | null
      finalUserStatus?: 'CONFIRMED' | 'RESET_REQUIRED' | null
      messageAction?: 'SUPPRESS' | 'RESEND' | null
      desiredDeliveryMediums?: ('EMAIL' | 'SMS')[] | null
      forceAliasCreation?: boolean | null
      enableSMSMFA?: boolean | null
    }
  >
  DefineAuthChallenge: TriggerEvent<
    'DefineAuthChallenge_Authentication',
    ChallengeRequest & { session: ChallengeRound[] },
    {
      challengeName: string | null
      issueTokens: boolean | null
      failAuthentication: boolean | null
    }
  >
  CreateAuthChallenge: TriggerEvent<
    'CreateAuthChallenge_Authentication',
    ChallengeRequest & { challengeName: string; session: ChallengeRound[] },
    {
      publicChallengeParameters: StringMap | null
      privateChallengeParameters: StringMap | null
      challengeMetadata: string | null
    }
  >
  VerifyAuthChallengeResponse: TriggerEvent<
    'VerifyAuthChallengeResponse_Authentication',
    ChallengeRequest & { privateChallengeParameters: StringMap; challengeAnswer: string },
    { answerCorrect: boolean | null }
  >
}

/** What Lambda tells a function about its call. */
export interface LambdaContext {
  callbackWaitsForEmptyEventLoop: boolean
  functionName: string
  functionVersion: string
  invokedFunctionArn: string
  memoryLimitInMB: string
  awsRequestId: string
  logGroupName: string
  logStreamName: string
  getRemainingTimeInMillis(): number
  done(error?: Error | string | null, result?: unknown): void
  fail(error: Error | string): void
  succeed(result: unknown): void
}

export type LambdaCallback = (error?: Error | string | null, result?: unknown) => void

/**
 * A function of Lambda: it returns a promise of the event, or calls back with it. What a function returns that is not
 * a promise is ignored, as on AWS.
 */
export type TriggerHandler<Event> = (
  event: Event,
  context: LambdaContext,
  callback: LambdaCallback,
) => unknown

/** The functions of a pool, by the name of their trigger. */
export type TriggerHandlers = {
  readonly [Name in TriggerName]?: TriggerHandler<TriggerEvents[Name]> | undefined
}
