/**
 * RespondToAuthChallenge: judges the password proof and, if it holds, signs the user in.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
 */

import { CognitoError } from '../cognito-error.ts'
import { startSession, withoutChallenge } from '../sessions.ts'
import { judgePasswordProof } from '../sign-in.ts'
import { assertClient } from '../users.ts'
import * as member from './members.ts'
import { defineOperation } from './operation.ts'

/** The challenges this pool gives; any other is refused as one it does not have. */
const challengeNames = ['PASSWORD_VERIFIER'] as const

export const respondToAuthChallenge = defineOperation({
  parse: (body) => {
    const { ClientId, ChallengeResponses } = member.parseMembers(
      {
        ClientId: member.clientId,
        ChallengeName: member.oneOf(challengeNames),
        ChallengeResponses: member.optional(member.stringMap, {}),
      },
      body,
    )
    return {
      username: member.requireParameter(ChallengeResponses, 'USERNAME'),
      clientId: ClientId,
      secretBlock: member.requireParameter(ChallengeResponses, 'PASSWORD_CLAIM_SECRET_BLOCK'),
      signature: member.requireParameter(ChallengeResponses, 'PASSWORD_CLAIM_SIGNATURE'),
      timestamp: member.requireParameter(ChallengeResponses, 'TIMESTAMP'),
    }
  },
  run(proof, context) {
    assertClient(proof.clientId, context.settings)
    const judged = judgePasswordProof(proof, context)
    if (judged instanceof CognitoError) return judged
    return withoutChallenge(startSession({ user: judged, clientId: proof.clientId }, context))
  },
})
