/** Choice-based sign-in over the wire, the flow USER_AUTH. */

import * as v from 'valibot'
import type { UserPoolSettings } from '../../src/local-cloud/user-pool/settings.ts'
import { createSrpClient } from '../bench/srp-client.ts'
import type { ApiResponse, CallablePool } from './cognito-api.ts'
import { ClientId, rider, UserPoolId } from './users.ts'

/** A pool that lets riders in by password and by a code sent by email. */
export const withEmailCodes = {
  explicitAuthFlows: new Set(['ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] as const),
  firstAuthFactors: new Set(['PASSWORD', 'EMAIL_OTP'] as const),
} satisfies Partial<UserPoolSettings>

/** The same pool with MFA by authenticator app and by email. */
export const withEmailMfa = {
  ...withEmailCodes,
  mfaConfiguration: 'OPTIONAL',
  mfaFactors: new Set(['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const),
} satisfies Partial<UserPoolSettings>

/** InitiateAuth with USER_AUTH, as the rider unless the parameters name another user. */
export function initiateUserAuth(
  pool: CallablePool,
  parameters: Readonly<Record<string, string>> = {},
  members: { readonly Session?: string } = {},
): Promise<ApiResponse> {
  return pool.call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_AUTH',
    AuthParameters: { USERNAME: rider.username, ...parameters },
    ...members,
  })
}

const challenge = v.strictObject({
  ChallengeName: v.string(),
  Session: v.string(),
  ChallengeParameters: v.record(v.string(), v.string()),
  AvailableChallenges: v.optional(v.array(v.string())),
})
export type UserAuthChallenge = v.InferOutput<typeof challenge>

/** Parses a response that must be a challenge with a Session. */
export function requireUserAuthChallenge({ body }: ApiResponse): UserAuthChallenge {
  return v.parse(challenge, body)
}

const session = v.object({ Session: v.string() })

/** The Session in a response of any operation. */
export function requireSession(body: unknown): string {
  return v.parse(session, body).Session
}

const passwordVerifier = v.object({
  Session: v.string(),
  ChallengeParameters: v.object({
    SALT: v.string(),
    SRP_B: v.string(),
    SECRET_BLOCK: v.string(),
    USER_ID_FOR_SRP: v.string(),
  }),
})

/** A client that proves a password: gives SRP_A, and responds to PASSWORD_VERIFIER. */
export function createSrpProof(password: string = rider.password) {
  const client = createSrpClient(UserPoolId.replace(/^.*?_/, ''))
  return {
    SRP_A: client.srpA,
    /** @returns the body for RespondToAuthChallenge */
    toVerifierBody({ body }: ApiResponse) {
      const { Session, ChallengeParameters } = v.parse(passwordVerifier, body)
      return {
        ClientId,
        ChallengeName: 'PASSWORD_VERIFIER',
        Session,
        ChallengeResponses: client.answer(ChallengeParameters, password),
      }
    },
  }
}
