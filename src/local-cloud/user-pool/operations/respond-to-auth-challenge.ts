/**
 * RespondToAuthChallenge: takes the response to a challenge; returns the next challenge, or tokens.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
 */

import { challengeNames, prepareChallengeResponse } from '../sign-in/auth-challenges.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

/** The members that RespondToAuthChallenge and AdminRespondToAuthChallenge share. */
export const challengeResponseMembers = {
  ClientId: member.clientId,
  ChallengeName: member.oneOf(challengeNames),
  ChallengeResponses: member.optional(member.stringMap, {}),
  Session: member.optional(member.session),
}

export const respondToAuthChallenge = defineOperation({
  parse: (body) => member.parseMembers(challengeResponseMembers, body),
  prepare: prepareChallengeResponse,
})
