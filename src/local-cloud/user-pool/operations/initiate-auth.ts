/**
 * InitiateAuth: begins a sign-in, or trades a refresh token for new tokens.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html
 */

import { authFlows, beginSignIn } from '../sign-in/flows.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

/** The members that AdminInitiateAuth has too. */
export const signInStart = {
  ClientId: member.clientId,
  AuthFlow: member.oneOf(authFlows),
  AuthParameters: member.optional(member.stringMap, {}),
}

export const initiateAuth = defineOperation({
  parse: (body) => member.parseMembers(signInStart, body),
  run: (start, context) => beginSignIn(start, 'anyone', context),
})
