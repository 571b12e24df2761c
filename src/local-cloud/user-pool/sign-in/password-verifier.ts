/** The password as first factor: sent as it is, or proved by SRP in the challenge PASSWORD_VERIFIER. */

import * as v from 'valibot'
import { CognitoError, CommittedError } from '../cognito-error.ts'
import { userNotFoundError } from '../common-errors.ts'
import type { JsonObject, OperationContext } from '../context.ts'
import { isCorrectPassword, toSrpNamespace } from '../passwords.ts'
import { findLockoutError, recordFailedSignIn } from '../rate-limit.ts'
import { createServerPublicKey, deriveSigningKey, parseClientPublicKey, sign } from '../srp/srp.ts'
import { parseTimestamp } from '../srp/timestamp.ts'
import type { User } from '../store/store.ts'
import { timingSafeEquals } from '../timing-safe-equals.ts'
import { findAccountStatusError } from './account-status.ts'
import {
  type AuthSession,
  type AuthStep,
  assertSessionOf,
  consumeAuthSession,
  createAuthSession,
  requireAuthState,
} from './auth-session.ts'
import { requireParameter } from './parameters.ts'

/** bytes of the server's private key b; RFC 5054 section 2.5.3 asks for at least 32 */
const privateKeyBytes = 32
/** largest accepted clock skew of a client */
const maxClockSkewMs = 5 * 60_000

/** State of the challenge PASSWORD_VERIFIER, which the client carries, encrypted, as SECRET_BLOCK. */
const passwordChallenge = v.object({
  nonce: v.string(),
  /** what failures are counted under: the user's `sub`, or a simulated one */
  subject: v.string(),
  userId: v.string(),
  clientId: v.string(),
  A: v.string(),
  B: v.string(),
  b: v.string(),
  expiresAtMs: v.number(),
  /** given in choice-based sign-in: the response carries a `Session` too */
  choiceBased: v.optional(v.boolean(), false),
  /** given in CUSTOM_AUTH, after whose password custom challenges may come: the response carries a `Session` too */
  isCustom: v.optional(v.boolean(), false),
})

/**
 * Responds to SRP_A with the challenge PASSWORD_VERIFIER. For a user who does not exist the response has the same
 * shape and takes the same time.
 *
 * @param request `choiceBased`: the flow is USER_AUTH, whose challenge has a Session; `isCustom`: CUSTOM_AUTH, whose
 *   Session the caller adds
 * @throws {CognitoError} for an invalid SRP_A, the error of a wrong password; for a user who cannot sign in, the
 *   account status error
 */
export function createPasswordChallenge(
  request: {
    username: string
    srpA: string
    clientId: string
    choiceBased: boolean
    isCustom?: boolean
  },
  context: OperationContext,
): JsonObject {
  const { username, srpA, clientId, choiceBased, isCustom = false } = request
  const { settings, clock, random, stateCipher } = context
  const A = parseClientPublicKey(srpA)
  if (A === undefined) {
    throw incorrectPasswordError('SRP_A is not hex, longer than N, or 0 modulo N')
  }
  const { subject, userId, saltHex, verifierHex } = findSrpRecord(
    { username, choiceBased },
    context,
  )
  const b = BigInt(`0x${random.bytes(privateKeyBytes).toString('hex')}`)
  const B = createServerPublicKey({ v: BigInt(`0x${verifierHex}`), b })
  const state: v.InferOutput<typeof passwordChallenge> = {
    nonce: random.uuid(),
    subject,
    userId,
    clientId,
    A: A.toString(16),
    B: B.toString(16),
    b: b.toString(16),
    expiresAtMs: clock.nowMs() + settings.authSessionSeconds * 1000,
    choiceBased,
    isCustom,
  }
  const challenge = 'PASSWORD_VERIFIER'
  return {
    ChallengeName: challenge,
    ...(choiceBased && {
      Session: createAuthSession({ challenge, sub: subject, clientId }, context),
    }),
    ChallengeParameters: {
      SALT: saltHex,
      SRP_B: state.B,
      // Standard base64, not base64url: clients decode it to sign its bytes.
      SECRET_BLOCK: stateCipher.encrypt('SECRET_BLOCK', state).toString('base64'),
      USERNAME: userId,
      USER_ID_FOR_SRP: userId,
    },
  }
}

/** The response to PASSWORD_VERIFIER. */
export interface PasswordClaim {
  readonly username: string
  readonly clientId: string
  /** SECRET_BLOCK as the challenge gave it, base64 */
  readonly secretBlock: string
  /** base64 */
  readonly signature: string
  readonly timestamp: string
  readonly session: string | undefined
}

/**
 * Verifies a password claim. It consumes the challenge, also when the claim is wrong.
 *
 * @returns the user, and in CUSTOM_AUTH the state of its Session, which is consumed; or an error, the same for every
 *   cause except lockout and account status
 * @throws {CognitoError} for the Session of choice-based sign-in, when it is missing or not this user's
 */
