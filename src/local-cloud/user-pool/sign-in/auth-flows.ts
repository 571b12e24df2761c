/** How a sign-in begins: the flows of InitiateAuth and AdminInitiateAuth. */

import { assertClientId, assertSignInHash } from '../clients.ts'
import { CognitoError } from '../cognito-error.ts'
import type { OperationContext, Reply } from '../operations/operation.ts'
import { requireParameter } from '../operations/request-schema.ts'
import { refreshSession, withoutChallenge } from '../sessions.ts'
import type { ExplicitAuthFlow, UserPoolSettings } from '../settings.ts'
import { continueSignIn } from './challenges.ts'
import { createPasswordChallenge, judgePassword } from './password-verifier.ts'

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

export interface SignInStart {
  readonly ClientId: string
  readonly AuthFlow: (typeof authFlows)[number]
  readonly AuthParameters: Readonly<Record<string, string>>
}

/**
 * @param caller the operation's kind: anyone's, or the pool owner's
 * @throws {CognitoError}
 */
export function beginSignIn(
  start: SignInStart,
  caller: 'anyone' | 'owner',
  context: OperationContext,
): Reply {
  const { ClientId, AuthFlow, AuthParameters } = start
  const { settings } = context
  assertClientId(ClientId, context)
  switch (AuthFlow) {
    case 'USER_SRP_AUTH': {
      assertFlow(settings, 'ALLOW_USER_SRP_AUTH', 'USER_SRP_AUTH is not enabled for the client.')
      const username = requireUsername(start, context)
      const srpA = requireParameter(AuthParameters, 'SRP_A')
      return createPasswordChallenge({ username, srpA, clientId: ClientId }, context)
    }
    case 'USER_PASSWORD_AUTH':
      if (caller === 'owner') throw invalidFlow('Initiate Auth method not supported.')
      assertFlow(
        settings,
        'ALLOW_USER_PASSWORD_AUTH',
        'USER_PASSWORD_AUTH flow not enabled for this client',
      )
      return signInByPassword(start, context)
    case 'ADMIN_USER_PASSWORD_AUTH':
    case 'ADMIN_NO_SRP_AUTH':
      if (caller === 'anyone') throw invalidFlow('Initiate Auth method not supported.')
      assertFlow(
        settings,
        'ALLOW_ADMIN_USER_PASSWORD_AUTH',
        'Auth flow not enabled for this client',
      )
      return signInByPassword(start, context)
    case 'REFRESH_TOKEN_AUTH':
    case 'REFRESH_TOKEN':
      return refresh(start, context)
    case 'CUSTOM_AUTH':
      throw invalidFlow('Custom auth lambda trigger is not configured for the user pool.')
    case 'USER_AUTH':
      throw invalidFlow('USER_AUTH flow not enabled for this client')
    default:
      return AuthFlow satisfies never
  }
}

function signInByPassword(start: SignInStart, context: OperationContext): Reply {
  const username = requireUsername(start, context)
  const password = requireParameter(start.AuthParameters, 'PASSWORD')
  const judged = judgePassword({ username, password }, context)
  if (judged instanceof CognitoError) return judged
  return continueSignIn({ user: judged, clientId: start.ClientId }, context)
}

function refresh({ ClientId, AuthParameters }: SignInStart, context: OperationContext): Reply {
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
  const assertCaller = ({ username }: { username: string }) => {
    const wrong = `SecretHash does not match for the client: ${ClientId}`
    assertSignInHash({ clientId: ClientId, username }, AuthParameters, context, wrong)
  }
  return withoutChallenge(
    refreshSession({ refreshToken, clientId: ClientId, assertCaller }, context),
  )
}

/** The user name as sent, which the client's secret, if there is one, must vouch for. */
function requireUsername(
  { ClientId, AuthParameters }: SignInStart,
  context: OperationContext,
): string {
  const username = requireParameter(AuthParameters, 'USERNAME')
  assertSignInHash({ clientId: ClientId, username }, AuthParameters, context)
  return username
}

function assertFlow(
  { explicitAuthFlows }: UserPoolSettings,
  flow: ExplicitAuthFlow,
  refusal: string,
): void {
  if (!explicitAuthFlows.has(flow)) throw invalidFlow(refusal)
}

function invalidFlow(message: string): CognitoError {
  return new CognitoError('InvalidParameterException', message)
}
