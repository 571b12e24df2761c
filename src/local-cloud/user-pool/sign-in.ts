/** Sign-in by password proof: the challenge PASSWORD_VERIFIER, given and judged. */

import * as v from 'valibot'
import { CognitoError } from './cognito-error.ts'
import type { JsonObject, OperationContext } from './operations/operation.ts'
import {
  createServerPublicKey,
  deriveSigningKey,
  isSameSignature,
  parseClientPublicKey,
  sign,
} from './srp/srp.ts'
import { parseTimestamp } from './srp/timestamp.ts'
import type { User } from './store/store.ts'
import { toSrpNamespace } from './users.ts'

/** bytes of the server's private key b; RFC 5054 asks for 32 at least */
const privateKeyBytes = 32
/** how far a client's watch may be off */
const timestampToleranceMs = 5 * 60_000

/** What the pool must remember of a challenge; it travels sealed in SECRET_BLOCK. */
const challengeState = v.object({
  nonce: v.string(),
  userId: v.string(),
  clientId: v.string(),
  A: v.string(),
  B: v.string(),
  b: v.string(),
  expiresAtMs: v.number(),
})

/**
 * Answers SRP_A with a challenge. For a user who does not exist it looks and costs the same.
 *
 * @throws {CognitoError} the refusal of a wrong password for an SRP_A no client may send, or the user's state
 */
export function createPasswordChallenge(
  { username, srpA, clientId }: { username: string; srpA: string; clientId: string },
  context: OperationContext,
): JsonObject {
  const { settings, store, clock, random, seal } = context
  const A = parseClientPublicKey(srpA)
  if (A === undefined) {
    throw incorrectPassword('SRP_A is not hex, longer than N, or 0 modulo N')
  }
  const user = store.findUser(username)
  if (!user && !settings.preventsUserExistenceErrors) {
    throw new CognitoError('UserNotFoundException', 'User does not exist.')
  }
  const obstacle = user && findObstacle(user)
  if (obstacle) throw obstacle

  const { userId, saltHex, verifier } = toSrpRecord(user, username, context)
  const b = BigInt(`0x${random.bytes(privateKeyBytes).toString('hex')}`)
  const B = createServerPublicKey({ v: verifier, b })
  const state: v.InferOutput<typeof challengeState> = {
    nonce: random.uuid(),
    userId,
    clientId,
    A: A.toString(16),
    B: B.toString(16),
    b: b.toString(16),
    expiresAtMs: clock.nowMs() + settings.authSessionSeconds * 1000,
  }
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: saltHex,
      SRP_B: state.B,
      SECRET_BLOCK: seal.close(state).toString('base64'),
      USERNAME: userId,
      USER_ID_FOR_SRP: userId,
    },
  }
}

export interface PasswordProof {
  readonly username: string
  readonly clientId: string
  /** base64, as SECRET_BLOCK was given */
  readonly secretBlock: string
  /** base64 */
  readonly signature: string
  readonly timestamp: string
}

/**
 * Judges a proof. The challenge is used up either way, so an error is returned and not thrown.
 *
 * @returns the user whose password was proved, or the refusal, the same for every reason
 */
export function judgePasswordProof(
  proof: PasswordProof,
  context: OperationContext,
): User | CognitoError {
  const { store, clock, seal, settings } = context
  const secretBlock = Buffer.from(proof.secretBlock, 'base64')
  const opened = v.safeParse(challengeState, seal.open(secretBlock))
  if (!opened.success) return incorrectPassword('SECRET_BLOCK is not ours')
  const challenge = opened.output
  store.forgetExpired(clock.nowMs())
  if (!store.spendChallenge(challenge)) return incorrectPassword('SECRET_BLOCK was used before')
  if (challenge.expiresAtMs <= clock.nowMs()) return incorrectPassword('SECRET_BLOCK has expired')
  if (challenge.clientId !== proof.clientId || challenge.userId !== proof.username) {
    return incorrectPassword('SECRET_BLOCK belongs to another user or client')
  }
  const timestampMs = parseTimestamp(proof.timestamp)
  const isOnTime =
    timestampMs !== undefined && Math.abs(timestampMs - clock.wallClockMs()) <= timestampToleranceMs

  const user = store.findUser(challenge.userId)
  const { verifier } = toSrpRecord(user, challenge.userId, context)
  const K = deriveSigningKey({
    A: BigInt(`0x${challenge.A}`),
    B: BigInt(`0x${challenge.B}`),
    b: BigInt(`0x${challenge.b}`),
    v: verifier,
  })
  const identity = { namespace: toSrpNamespace(settings), userId: challenge.userId }
  const expected = K && sign(K, identity, { secretBlock, timestamp: proof.timestamp })
  const isProved =
    expected !== undefined && isSameSignature(expected, Buffer.from(proof.signature, 'base64'))

  if (!user) return incorrectPassword('no such user')
  if (!isProved) return incorrectPassword('wrong proof')
  if (!isOnTime) return incorrectPassword('TIMESTAMP is malformed or too far from our clock')
  return findObstacle(user) ?? user
}

/**
 * What keeps the user from signing in with any password, in Cognito's order: disabled, unconfirmed, reset
 * required.
 */
function findObstacle({ enabled, status }: User): CognitoError | undefined {
  if (!enabled) return new CognitoError('NotAuthorizedException', 'User is disabled.')
  if (status === 'UNCONFIRMED') {
    return new CognitoError('UserNotConfirmedException', 'User is not confirmed.')
  }
  if (status === 'RESET_REQUIRED') {
    return new CognitoError(
      'PasswordResetRequiredException',
      'Password reset required for the user',
    )
  }
  return undefined
}

/** What SRP needs of a user, or the disguise of one who does not exist. */
function toSrpRecord(
  user: User | undefined,
  username: string,
  { disguise }: OperationContext,
): { userId: string; saltHex: string; verifier: bigint } {
  if (user) {
    return {
      userId: user.username,
      saltHex: user.saltHex,
      verifier: BigInt(`0x${user.verifierHex}`),
    }
  }
  const { sub, saltHex, v: verifier } = disguise(username)
  return { userId: sub, saltHex, verifier }
}

function incorrectPassword(detail: string): CognitoError {
  return new CognitoError('NotAuthorizedException', 'Incorrect username or password.', { detail })
}
