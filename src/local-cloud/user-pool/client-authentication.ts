/** Authentication of the app client: by its id, and by its secret if it has one. */

import { createHmac } from 'node:crypto'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import { timingSafeEquals } from './timing-safe-equals.ts'

/** @throws {CognitoError} ResourceNotFoundException for a client that this pool does not have */
export function assertClientId(clientId: string, { settings }: OperationContext): void {
  if (clientId !== settings.userPoolClientId) {
    throw new CognitoError(
      'ResourceNotFoundException',
      `User pool client ${clientId} does not exist.`,
    )
  }
}

/** The members of a request that name the client and the user. */
export interface ClientRequest {
  readonly ClientId: string
  readonly Username: string
  readonly SecretHash?: string | undefined
}

/** @throws {CognitoError} for an unknown client, a missing secret hash or a wrong one */
export function assertClient(
  { ClientId, Username, SecretHash }: ClientRequest,
  context: OperationContext,
): void {
  assertClientId(ClientId, context)
  assertSecretHash({ clientId: ClientId, username: Username, secretHash: SecretHash }, context, {
    missing: `Client ${ClientId} is configured for secret but secret was not received`,
    wrong: `Unable to verify secret hash for client ${ClientId}`,
  })
}

/**
 * Verifies a secret hash: base64(HMAC-SHA256(client secret, user name + client id)).
 *
 * @param messages of the error for a missing hash and for a wrong one
 * @throws {CognitoError} NotAuthorizedException
 */
function assertSecretHash(
  request: { clientId: string; username: string; secretHash: string | undefined },
  { clientSecret }: OperationContext,
  messages: { missing: string; wrong: string },
): void {
  if (clientSecret === undefined) return
  if (request.secretHash === undefined) {
    throw new CognitoError('NotAuthorizedException', messages.missing)
  }
  const expected = toSecretHash(request, clientSecret)
  if (!timingSafeEquals(expected, Buffer.from(request.secretHash, 'base64'))) {
    throw new CognitoError('NotAuthorizedException', messages.wrong)
  }
}

/** @returns HMAC-SHA256(client secret, user name + client id) */
export function toSecretHash(
  { username, clientId }: { username: string; clientId: string },
  clientSecret: string,
): Buffer {
  return createHmac('sha256', clientSecret).update(`${username}${clientId}`).digest()
}

/**
 * Verifies the secret hash in AuthParameters or ChallengeResponses.
 *
 * @param wrong message of the error for a wrong hash
 * @throws {CognitoError} NotAuthorizedException
 */
export function assertSecretHashParameter(
  request: { clientId: string; username: string },
  parameters: Readonly<Record<string, string>>,
  context: OperationContext,
  wrong = `Unable to verify secret hash for client ${request.clientId}`,
): void {
  assertSecretHash({ ...request, secretHash: parameters.SECRET_HASH }, context, {
    missing: `Client ${request.clientId} is configured with secret but SECRET_HASH was not received`,
    wrong,
  })
}

/**
 * Verifies the client secret itself, which RevokeToken and GetTokensFromRefreshToken send.
 *
 * @throws {CognitoError} NotAuthorizedException
 */
export function assertClientSecret(
  { ClientId, ClientSecret }: { ClientId: string; ClientSecret?: string | undefined },
  context: OperationContext,
): void {
  assertClientId(ClientId, context)
  if (context.clientSecret === undefined) return
  if (!timingSafeEquals(Buffer.from(ClientSecret ?? ''), Buffer.from(context.clientSecret))) {
    throw new CognitoError(
      'NotAuthorizedException',
      ClientSecret === undefined
        ? `Client ${ClientId} is configured for secret but secret was not received`
        : `Unable to verify secret for client ${ClientId}`,
    )
  }
}
