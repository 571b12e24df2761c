/**
 * InitiateAuth: starts a sign-in, or gets new tokens for a refresh token.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 */

import { authFlows, startAuthFlow } from '../sign-in/auth-flows.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

/** The members that InitiateAuth and AdminInitiateAuth share. */
export const initiateAuthMembers = {
  ClientId: member.clientId,
  AuthFlow: member.oneOf(authFlows),
  AuthParameters: member.optional(member.stringMap, {}),
  Session: member.optional(member.session),
}

export const initiateAuth = defineOperation({
  parse: (body) => member.parseMembers(initiateAuthMembers, body),
  run: (request, context) => startAuthFlow(request, 'public', context),
})
