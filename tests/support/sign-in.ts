/** Signing in over the wire, step by step: the proof is computed on OpenSSL, which is fast. */

import * as v from 'valibot'
import { createSrpClient } from '../bench/srp-client.ts'
import { ClientId, type Credentials, rider, UserPoolId } from './users.ts'
import type { Answer, CallablePool, JsonObject } from './wire.ts'

const passwordChallenge = v.object({
  ChallengeParameters: v.object({
    SALT: v.string(),
    SRP_B: v.string(),
    SECRET_BLOCK: v.string(),
    USER_ID_FOR_SRP: v.string(),
  }),
})

/** Sends one step of a sign-in; another door may call other operations, or add parameters. */
export type SignInDoor = (
  step: 'InitiateAuth' | 'RespondToAuthChallenge',
  body: JsonObject,
) => Promise<Answer>

/** @returns the answer to the proof, or the refusal before it */
export async function signInBySrp(
  pool: CallablePool,
  { username, password }: Credentials = rider,
  send: SignInDoor = (step, body) => pool.call(step, body),
): Promise<Answer> {
  const client = createSrpClient(UserPoolId.replace(/^.*?_/, ''))
  const begun = await send('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: username, SRP_A: client.srpA },
  })
  if (begun.status !== 200) return begun
  const { ChallengeParameters } = v.parse(passwordChallenge, begun.body)
  return send('RespondToAuthChallenge', {
    ClientId,
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeResponses: client.answer(ChallengeParameters, password),
  })
}

/** The password itself, for a client that may send it. */
export function signInByPassword(
  pool: CallablePool,
  { username, password }: Credentials = rider,
): Promise<Answer> {
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

/** Reads an answer that must be a challenge with a Session. */
export function requireChallenge({ body }: Answer): SessionChallenge {
  return v.parse(challenge, body)
}

/** Answers a challenge as the rider, unless the responses name another. */
export function answerChallenge(
  pool: CallablePool,
  { ChallengeName, Session }: Pick<SessionChallenge, 'ChallengeName' | 'Session'>,
  responses: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return pool.call('RespondToAuthChallenge', {
    ClientId,
    ChallengeName,
    Session,
    ChallengeResponses: { USERNAME: rider.username, ...responses },
  })
}
