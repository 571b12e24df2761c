/**
 * RespondToAuthChallenge: judges the answer to a challenge, and gives the next one or tokens.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
 */

import { answerChallenge, challengeNames } from '../sign-in/challenges.ts'
import { defineOperation } from './operation.ts'
import * as member from './request-schema.ts'

/** The members that AdminRespondToAuthChallenge has too. */
export const challengeAnswer = {
  ClientId: member.clientId,
  ChallengeName: member.oneOf(challengeNames),
  ChallengeResponses: member.optional(member.stringMap, {}),
  Session: member.optional(member.session),
}

export const respondToAuthChallenge = defineOperation({
  parse: (body) => member.parseMembers(challengeAnswer, body),
  run: answerChallenge,
})
