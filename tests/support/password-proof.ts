import * as v from 'valibot'
import { createIdentityClient } from './identity-client.ts'
import { openDoor } from './pool-fetch.ts'
import type { TestPool } from './test-pool.ts'
import type { Credentials } from './users.ts'
import { contentType, targetPrefix } from './wire.ts'

const proof = v.object({
  ClientId: v.string(),
  ChallengeName: v.literal('PASSWORD_VERIFIER'),
  ChallengeResponses: v.object({
    USERNAME: v.string(),
    PASSWORD_CLAIM_SECRET_BLOCK: v.string(),
    PASSWORD_CLAIM_SIGNATURE: v.string(),
    TIMESTAMP: v.string(),
  }),
})

/** A body for RespondToAuthChallenge. */
export type PasswordProof = v.InferOutput<typeof proof>

/** Has the client library ask for a challenge and answer it, and keeps the answer instead of sending it. */
export async function prepareProof(
  pool: TestPool,
  credentials: Credentials,
): Promise<PasswordProof> {
  let held: unknown
  const endpoint = openDoor(async (request) => {
    const target = request.headers.get('x-amz-target')
    if (target !== `${targetPrefix}RespondToAuthChallenge`) return pool.respond(request)
    held = await request.json()
    return new Response('{"__type":"HeldBack"}', {
      status: 400,
      headers: { 'Content-Type': contentType },
    })
  })
  await createIdentityClient(endpoint)
    .signIn(credentials)
    .catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'HeldBack') throw error
    })
  return v.parse(proof, held)
}

/** The same proof with some of its responses exchanged. */
export function withResponses(
  body: PasswordProof,
  responses: Partial<PasswordProof['ChallengeResponses']>,
): PasswordProof {
  return { ...body, ChallengeResponses: { ...body.ChallengeResponses, ...responses } }
}
