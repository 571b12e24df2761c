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

/**
 * An event as Cognito sends it. The function returns it with its response, whose type says what it may become: until then
 * its members are `null`, or false.
 */
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
export type ChallengeRound =
  | { challengeName: 'SRP_A' | 'PASSWORD_VERIFIER'; challengeResult: boolean }
  | { challengeName: 'CUSTOM_CHALLENGE'; challengeResult: boolean; challengeMetadata?: string }

interface ChallengeRequest extends UserRequest {
  /** there when PreventUserExistenceErrors is ENABLED */
  userNotFound?: boolean
}

export interface GroupConfiguration {
  groupsToOverride?: string[] | undefined
  iamRolesToOverride?: string[] | undefined
  preferredRole?: string | null | undefined
}

interface ClaimChanges {
  claimsToAddOrOverride?: Record<string, unknown> | null | undefined
  claimsToSuppress?: string[] | null | undefined
}

/** Each trigger's event. */
export interface TriggerEvents {
  PreSignUp: TriggerEvent<
    'PreSignUp_SignUp' | 'PreSignUp_AdminCreateUser',
    /** ValidationData of the request; `null` where it has none */
    UserRequest & { validationData?: StringMap },
    { autoConfirmUser: boolean; autoVerifyEmail: boolean; autoVerifyPhone: boolean }
  >
  PostConfirmation: TriggerEvent<
    'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword',
    UserRequest,
    Record<string, never>
  >
  PreAuthentication: TriggerEvent<
    'PreAuthentication_Authentication',
    /** ClientMetadata of the request; `null` where it has none */
    ChallengeRequest & { validationData?: StringMap },
    Record<string, never>
  >
  PostAuthentication: TriggerEvent<
    'PostAuthentication_Authentication',
    UserRequest & { newDeviceUsed: boolean },
    Record<string, never>
  >
  PreTokenGeneration: TriggerEvent<
    /** the hosted UI and remembered devices, whose sources are the last two, are not here */
    | 'TokenGeneration_Authentication'
    | 'TokenGeneration_NewPasswordChallenge'
    | 'TokenGeneration_RefreshTokens'
    | 'TokenGeneration_HostedAuth'
    | 'TokenGeneration_AuthenticateDevice',
    /** `scopes` in versions 2 and 3 */
    UserRequest & { groupConfiguration: GroupConfiguration; scopes?: string[] | undefined },
    {
      /** of version 1 */
      claimsOverrideDetails?:
        | (ClaimChanges & { groupOverrideDetails?: GroupConfiguration | null | undefined })
        | null
      /** of versions 2 and 3 */
      claimsAndScopeOverrideDetails?: {
        idTokenGeneration?: ClaimChanges | null | undefined
        accessTokenGeneration?:
          | (ClaimChanges & {
              scopesToAdd?: string[] | null | undefined
              scopesToSuppress?: string[] | null | undefined
            })
          | null
          | undefined
        groupOverrideDetails?: GroupConfiguration | null | undefined
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
      /** `{##Click Here##}`, which stands for a link in a pool that confirms by one */
      linkParameter: string
      /** `{username}`; only for CustomMessage_AdminCreateUser */
      usernameParameter: string | null
    },
    { smsMessage: string | null; emailMessage: string | null; emailSubject: string | null }
  >
  UserMigration: TriggerEvent<
    'UserMigration_Authentication' | 'UserMigration_ForgotPassword',
    /** `password` only for UserMigration_Authentication */
    { password: string; validationData?: StringMap; clientMetadata?: StringMap },
    {
      userAttributes: StringMap
      finalUserStatus?: 'CONFIRMED' | 'RESET_REQUIRED'
      messageAction?: 'SUPPRESS' | 'RESEND'
      desiredDeliveryMediums: ('EMAIL' | 'SMS')[]
      forceAliasCreation?: boolean
      enableSMSMFA?: boolean
    }
  >
  DefineAuthChallenge: TriggerEvent<
    'DefineAuthChallenge_Authentication',
    ChallengeRequest & { session: ChallengeRound[] },
    { challengeName: string; issueTokens: boolean; failAuthentication: boolean }
  >
  CreateAuthChallenge: TriggerEvent<
    'CreateAuthChallenge_Authentication',
    ChallengeRequest & { challengeName: string; session: ChallengeRound[] },
    {
      publicChallengeParameters: StringMap
      privateChallengeParameters: StringMap
      challengeMetadata: string
    }
  >
  VerifyAuthChallengeResponse: TriggerEvent<
    'VerifyAuthChallengeResponse_Authentication',
    ChallengeRequest & { privateChallengeParameters: StringMap; challengeAnswer: string },
    { answerCorrect: boolean }
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

interface Handler<Event> {
  // A method, whose parameters may be of a narrower type: functions typed with @types/aws-lambda fit.
  handle(event: Event, context: LambdaContext, callback: LambdaCallback): unknown
}

/**
 * A function of Lambda: it returns a promise of the event, or calls back with it. What a function returns that is not
 * a promise is ignored, as on AWS.
 */
export type TriggerHandler<Event> = Handler<Event>['handle']

/** The functions of a pool, by the name of their trigger. */
export type TriggerHandlers = {
  readonly [Name in TriggerName]?: TriggerHandler<TriggerEvents[Name]> | undefined
}
