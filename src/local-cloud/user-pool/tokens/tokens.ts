/**
 * The JSON Web Tokens of a signed-in user, with Cognito's claims.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
 */

// By their own paths: the whole of jose takes twice as long to load.
import { decodeProtectedHeader } from 'jose/decode/protected_header'
import * as errors from 'jose/errors'
import { decodeJwt } from 'jose/jwt/decode'
import { SignJWT } from 'jose/jwt/sign'
import { jwtVerify } from 'jose/jwt/verify'
import * as v from 'valibot'
import { verificationFlags } from '../attribute-schema.ts'
import { type Attributes, toReadableAttributes } from '../attributes.ts'
import { CognitoError } from '../cognito-error.ts'
import type { UserPool } from '../context.ts'
import type { GroupClaims } from '../groups.ts'
import type { UserPoolSettings } from '../settings.ts'
import type { Session, User } from '../store/store.ts'
import type { SigningKey, SigningKeys } from './signing-keys.ts'

/** The scope of access tokens from a sign-in through the API, which user operations require. */
const apiScope = 'aws.cognito.signin.user.admin'

const accessClaims = v.object({
  sub: v.string(),
  client_id: v.string(),
  event_id: v.string(),
  scope: v.string(),
})
export type AccessClaims = v.InferOutput<typeof accessClaims>

/** Claims of an ID and an access token. They are created in the transaction and signed after it. */
export interface TokenClaims {
  readonly id: Readonly<Record<string, unknown>>
  readonly access: Readonly<Record<string, unknown>>
}

/** @returns the issuer that a pool on AWS has */
export function toAwsIssuer({ region, userPoolId }: UserPoolSettings): string {
  return `https://cognito-idp.${region}.amazonaws.com/${userPoolId}`
}

/**
 * @param subject the user with the claims about their groups
 * @param jti one new uuid for each of the two tokens
 * @param nowMs milliseconds since the Unix epoch
 */
export function toTokenClaims(
  subject: { user: User; groups: GroupClaims; session: Session },
  { settings, issuer }: Pick<UserPool, 'settings' | 'issuer'>,
  { jti, nowMs }: { jti: { id: string; access: string }; nowMs: number },
): TokenClaims {
  const { user, session } = subject
  const { groups, roles } = subject.groups
  const issuedAt = toSeconds(nowMs)
  const common = {
    sub: user.sub,
    ...groups,
    iss: issuer(),
    ...(settings.revokesTokens && { origin_jti: session.originJti }),
    event_id: session.eventId,
    auth_time: toSeconds(session.signedInAtMs),
    iat: issuedAt,
  }
  return {
    id: {
      ...common,
      ...toAttributeClaims(toReadableAttributes(user, settings)),
      'cognito:username': user.username,
      ...roles,
      aud: session.clientId,
      token_use: 'id',
      exp: issuedAt + settings.idTokenSeconds,
      jti: jti.id,
    },
    access: {
      ...common,
      client_id: session.clientId,
      token_use: 'access',
      scope: apiScope,
      exp: issuedAt + settings.accessTokenSeconds,
      jti: jti.access,
      username: user.username,
    },
  }
}

/** @returns compact JWS, RS256; ID and access token under different key ids */
export async function signTokens(
  claims: TokenClaims,
  keys: SigningKeys,
): Promise<{ IdToken: string; AccessToken: string }> {
  const [IdToken, AccessToken] = await Promise.all([
    signToken(claims.id, keys.id),
    signToken(claims.access, keys.access),
  ])
  return { IdToken, AccessToken }
}

/**
 * Verifies an access token by itself, without the store: it does not notice a revoked one.
 *
 * @throws {CognitoError} NotAuthorizedException with Cognito's message
 */
export async function verifyAccessToken(
  token: string,
  { keys, issuer, nowMs }: Pick<UserPool, 'keys' | 'issuer'> & { nowMs: number },
): Promise<AccessClaims> {
  try {
    const { kid } = decodeProtectedHeader(token)
    if (kid !== keys.access.kid || decodeJwt(token).token_use !== 'access')
      throw invalidTokenError()
    const { payload } = await jwtVerify(token, keys.access.publicKey, {
      algorithms: ['RS256'],
      issuer: issuer(),
      currentDate: new Date(nowMs),
    })
    const claims = v.parse(accessClaims, payload)
    if (!claims.scope.split(' ').includes(apiScope)) {
      throw new CognitoError('NotAuthorizedException', 'Access Token does not have required scopes')
    }
    return claims
  } catch (error) {
    if (error instanceof CognitoError) throw error
    if (error instanceof errors.JWTExpired) {
      throw new CognitoError('NotAuthorizedException', 'Access Token has expired', { cause: error })
    }
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw new CognitoError(
        'NotAuthorizedException',
        'Could not verify signature for Access Token',
        { cause: error },
      )
    }
    throw invalidTokenError(error)
  }
}

function invalidTokenError(cause?: unknown): CognitoError {
  const detail = cause instanceof Error ? cause.message : 'not an access token of this pool'
  return new CognitoError('NotAuthorizedException', 'Invalid Access Token', { detail, cause })
}

function signToken(claims: Readonly<Record<string, unknown>>, key: SigningKey): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ kid: key.kid, alg: 'RS256' })
    .sign(key.privateKey)
}

/** Attributes as claims: strings, except the two verification flags, which are booleans. */
function toAttributeClaims(attributes: Attributes): Record<string, string | boolean> {
  return Object.fromEntries(
    [...attributes].map(([name, value]) => [
      name,
      verificationFlags.has(name) ? value === 'true' : value,
    ]),
  )
}

function toSeconds(timeMs: number): number {
  return Math.floor(timeMs / 1000)
}
