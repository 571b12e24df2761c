/**
 * InitiateAuth: begins a sign-in by SRP, or trades a refresh token for new tokens.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 */

import { CognitoError } from '../cognito-error.ts'
import { refreshSession, withoutChallenge } from '../sessions.ts'
import type { UserPoolSettings } from '../settings.ts'
import { createPasswordChallenge } from '../sign-in.ts'
import { assertClient } from '../users.ts'
import * as member from './members.ts'
import { defineOperation } from './operation.ts'

const authFlows = [
  'USER_SRP_AUTH',
  'USER_PASSWORD_AUTH',
  'REFRESH_TOKEN_AUTH',
  'REFRESH_TOKEN',
  'CUSTOM_AUTH',
  'USER_AUTH',
  'ADMIN_USER_PASSWORD_AUTH',
  'ADMIN_NO_SRP_AUTH',
] as const

export const initiateAuth = defineOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ClientId: member.clientId,
        AuthFlow: member.oneOf(authFlows),
        AuthParameters: member.optional(member.stringMap, {}),
      },
      body,
    ),
  run({ ClientId, AuthFlow, AuthParameters }, context) {
    const { settings } = context
    assertClient(ClientId, settings)
    switch (AuthFlow) {
      case 'USER_SRP_AUTH':
        if (!settings.explicitAuthFlows.has('ALLOW_USER_SRP_AUTH')) {
          throw invalidFlow('USER_SRP_AUTH is not enabled for the client.')
        }
        return createPasswordChallenge(
          {
            username: member.requireParameter(AuthParameters, 'USERNAME'),
            srpA: member.requireParameter(AuthParameters, 'SRP_A'),
            clientId: ClientId,
          },
          context,
        )
      case 'REFRESH_TOKEN_AUTH':
      case 'REFRESH_TOKEN':
        assertMayRefresh(settings)
        return withoutChallenge(
          refreshSession(
            {
              refreshToken: member.requireParameter(AuthParameters, 'REFRESH_TOKEN'),
              clientId: ClientId,
            },
            context,
          ),
        )
      case 'CUSTOM_AUTH':
        throw invalidFlow('Custom auth lambda trigger is not configured for the user pool.')
      case 'USER_PASSWORD_AUTH':
      case 'USER_AUTH':
        throw invalidFlow(`${AuthFlow} flow not enabled for this client`)
      case 'ADMIN_USER_PASSWORD_AUTH':
      case 'ADMIN_NO_SRP_AUTH':
        throw invalidFlow('Initiate Auth method not supported.')
      default:
        return AuthFlow satisfies never
    }
  },
})

function assertMayRefresh({ explicitAuthFlows, rotationGraceSeconds }: UserPoolSettings): void {
  if (rotationGraceSeconds !== undefined) {
    throw new CognitoError(
      'UnsupportedOperationException',
      'This API does not support refresh token rotation',
    )
  }
  if (!explicitAuthFlows.has('ALLOW_REFRESH_TOKEN_AUTH')) {
    throw invalidFlow('REFRESH_TOKEN_AUTH flow not enabled for this client')
  }
}

function invalidFlow(message: string): CognitoError {
  return new CognitoError('InvalidParameterException', message)
}
