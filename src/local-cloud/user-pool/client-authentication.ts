/** Who may speak for the app client: its id, and its secret where it has one. */

import { createHmac } from 'node:crypto'
import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './operations/operation.ts'
import { isSameSignature } from './srp/srp.ts'

/** @throws {CognitoError} ResourceNotFoundException for a client this pool does not have */
export function assertClientId(clientId: string, { settings }: OperationContext): void {
  if (clientId !== settings.userPoolClientId) {
    throw new CognitoError(
      'ResourceNotFoundException',
      `User pool client ${clientId} does not exist.`,
    )
  }
}

/** The members by which an operation says which client asks for which user. */
export interface ClientCall {
  readonly ClientId: string
  readonly Username: string
  readonly SecretHash?: string | undefined
}

/** @throws {CognitoError} for an unknown client, or one whose secret this call does not prove */
export function assertClient(
  { ClientId, Username, SecretHash }: ClientCall,
  context: OperationContext,
): void {
  assertClientId(ClientId, context)
  assertSecretHash({ clientId: ClientId, username: Username, secretHash: SecretHash }, context, {
    missing: `Client ${ClientId} is configured for secret but secret was not received`,
    wrong: `Unable to verify secret hash for client ${ClientId}`,
  })
}

/**
 * Holds base64(HMAC-SHA256(client secret, user name + client id)) against the client's secret.
 *
 * @param words what the operation says of a hash that is missing or wrong
 * @throws {CognitoError} NotAuthorizedException
 */
function assertSecretHash(
  call: { clientId: string; username: string; secretHash: string | undefined },
  { clientSecret }: OperationContext,
  words: { missing: string; wrong: string },
): void {
  if (clientSecret === undefined) return
  if (call.secretHash === undefined) throw new CognitoError('NotAuthorizedException', words.missing)
  const expected = createHmac('sha256', clientSecret)
    .update(`${call.username}${call.clientId}`)
    .digest()
  if (!isSameSignature(expected, Buffer.from(call.secretHash, 'base64'))) {
    throw new CognitoError('NotAuthorizedException', words.wrong)
  }
}

/**
 * The same for the operations of a sign-in, whose parameters carry the hash.
 *
 * @param wrong what is said of a wrong hash
 * @throws {CognitoError} NotAuthorizedException
 */
export function assertSignInHash(
  call: { clientId: string; username: string },
  parameters: Readonly<Record<string, string>>,
  context: OperationContext,
  wrong = `Unable to verify secret hash for client ${call.clientId}`,
): void {
  assertSecretHash({ ...call, secretHash: parameters.SECRET_HASH }, context, {
    missing: `Client ${call.clientId} is configured with secret but SECRET_HASH was not received`,
    wrong,
  })
}

/**
 * The same for the operations that are sent the secret itself.
 *
 * @throws {CognitoError} NotAuthorizedException
 */
export function assertClientSecret(
  { ClientId, ClientSecret }: { ClientId: string; ClientSecret?: string | undefined },
  context: OperationContext,
): void {
  assertClientId(ClientId, context)
  if (context.clientSecret === undefined) return
  if (!isSameSignature(Buffer.from(ClientSecret ?? ''), Buffer.from(context.clientSecret))) {
    throw new CognitoError(
      'NotAuthorizedException',
      ClientSecret === undefined
        ? `Client ${ClientId} is configured for secret but secret was not received`
        : `Unable to verify secret for client ${ClientId}`,
    )
  }
}
