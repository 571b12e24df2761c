/** InitiateAuth and the answer to its challenge, as far ahead of the password as can be. */

import { findMembers } from '../../lib/json.ts'
import type { Answer } from '../api-client.ts'
import { AuthError } from '../auth-error.ts'
import { serviceNowMs } from '../clock-skew.ts'
import type { UserPool } from '../user-pool.ts'
import { createSrpClient, type SrpChallenge, type SrpClient, toTimestamp } from './srp-client.ts'

export interface PasswordProof {
  /** Does the arithmetic of the next proof that needs neither name nor password. */
  prepare(): void
  /** Asks for this user's challenge already, so that only the proof is left to do. */
  askAhead(user: { username: string }): void
  /**
   * Proves the password. A challenge asked for ahead is answered if it is this user's and can still be; else
   * another one is asked for.
   *
   * @returns the service's answer to the proof, tokens or a further challenge, and the user name as the pool
   *   has it
   */
  prove(credentials: {
    username: string
    password: string
  }): Promise<{ answer: Answer; username: string }>
}

interface Asked {
  readonly username: string
  readonly askedAtMs: number
  readonly srp: SrpClient
  readonly answer: Promise<Answer>
  isRefused: boolean
}

/** milliseconds in which a challenge is answered: pools let it live for three minutes or more */
const challengeLifeMs = 150_000

export function createPasswordProof({ settings, clientId, call }: UserPool): PasswordProof {
  let prepared: SrpClient | undefined
  let ahead: Asked | undefined

  function ask(username: string): Asked {
    const srp = prepared ?? createSrpClient(settings.userPoolId)
    prepared = undefined
    const answer = call('InitiateAuth', {
      AuthFlow: 'USER_SRP_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, SRP_A: srp.srpA },
    })
    const asked: Asked = { username, askedAtMs: Date.now(), srp, answer, isRefused: false }
    answer.catch(() => {
      asked.isRefused = true
    })
    return asked
  }

  async function respond({ srp, answer }: Asked, password: string) {
    const { ChallengeParameters, Session } = requireSrpChallenge(await answer)
    const challenge = parseChallenge(ChallengeParameters)
    const timestamp = toTimestamp(serviceNowMs())
    return {
      username: challenge.userIdForSrp,
      answer: await call('RespondToAuthChallenge', {
        ChallengeName: 'PASSWORD_VERIFIER',
        ClientId: clientId,
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
      // One that is asked already is what the next proof begins with.
      if (!ahead) prepared ??= createSrpClient(settings.userPoolId)
    },
    askAhead({ username }) {
      ahead = ask(username)
    },
    async prove({ username, password }) {
      const asked = ahead
      ahead = undefined
      if (asked?.username !== username || !isUsable(asked)) return respond(ask(username), password)
      try {
        return await respond(asked, password)
      } catch (error) {
        // The challenge was over earlier than thought.
        if (!(error instanceof AuthError && error.code === 'session-ended')) throw error
        return respond(ask(username), password)
      }
    },
  }
}

function isUsable({ askedAtMs, isRefused }: Asked): boolean {
  return !isRefused && Math.abs(Date.now() - askedAtMs) < challengeLifeMs
}

/** @throws {AuthError} `unsupported-challenge`, or `service-unavailable` for an answer without any */
function requireSrpChallenge(answer: Answer): Answer {
  const { ChallengeName } = answer
  if (ChallengeName === 'PASSWORD_VERIFIER') return answer
  throw new AuthError(
    ChallengeName === undefined ? 'service-unavailable' : 'unsupported-challenge',
    `no page answers the challenge ${String(ChallengeName)}`,
  )
}

/** @throws {AuthError} `service-unavailable` for parameters of another shape */
function parseChallenge(parameters: unknown): SrpChallenge {
  const { USER_ID_FOR_SRP, SALT, SRP_B, SECRET_BLOCK } = findMembers(parameters) ?? {}
  if (
    typeof USER_ID_FOR_SRP !== 'string' ||
    typeof SALT !== 'string' ||
    typeof SRP_B !== 'string' ||
    typeof SECRET_BLOCK !== 'string'
  ) {
    throw new AuthError(
      'service-unavailable',
      'expected ChallengeParameters, got an answer without',
    )
  }
  return { userIdForSrp: USER_ID_FOR_SRP, salt: SALT, srpB: SRP_B, secretBlock: SECRET_BLOCK }
}
