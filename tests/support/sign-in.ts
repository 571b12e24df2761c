/** Signing in over the wire, step by step: the proof is computed on OpenSSL, which is fast. */

import * as v from 'valibot'
import { createSrpClient } from '../bench/srp-client.ts'
import type { ApiResponse, CallablePool, JsonObject } from './cognito-api.ts'
import { ClientId, type Credentials, rider, UserPoolId } from './users.ts'

const passwordChallenge = v.object({
  ChallengeParameters: v.object({
    SALT: v.string(),
    SRP_B: v.string(),
    SECRET_BLOCK: v.string(),
    USER_ID_FOR_SRP: v.string(),
  }),
})

/** Sends one step of a sign-in: to other operations than these, or with more parameters. */
export type SendSignInStep = (
  step: 'InitiateAuth' | 'RespondToAuthChallenge',
  body: JsonObject,
) => Promise<ApiResponse>

type SrpClient = ReturnType<typeof createSrpClient>

const createClient = (): SrpClient => createSrpClient(UserPoolId.replace(/^.*?_/, ''))

const toInitiateBody = ({ srpA }: SrpClient, username: string) => ({
  ClientId,
  AuthFlow: 'USER_SRP_AUTH',
  AuthParameters: { USERNAME: username, SRP_A: srpA },
})

function toVerifierBody(client: SrpClient, { body }: ApiResponse, password: string) {
  const { ChallengeParameters } = v.parse(passwordChallenge, body)
  return {
    ClientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeResponses: client.answer(ChallengeParameters, password),
  }
}

/** A body for RespondToAuthChallenge. */
export type PasswordVerifierBody = ReturnType<typeof toVerifierBody>

/** @returns the response to the proof, or the error before it */
export async function signInBySrp(
  pool: CallablePool,
  { username, password }: Credentials = rider,
  send: SendSignInStep = (step, body) => pool.call(step, body),
): Promise<ApiResponse> {
  const client = createClient()
  const begun = await send('InitiateAuth', toInitiateBody(client, username))
  if (begun.status !== 200) return begun
  return send('RespondToAuthChallenge', toVerifierBody(client, begun, password))
}

/** Asks for a challenge and prepares the response to it, which the caller may alter and send. */
export async function preparePasswordVerifier(
  pool: CallablePool,
  { username, password }: Credentials = rider,
): Promise<PasswordVerifierBody> {
  const client = createClient()
  const begun = await pool.call('InitiateAuth', toInitiateBody(client, username))
  return toVerifierBody(client, begun, password)
}

/** The same body with some of its responses exchanged. */
export function withResponses(
  body: PasswordVerifierBody,
  responses: Partial<PasswordVerifierBody['ChallengeResponses']>,
): PasswordVerifierBody {
  return { ...body, ChallengeResponses: { ...body.ChallengeResponses, ...responses } }
}

/** Signs in by USER_PASSWORD_AUTH. */
export function signInByPassword(
  pool: CallablePool,
  { username, password }: Credentials = rider,
): Promise<ApiResponse> {
  return pool.call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: username, PASSWORD: password },
  })
}

const challenge = v.strictObject({
  ChallengeName: v.string(),
  Session: v.string(),
  ChallengeParameters: v.record(v.string(), v.string()),
})
export type SessionChallenge = v.InferOutput<typeof challenge>

/** Parses a response that must be a challenge with a Session. */
export function requireChallenge({ body }: ApiResponse): SessionChallenge {
  return v.parse(challenge, body)
}

/** Responds to a challenge as the rider, unless the responses name another user. */
export function answerChallenge(
  pool: CallablePool,
  { ChallengeName, Session }: Pick<SessionChallenge, 'ChallengeName' | 'Session'>,
  responses: Readonly<Record<string, string>> = {},
): Promise<ApiResponse> {
  return pool.call('RespondToAuthChallenge', {
    ClientId,
    ChallengeName,
    Session,
    ChallengeResponses: { USERNAME: rider.username, ...responses },
  })
}
