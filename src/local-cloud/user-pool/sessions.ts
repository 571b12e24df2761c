/** Sign-ins and the tokens that come of them: started, refreshed, ended. */

import { createHash } from 'node:crypto'
import { CognitoError } from './cognito-error.ts'
import { disabledUser } from './common-errors.ts'
import { isWithin } from './limits.ts'
import type { OperationContext, Reply } from './operations/operation.ts'
import type { Session, User } from './store/store.ts'
import { signTokens, toTokenClaims } from './tokens/tokens.ts'

/** Starts a session for a user whose factors are all proved. */
export function startSession(
  { user, clientId }: { user: User; clientId: string },
  context: OperationContext,
): Reply {
  const { store, clock, random, settings } = context
  const nowMs = clock.nowMs()
  const session: Session = {
    originJti: random.uuid(),
    sub: user.sub,
    clientId,
    eventId: random.uuid(),
    signedInAtMs: nowMs,
    expiresAtMs: nowMs + settings.refreshTokenSeconds * 1000,
    revoked: false,
  }
  store.insertSession(session)
  return toReply({ user, session, refreshToken: addRefreshToken(session, context) }, context)
}

export interface RefreshCall {
  readonly refreshToken: string
  readonly clientId: string
  /** @throws {CognitoError} when the call does not come from the client whose user this is */
  assertCaller?(user: User): void
}

/**
 * Gives new ID and access tokens for a refresh token, and with rotation a new refresh token.
 *
 * @throws {CognitoError} NotAuthorizedException when the session is over
 */
export function refreshSession(
  { refreshToken, clientId, assertCaller }: RefreshCall,
  context: OperationContext,
): Reply {
  const { store, clock, settings } = context
  const found = store.findRefreshToken(toHash(refreshToken))
  const session = found && store.findSession(found.originJti)
  const user = session && store.findUserBySub(session.sub)
  if (!user || session.clientId !== clientId) {
    throw new CognitoError('NotAuthorizedException', 'Invalid Refresh Token')
  }
  assertCaller?.(user)
  if (!user.enabled) throw disabledUser()
  if (session.revoked) {
    throw new CognitoError('NotAuthorizedException', 'Refresh Token has been revoked')
  }
  if (session.expiresAtMs <= clock.nowMs()) {
    throw new CognitoError('NotAuthorizedException', 'Refresh Token has expired')
  }
  const graceSeconds = settings.rotationGraceSeconds
  if (graceSeconds === undefined) return toReply({ user, session }, context)

  if (found.replacedAtMs === undefined) {
    store.markReplaced(found.hash, clock.nowMs())
  } else if (!isWithin(graceSeconds * 1000, found.replacedAtMs, clock.nowMs())) {
    // A replaced token that turns up again may be a stolen one: nobody keeps this session.
    store.revokeSession(session.originJti)
    return new CognitoError('RefreshTokenReuseException', 'Refresh token has already been used.')
  }
  return toReply({ user, session, refreshToken: addRefreshToken(session, context) }, context)
}

/** Ends the session of a refresh token; one that is unknown or over already is no error, as in RFC 7009. */
export function revokeRefreshToken(
  { refreshToken, clientId }: { refreshToken: string; clientId: string },
  { store }: OperationContext,
): void {
  const found = store.findRefreshToken(toHash(refreshToken))
  const session = found && store.findSession(found.originJti)
  if (session?.clientId === clientId) store.revokeSession(session.originJti)
}

/** An answer with tokens; they are signed after the commit. */
function toReply(
  { user, session, refreshToken }: { user: User; session: Session; refreshToken?: string },
  { settings, clock, random, keys }: OperationContext,
): Reply {
  const jti = { id: random.uuid(), access: random.uuid() }
  const claims = toTokenClaims({ user, session }, settings, { jti, nowMs: clock.nowMs() })
  return async () => ({
    AuthenticationResult: {
      ...(await signTokens(claims, keys)),
      ...(refreshToken !== undefined && { RefreshToken: refreshToken }),
      ExpiresIn: settings.accessTokenSeconds,
      TokenType: 'Bearer',
    },
  })
}

/** The same answer from the operations of a sign-in, which say too that no challenge is left. */
export function withoutChallenge(reply: Reply): Reply {
  if (typeof reply !== 'function') return reply
  return async () => ({ ChallengeParameters: {}, ...(await reply()) })
}

const refreshTokenHeader = { cty: 'JWT', enc: 'A256GCM', alg: 'RSA-OAEP' }

/** A refresh token looks like Cognito's five-part JWE, but means nothing outside our store. */
function addRefreshToken(session: Session, { store, random }: OperationContext): string {
  const parts = [256, 12, 64, 16].map((count) => random.bytes(count).toString('base64url'))
  const header = Buffer.from(JSON.stringify(refreshTokenHeader)).toString('base64url')
  const refreshToken = [header, ...parts].join('.')
  store.insertRefreshToken({
    hash: toHash(refreshToken),
    originJti: session.originJti,
    replacedAtMs: undefined,
  })
  return refreshToken
}

function toHash(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex')
}
