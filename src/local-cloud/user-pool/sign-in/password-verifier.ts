/** The first factor: the password itself, or the proof of it that the challenge PASSWORD_VERIFIER asks for. */

import * as v from 'valibot'
import { CognitoError } from '../cognito-error.ts'
import { unknownUser } from '../common-errors.ts'
import { countFailedSignIn, findLockout } from '../limits.ts'
import type { JsonObject, OperationContext } from '../operations/operation.ts'
import { isPassword, toSrpNamespace } from '../passwords.ts'
import {
  createServerPublicKey,
  deriveSigningKey,
  isSameSignature,
  parseClientPublicKey,
  sign,
} from '../srp/srp.ts'
import { parseTimestamp } from '../srp/timestamp.ts'
import type { User } from '../store/store.ts'
import { findObstacle } from './account-status.ts'

/** bytes of the server's private key b; RFC 5054 asks for 32 at least */
const privateKeyBytes = 32
/** how far a client's watch may be off */
const timestampToleranceMs = 5 * 60_000

/** What the pool must remember of a challenge; it travels sealed in SECRET_BLOCK. */
const challengeState = v.object({
  nonce: v.string(),
  /** whom failures are counted against, also when there is no such user */
  subject: v.string(),
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
  const { settings, clock, random, seal } = context
  const A = parseClientPublicKey(srpA)
  if (A === undefined) {
    throw incorrectPassword('SRP_A is not hex, longer than N, or 0 modulo N')
  }
  const { subject, userId, saltHex, verifierHex } = findSrpRecord(username, context)
  const b = BigInt(`0x${random.bytes(privateKeyBytes).toString('hex')}`)
  const B = createServerPublicKey({ v: BigInt(`0x${verifierHex}`), b })
  const state: v.InferOutput<typeof challengeState> = {
    nonce: random.uuid(),
    subject,
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
  const lockout = findLockout(challenge.subject, context)
  if (lockout) return lockout

  const user = store.findUser(challenge.userId)
  const nobody = context.disguise(challenge.userId)
  const { verifierHex } = user ?? nobody
  const K = deriveSigningKey({
    A: BigInt(`0x${challenge.A}`),
    B: BigInt(`0x${challenge.B}`),
    b: BigInt(`0x${challenge.b}`),
    v: BigInt(`0x${verifierHex}`),
  })
  const identity = { namespace: toSrpNamespace(settings), userId: challenge.userId }
  const expected = K && sign(K, identity, { secretBlock, timestamp: proof.timestamp })
  const isProved =
    expected !== undefined && isSameSignature(expected, Buffer.from(proof.signature, 'base64'))
  if (!user || !isProved) {
    countFailedSignIn(challenge.subject, context)
    return incorrectPassword(user ? 'wrong proof' : 'no such user')
  }
  const timestampMs = parseTimestamp(proof.timestamp)
  if (
    timestampMs === undefined ||
    Math.abs(timestampMs - clock.wallClockMs()) > timestampToleranceMs
  ) {
    return incorrectPassword('TIMESTAMP is malformed or too far from our clock')
  }
  return findObstacle(user, context) ?? user
}

/**
 * Judges a password that was sent as it is. A failure is counted, so an error is returned.
 *
 * @throws {CognitoError} the user's state
 */
export function judgePassword(
  { username, password }: { username: string; password: string },
  context: OperationContext,
): User | CognitoError {
  const { user, subject, ...record } = findSrpRecord(username, context)
  const isRight = isPassword(password, record, context)
  if (user && isRight) return user
  countFailedSignIn(subject, context)
  return incorrectPassword(user ? 'wrong password' : 'no such user')
}

interface SrpRecord {
  readonly user: User | undefined
  /** whom failures are counted against */
  readonly subject: string
  readonly userId: string
  readonly saltHex: string
  readonly verifierHex: string
}

/**
 * What SRP needs of a user, or the disguise of one who does not exist.
 *
 * @throws {CognitoError} UserNotFoundException where the pool tells, or what keeps the user out
 */
function findSrpRecord(username: string, context: OperationContext): SrpRecord {
  const { store, settings, disguise } = context
  const user = store.findUser(username)
  if (!user && !settings.preventsUserExistenceErrors) {
    throw unknownUser()
  }
  const obstacle = user && findObstacle(user, context)
  if (obstacle) throw obstacle
  // Made for everyone: time must not tell who exists.
  const nobody = disguise(username)
  const { sub: subject, saltHex, verifierHex } = user ?? nobody
  const lockout = findLockout(subject, context)
  if (lockout) throw lockout
  return { user, subject, userId: user?.username ?? subject, saltHex, verifierHex }
}

export function incorrectPassword(detail: string): CognitoError {
  return new CognitoError('NotAuthorizedException', 'Incorrect username or password.', { detail })
}
