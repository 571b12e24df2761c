/**
 * USER_SRP_AUTH: InitiateAuth and the response to its PASSWORD_VERIFIER challenge. The challenge can be requested
 * before the password is there.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-authentication-flow.html
 */

import { toJsonObject } from '../../lib/json.ts'
import { callAsClient, type ResponseBody, requirePoolConfig } from '../api-client.ts'
import { AuthError } from '../auth-error.ts'
import { serviceNowMs } from '../clock-skew.ts'
import { createSrpClient, type SrpChallenge, type SrpClient, toTimestamp } from './srp-client.ts'

export interface SrpAuth {
  /** Makes the client's SRP values, which need neither user name nor password. */
  prepare(): void
  /** Requests this user's challenge, so that only the proof is left to do. */
  prefetchChallenge(user: { username: string }): void
  /**
   * Proves the password. Uses the prefetched challenge if it is this user's and still valid, else requests one.
   *
   * @returns the response to the proof (tokens or a further challenge), and the user name as the pool has it
   */
  provePassword(credentials: {
    username: string
    password: string
  }): Promise<{ response: ResponseBody; username: string }>
}

interface ChallengeRequest {
  readonly username: string
  readonly requestedAtMs: number
  readonly srp: SrpClient
  readonly response: Promise<ResponseBody>
  hasFailed: boolean
}

/** milliseconds for which a challenge is used: pools let it live for three minutes or more */
const challengeLifetimeMs = 150_000

export function createSrpAuth(): SrpAuth {
  let prepared: SrpClient | undefined
  let prefetched: ChallengeRequest | undefined

  function requestChallenge(username: string): ChallengeRequest {
    const srp = prepared ?? createSrpClient(requirePoolConfig().userPoolId)
    prepared = undefined
    const response = callAsClient('InitiateAuth', {
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: username, SRP_A: srp.srpA },
    })
    const request: ChallengeRequest = {
      username,
      requestedAtMs: Date.now(),
      srp,
      response,
      hasFailed: false,
    }
    response.catch(() => {
      request.hasFailed = true
    })
    return request
  }

  async function respond({ srp, response }: ChallengeRequest, password: string) {
    const { ChallengeParameters, Session } = requirePasswordVerifier(await response)
    const challenge = parseChallenge(ChallengeParameters)
    const timestamp = toTimestamp(serviceNowMs())
    return {
      username: challenge.userIdForSrp,
      response: await callAsClient('RespondToAuthChallenge', {
        ChallengeName: 'PASSWORD_VERIFIER',
        ChallengeResponses: {
          USERNAME: challenge.userIdForSrp,
          PASSWORD_CLAIM_SECRET_BLOCK: challenge.secretBlock,
          TIMESTAMP: timestamp,
          PASSWORD_CLAIM_SIGNATURE: srp.sign(challenge, { password, timestamp }),
        },
        Session,
      }),
    }
  }

  return {
    prepare() {
      // A prefetched challenge has its values already.
      if (!prefetched) prepared ??= createSrpClient(requirePoolConfig().userPoolId)
    },
    prefetchChallenge({ username }) {
      prefetched = requestChallenge(username)
    },
    async provePassword({ username, password }) {
      const request = prefetched
      prefetched = undefined
      if (request?.username !== username || !isUsable(request)) {
        return respond(requestChallenge(username), password)
      }
      try {
        return await respond(request, password)
      } catch (error) {
        // The challenge expired earlier than expected.
        if (!(error instanceof AuthError && error.code === 'session-ended')) throw error
        return respond(requestChallenge(username), password)
      }
    },
  }
}

function isUsable({ requestedAtMs, hasFailed }: ChallengeRequest): boolean {
  return !hasFailed && Math.abs(Date.now() - requestedAtMs) < challengeLifetimeMs
}

/** @throws {AuthError} `unsupported-challenge`, or `service-unavailable` for a response without a challenge */
function requirePasswordVerifier(response: ResponseBody): ResponseBody {
  const { ChallengeName } = response
  if (ChallengeName === 'PASSWORD_VERIFIER') return response
  throw new AuthError(
    ChallengeName === undefined ? 'service-unavailable' : 'unsupported-challenge',
    `this site cannot respond to the challenge ${String(ChallengeName)}`,
  )
}

/** @throws {AuthError} `service-unavailable` for parameters of another shape */
function parseChallenge(parameters: unknown): SrpChallenge {
  const { USER_ID_FOR_SRP, SALT, SRP_B, SECRET_BLOCK } = toJsonObject(parameters) ?? {}
  if (
    typeof USER_ID_FOR_SRP !== 'string' ||
    typeof SALT !== 'string' ||
    typeof SRP_B !== 'string' ||
    typeof SECRET_BLOCK !== 'string'
  ) {
    throw new AuthError(
      'service-unavailable',
      'expected ChallengeParameters, got a response without them',
    )
  }
  return { userIdForSrp: USER_ID_FOR_SRP, salt: SALT, srpB: SRP_B, secretBlock: SECRET_BLOCK }
}