export function verifyPasswordClaim(
  claim: PasswordClaim,
  context: OperationContext,
): ProvedPassword | CommittedError {
  const { store, clock, stateCipher, settings } = context
  const reject = (detail: string) => new CommittedError(incorrectPasswordError(detail))
  const secretBlock = Buffer.from(claim.secretBlock, 'base64')
  const parsed = v.safeParse(passwordChallenge, stateCipher.decrypt('SECRET_BLOCK', secretBlock))
  if (!parsed.success) return reject('SECRET_BLOCK is not ours')
  const challenge = parsed.output
  const step = findStep(challenge)
  const session = step && consumeSession(claim, step, context)
  store.deleteExpired(clock.nowMs())
  if (!store.consumeChallenge(challenge)) return reject('SECRET_BLOCK was used before')
  if (challenge.expiresAtMs <= clock.nowMs()) return reject('SECRET_BLOCK has expired')
  if (challenge.clientId !== claim.clientId || challenge.userId !== claim.username) {
    return reject('SECRET_BLOCK belongs to another user or client')
  }
  const lockoutError = findLockoutError(challenge.subject, context)
  if (lockoutError) return new CommittedError(lockoutError)

  const user = store.findUser(challenge.userId)
  // Computed for every user, so that timing does not reveal which users exist.
  const simulated = context.simulateUser(challenge.userId)
  const { verifierHex } = user ?? simulated
  const K = deriveSigningKey({
    A: BigInt(`0x${challenge.A}`),
    B: BigInt(`0x${challenge.B}`),
    b: BigInt(`0x${challenge.b}`),
    v: BigInt(`0x${verifierHex}`),
  })
  const identity = { namespace: toSrpNamespace(settings), userId: challenge.userId }
  const expected = K && sign(K, identity, { secretBlock, timestamp: claim.timestamp })
  const isValid =
    expected !== undefined && timingSafeEquals(expected, Buffer.from(claim.signature, 'base64'))
  if (!user || !isValid) {
    recordFailedSignIn(challenge.subject, context)
    return reject(user ? 'wrong proof' : 'no such user')
  }
  const timestampMs = parseTimestamp(claim.timestamp)
  if (timestampMs === undefined || Math.abs(timestampMs - clock.wallClockMs()) > maxClockSkewMs) {
    return reject('TIMESTAMP is malformed or too far from our clock')
  }
  const statusError = findAccountStatusError(user, context)
  if (statusError) return new CommittedError(statusError)
  return { user, customSession: challenge.isCustom ? session : undefined }
}

export interface ProvedPassword {
  readonly user: User
  readonly customSession: AuthSession | undefined
}

/** @returns what the Session of the challenge is for; `undefined` for one without */
function findStep({ choiceBased, isCustom }: { choiceBased: boolean; isCustom: boolean }) {
  if (isCustom) return 'CUSTOM_PASSWORD_VERIFIER'
  return choiceBased ? 'PASSWORD_VERIFIER' : undefined
}

function consumeSession(
  claim: PasswordClaim,
  challenge: AuthStep,
  context: OperationContext,
): AuthSession {
  const session = requireParameter({ Session: claim.session ?? '' }, 'Session')
  const state = requireAuthState(session, { challenge }, context)
  assertSessionOf(state, claim, context)
  consumeAuthSession(state, context)
  return state
}

/**
 * Verifies a password that was sent as it is.
 *
 * @param request `choiceBased`: the flow is USER_AUTH
 * @returns the user; or the error of a wrong password, which was counted as a failed sign-in
 * @throws {CognitoError} the account status error, or the one of a lockout
 */
export function verifyPassword(
  request: { username: string; password: string; choiceBased: boolean },
  context: OperationContext,
): User | CommittedError {
  const { user, subject, ...record } = findSrpRecord(request, context)
  const isCorrect = isCorrectPassword(request.password, record, context)
  if (user && isCorrect) {
    const statusError = findAccountStatusError(user, context)
    if (statusError) throw statusError
    return user
  }
  recordFailedSignIn(subject, context)
  return new CommittedError(incorrectPasswordError(user ? 'wrong password' : 'no such user'))
}

interface SrpRecord {
  readonly user: User | undefined
  /** what failures are counted under: the user's `sub`, or a simulated one */
  readonly subject: string
  readonly userId: string
  readonly saltHex: string
  readonly verifierHex: string
}

/**
 * The values of a user for SRP, simulated for a user who does not exist. In choice-based sign-in, which names no
 * factor that would only fit a user who can sign in, PreventUserExistenceErrors hides the account status too: it is
 * told once the password is proved.
 *
 * @throws {CognitoError} UserNotFoundException for a LEGACY client; the account status error; the one of a lockout
 */
function findSrpRecord(
  { username, choiceBased }: { username: string; choiceBased: boolean },
  context: OperationContext,
): SrpRecord {
  const { store, settings, simulateUser } = context
  const user = store.findUser(username)
  if (!user && !settings.preventsUserExistenceErrors) throw userNotFoundError()
  const statusError = user && findAccountStatusError(user, context)
  const hidesStatus = choiceBased && settings.preventsUserExistenceErrors
  if (statusError && !hidesStatus) throw statusError
  // Computed for every user name, so that timing does not reveal which users exist.
  const simulated = simulateUser(username)
  const { sub: subject, saltHex, verifierHex } = user ?? simulated
  const lockoutError = findLockoutError(subject, context)
  if (lockoutError) throw lockoutError
  return { user, subject, userId: user?.username ?? subject, saltHex, verifierHex }
}

/** @param detail the cause, for the log */
export function incorrectPasswordError(detail: string): CognitoError {
  return new CognitoError('NotAuthorizedException', 'Incorrect username or password.', { detail })
}
