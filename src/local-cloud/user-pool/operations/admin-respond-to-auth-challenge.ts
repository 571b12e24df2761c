/**
 * AdminRespondToAuthChallenge: responds to a challenge from a server with IAM credentials.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRespondToAuthChallenge.html
 */

import { prepareChallengeResponse } from '../sign-in/auth-challenges.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'
import { challengeResponseMembers } from './respond-to-auth-challenge.ts'

export const adminRespondToAuthChallenge = defineAdminOperation({
  parse: (body) => member.parseMembers(challengeResponseMembers, body),
  prepare: prepareChallengeResponse,
})
