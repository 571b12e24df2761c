/** The auth flows of InitiateAuth and AdminInitiateAuth. */

import { assertClientId, assertSecretHashParameter } from '../client-authentication.ts'
import { CognitoError, CommittedError } from '../cognito-error.ts'
import type { OperationContext, Reply } from '../context.ts'
import { refreshSession, withEmptyChallengeParameters } from '../sessions.ts'
import type { ExplicitAuthFlow, UserPoolSettings } from '../settings.ts'
import type { User } from '../store/store.ts'
import { askPreAuthentication } from '../triggers/sign-in-triggers.ts'
import { migrateUser } from '../triggers/user-migration.ts'
import { findAccountStatusError } from './account-status.ts'
import { continueSignIn } from './continue-sign-in.ts'
import { customAuthNotConfiguredError, startCustomAuth } from './custom-auth.ts'
import { requireParameter } from './parameters.ts'
import { createPasswordChallenge, verifyPassword } from './password-verifier.ts'
import { signInAfterSignUp, startUserAuth } from './user-auth.ts'

export const authFlows = [
  'USER_SRP_AUTH',
  'USER_PASSWORD_AUTH',
  'REFRESH_TOKEN_AUTH',
  'REFRESH_TOKEN',
  'CUSTOM_AUTH',
  'USER_AUTH',
  'ADMIN_USER_PASSWORD_AUTH',
  'ADMIN_NO_SRP_AUTH',
] as const

export interface InitiateAuthRequest {
  readonly ClientId: string
  readonly AuthFlow: (typeof authFlows)[number]
  readonly AuthParameters: Readonly<Record<string, string>>
  /** of ConfirmSignUp, for USER_AUTH */
  readonly Session?: string | undefined
}

/**
 * InitiateAuth and AdminInitiateAuth.
 *
 * @param caller whether an IAM caller (AdminInitiateAuth) or a public client (InitiateAuth) asks
 * @throws {CognitoError}
 */
export function startAuthFlow(
  request: InitiateAuthRequest,
  caller: 'public' | 'iam',
  context: OperationContext,
): Reply {
  const { ClientId, AuthFlow, AuthParameters } = request
  const { settings } = context
  assertClientId(ClientId, context)
  switch (AuthFlow) {
    case 'USER_SRP_AUTH': {
      assertFlow(settings, 'ALLOW_USER_SRP_AUTH', 'USER_SRP_AUTH is not enabled for the client.')
      const username = requireUsername(request, context)
      const srpA = requireParameter(AuthParameters, 'SRP_A')
      askPreAuthentication(username, context)
      return createPasswordChallenge(
        { username, srpA, clientId: ClientId, choiceBased: false },
        context,
      )
    }
    case 'USER_PASSWORD_AUTH':
      if (caller === 'iam') throw invalidFlowError('Initiate Auth method not supported.')
      assertFlow(
        settings,
        'ALLOW_USER_PASSWORD_AUTH',
        'USER_PASSWORD_AUTH flow not enabled for this client',
      )
      return signInWithPassword(request, context)
    case 'ADMIN_USER_PASSWORD_AUTH':
    case 'ADMIN_NO_SRP_AUTH':
      if (caller === 'public') throw invalidFlowError('Initiate Auth method not supported.')
      assertFlow(
        settings,
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'Auth flow not enabled for this client',
      )
      return signInWithPassword(request, context)
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      return refresh(request, context)
    case 'CUSTOM_AUTH': {
      assertCustomAuth(context)
      const username = requireUsername(request, context)
      return startCustomAuth({ username, clientId: ClientId, parameters: AuthParameters }, context)
    }
    case 'USER_AUTH': {
      assertFlow(settings, 'ALLOW_USER_AUTH', 'USER_AUTH flow not enabled for this client')
      const username = requireUsername(request, context)
      const userAuth = { username, clientId: ClientId, parameters: AuthParameters }
      if (request.Session !== undefined) {
        return signInAfterSignUp(userAuth, request.Session, context)
      }
      askPreAuthentication(username, context)
      return startUserAuth(userAuth, context)
    }
    default:
      return AuthFlow satisfies never
  }
}

function signInWithPassword(request: InitiateAuthRequest, context: OperationContext): Reply {
  const username = requireUsername(request, context)
  const password = requireParameter(request.AuthParameters, 'PASSWORD')
  const migrated = migrateUser(username, password, context)
  if (migrated) return signInMigrated({ user: migrated, clientId: request.ClientId }, context)
  askPreAuthentication(username, context)
  const user = verifyPassword({ username, password, choiceBased: false }, context)
  if (user instanceof CommittedError) return user
  return continueSignIn({ user, clientId: request.ClientId }, context)
}

/** The function has verified the password. Whatever comes of the sign-in, the user is here now. */
function signInMigrated(
  signIn: { user: User; clientId: string },
  context: OperationContext,
): Reply {
  const statusError = findAccountStatusError(signIn.user, context)
  return statusError ? new CommittedError(statusError) : continueSignIn(signIn, context)
}

function refresh(
  { ClientId, AuthParameters }: InitiateAuthRequest,
  context: OperationContext,
): Reply {
  const { settings } = context
  if (settings.rotationGraceSeconds !== undefined) {
    throw new CognitoError(
      'UnsupportedOperationException',
      'This API does not support refresh token rotation',
    )
  }
  assertFlow(
    settings,
    'ALLOW_REFRESH_TOKEN_AUTH',
    'REFRESH_TOKEN_AUTH flow not enabled for this client',
  )
  const refreshToken = requireParameter(AuthParameters, 'REFRESH_TOKEN')
  const authenticateClient = ({ username }: { username: string }) => {
    const wrong = `SecretHash does not match for the client: ${ClientId}`
    assertSecretHashParameter({ clientId: ClientId, username }, AuthParameters, context, wrong)
  }
  return withEmptyChallengeParameters(
    refreshSession({ refreshToken, clientId: ClientId, authenticateClient }, context),
  )
}

/**
 * @returns USERNAME as sent
 * @throws {CognitoError} when it is missing, or SECRET_HASH does not match it
 */
function requireUsername(
  { ClientId, AuthParameters }: InitiateAuthRequest,
  context: OperationContext,
): string {
  const username = requireParameter(AuthParameters, 'USERNAME')
  assertSecretHashParameter({ clientId: ClientId, username }, AuthParameters, context)
  return username
}

function assertFlow(
  { explicitAuthFlows }: UserPoolSettings,
  flow: ExplicitAuthFlow,
  message: string,
): void {
  if (!explicitAuthFlows.has(flow)) throw invalidFlowError(message)
}

/** Which of the two is told first, AWS publishes nowhere; a pool without the triggers has no such flow. */
function assertCustomAuth({ triggers, settings }: OperationContext): void {
  if (!triggers.has('DefineAuthChallenge')) throw customAuthNotConfiguredError()
  assertFlow(settings, 'ALLOW_CUSTOM_AUTH', 'CUSTOM_AUTH is not enabled for the client.')
}

function invalidFlowError(message: string): CognitoError {
  return new CognitoError('InvalidParameterException', message)
}
