/** Sessions and their tokens: starts, refreshes and revokes them. */

import { createHash } from 'node:crypto'
import { CognitoError, CommittedError } from './cognito-error.ts'
import { userDisabledError } from './common-errors.ts'
import type { OperationContext, Reply } from './context.ts'
import { toGroupClaims } from './groups.ts'
import { isWithin } from './rate-limit.ts'
import type { Session, User } from './store/store.ts'
import { signTokens, toTokenClaims } from './tokens/tokens.ts'
import { customizeClaims, type TokenGenerationSource } from './triggers/pre-token-generation.ts'

/** Starts a session for a user who has passed every challenge. */
export function startSession(
  {
    user,
    clientId,
    tokenSource = 'TokenGeneration_Authentication',
  }: { user: User; clientId: string; tokenSource?: TokenGenerationSource | undefined },
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
  return createTokenReply(
    { user, session, tokenSource, refreshToken: issueRefreshToken(session, context) },
    context,
  )
}

export interface RefreshRequest {
  readonly refreshToken: string
  readonly clientId: string
  /** @throws {CognitoError} when the request does not prove the client's secret */
  authenticateClient?(user: User): void
}

/**
 * @returns new ID and access tokens, and with rotation a new refresh token
 * @throws {CognitoError} NotAuthorizedException when the token is unknown, or its session expired or revoked
 */
export function refreshSession(
  { refreshToken, clientId, authenticateClient }: RefreshRequest,
  context: OperationContext,
): Reply {
  const { store, clock, settings } = context
  const found = store.findRefreshToken(hashToken(refreshToken))
  const session = found && store.findSession(found.originJti)
  const user = session && store.findUserBySub(session.sub)
  if (!user || session.clientId !== clientId) {
    throw new CognitoError('NotAuthorizedException', 'Invalid Refresh Token')
  }
  authenticateClient?.(user)
  if (!user.enabled) throw userDisabledError()
  if (session.revoked) {
    throw new CognitoError('NotAuthorizedException', 'Refresh Token has been revoked')
  }
  if (session.expiresAtMs <= clock.nowMs()) {
    throw new CognitoError('NotAuthorizedException', 'Refresh Token has expired')
  }
  const graceSeconds = settings.rotationGraceSeconds
  const tokenSource = 'TokenGeneration_RefreshTokens'
  if (graceSeconds === undefined) return createTokenReply({ user, session, tokenSource }, context)

  if (found.replacedAtMs === undefined) {
    store.markReplaced(found.hash, clock.nowMs())
  } else if (!isWithin(graceSeconds * 1000, found.replacedAtMs, clock.nowMs())) {
    // A replaced token that is used again may have been stolen: the whole session ends.
    store.revokeSession(session.originJti)
    return new CommittedError(
      new CognitoError('RefreshTokenReuseException', 'Refresh token has already been used.'),
    )
  }
  return createTokenReply(
    { user, session, tokenSource, refreshToken: issueRefreshToken(session, context) },
    context,
  )
}

/** Revokes the session of a refresh token. An unknown token is no error, as RFC 7009 section 2.2 asks. */
export function revokeRefreshToken(
  { refreshToken, clientId }: { refreshToken: string; clientId: string },
  { store }: OperationContext,
): void {
  const found = store.findRefreshToken(hashToken(refreshToken))
  const session = found && store.findSession(found.originJti)
  if (session?.clientId === clientId) store.revokeSession(session.originJti)
}

/** A reply with tokens, which are signed after the commit. */
function createTokenReply(
  {
    user,
    session,
    tokenSource: source,
    refreshToken,
  }: {
    user: User
    session: Session
    tokenSource: TokenGenerationSource
    refreshToken?: string
  },
  context: OperationContext,
): Reply {
  const { settings, store, clock, random, keys } = context
  const jti = { id: random.uuid(), access: random.uuid() }
  const groups = toGroupClaims(store.listGroupsOf(user.sub))
  const issued = toTokenClaims({ user, groups, session }, context, { jti, nowMs: clock.nowMs() })
  const claims = customizeClaims(issued, { user, groups, source }, context)
  return async () => ({
    AuthenticationResult: {
      ...(await signTokens(claims, keys)),
      ...(refreshToken !== undefined && { RefreshToken: refreshToken }),
      ExpiresIn: settings.accessTokenSeconds,
      TokenType: 'Bearer',
    },
  })
}

/** A reply with tokens as InitiateAuth and RespondToAuthChallenge send it. */
export function withEmptyChallengeParameters(reply: Reply): Reply {
  if (typeof reply !== 'function') return reply
  return async () => ({ ChallengeParameters: {}, ...(await reply()) })
}

const refreshTokenHeader = { cty: 'JWT', enc: 'A256GCM', alg: 'RSA-OAEP' }

/** @returns a refresh token: random, in the shape of Cognito's, a JWE of five parts */
function issueRefreshToken(session: Session, { store, random }: OperationContext): string {
  const parts = [256, 12, 64, 16].map((count) => random.bytes(count).toString('base64url'))
  const header = Buffer.from(JSON.stringify(refreshTokenHeader)).toString('base64url')
  const refreshToken = [header, ...parts].join('.')
  store.insertRefreshToken({
    hash: hashToken(refreshToken),
    originJti: session.originJti,
    replacedAtMs: undefined,
  })
  return refreshToken
}

function hashToken(refreshToken: string): string {
  return createHash('sha256').update(refreshToken).digest('hex')
}
