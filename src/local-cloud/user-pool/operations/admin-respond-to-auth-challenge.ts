/**
 * AdminRespondToAuthChallenge: answers a challenge from the pool owner's own server.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html
 */

import { answerChallenge } from '../sign-in/challenges.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'
import { challengeAnswer } from './respond-to-auth-challenge.ts'

export const adminRespondToAuthChallenge = defineAdminOperation({
  parse: (body) => member.parseMembers(challengeAnswer, body),
  run: answerChallenge,
})
