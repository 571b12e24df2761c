/**
 * How an operation runs: parse the body, prepare what takes time, change the store in one transaction, respond after the
 * commit.
 */

import type { Message } from '../../ports.ts'
import { assertClientId } from '../client-authentication.ts'
import { CognitoError, CommittedError } from '../cognito-error.ts'
import { userDisabledError, userNotFoundError } from '../common-errors.ts'
import type { JsonObject, OperationContext, Reply, UserPool } from '../context.ts'
import { countEmail } from '../email-quota.ts'
import { type AuthSession, requireAuthSession } from '../sign-in/auth-session.ts'
import type { Session, User } from '../store/store.ts'
import { type AccessClaims, verifyAccessToken } from '../tokens/tokens.ts'
import { runWithTriggers } from '../triggers/trigger-calls.ts'
import { noTriggerCalls } from '../triggers/triggers.ts'
import * as member from './request-schema.ts'

/** The user and the session that an access token belongs to. */
export interface Caller {
  readonly user: User
  readonly session: Session
}

export interface OperationRequest {
  readonly body: unknown
  /**
   * Whether the request carries a SigV4 signature, so that its caller counts as an IAM principal. AWS verifies
   * the signature; this pool has no secret to verify it with.
   */
  readonly isSigned: boolean
}

/** @returns the body of the response; `undefined` for an empty one */
export type Operation = (
  request: OperationRequest,
  pool: UserPool,
) => Promise<JsonObject | undefined>

/**
 * An operation has `run`, or `prepare` when something asynchronous comes before its transaction, such as verifying the
 * signature of a passkey: the store's transactions are synchronous.
 */
type OperationDefinition<Input, Context> = {
  /** @throws {CognitoError} for a body that the service rejects without looking at a user */
  parse(body: unknown): Input
} & (
  | {
      /** @throws {CognitoError} which rolls the transaction back */
      run(input: Input, context: Context): Reply
    }
  | {
      /**
       * Reads the pool and changes nothing. What it has read may be different when its transaction runs, which checks
       * again what it relies on.
       *
       * @returns what the transaction runs
       */
      prepare(input: Input, pool: UserPool): Promise<(context: Context) => Reply>
    }
)

/** @returns what the operation's transaction runs */
async function prepareRun<Input, Context>(
  definition: OperationDefinition<Input, Context>,
  input: Input,
  pool: UserPool,
): Promise<(context: Context) => Reply> {
  if ('prepare' in definition) return definition.prepare(input, pool)
  return (context) => definition.run(input, context)
}

/** An operation without authentication. */
export function defineOperation<Input>(
  definition: OperationDefinition<Input, OperationContext>,
): Operation {
  return async ({ body }, pool) => {
    const input = definition.parse(body)
    return commit(pool, await prepareRun(definition, input, pool))
  }
}

/** An operation of a signed-in user, authenticated by the body's AccessToken. */
export function defineUserOperation<Input>(
  definition: OperationDefinition<Input, OperationContext & { caller: Caller }>,
): Operation {
  return async ({ body }, pool) => {
    const { AccessToken } = member.parseMembers({ AccessToken: member.token }, body)
    const input = definition.parse(body)
    const claims = await verifyToken(AccessToken, pool)
    // The token says which client it is: a ClientId beside it could be any other.
    const ofClient = { ...pool, clientId: claims.client_id }
    const run = await prepareRun(definition, input, ofClient)
    return commit(ofClient, (context) =>
      run({ ...context, caller: requireCaller(claims, context) }),
    )
  }
}

/** The user who sets up MFA: signed in, or during sign-in with the Session of MFA_SETUP. */
export interface MfaSetupCaller {
  readonly user: User
  /** `undefined` for a user who is signed in */
  readonly authSession: AuthSession | undefined
}

/** An operation that sets up MFA, authenticated by exactly one of AccessToken and Session. */
export function defineMfaSetupOperation<Input>(definition: {
  parse(body: unknown): Input
  run(input: Input, caller: MfaSetupCaller, context: OperationContext): Reply
}): Operation {
  return async ({ body }, pool) => {
    const { AccessToken, Session } = member.parseMembers(
      { AccessToken: member.optional(member.token), Session: member.optional(member.session) },
      body,
    )
    if ((AccessToken === undefined) === (Session === undefined)) {
      throw new CognitoError(
        'InvalidParameterException',
        'Exactly one of AccessToken and Session must be given.',
      )
    }
    const input = definition.parse(body)
    const claims = AccessToken === undefined ? undefined : await verifyToken(AccessToken, pool)
    return commit({ ...pool, clientId: claims?.client_id }, (context) => {
      if (claims) {
        const { user } = requireCaller(claims, context)
        return definition.run(input, { user, authSession: undefined }, context)
      }
      const { state, user } = requireAuthSession(Session ?? '', { challenge: 'MFA_SETUP' }, context)
      const ofClient = { ...context, ...context.current.of(state.clientId) }
      assertClientId(state.clientId, ofClient)
      return definition.run(input, { user, authSession: state }, ofClient)
    })
  }
}

/** An operation of an IAM caller that names no user pool. */
export function defineIamOperation<Input>(
  definition: OperationDefinition<Input, OperationContext>,
): Operation {
  return async ({ body, isSigned }, pool) => {
    if (!isSigned) {
      throw new CognitoError('MissingAuthenticationTokenException', 'Missing Authentication Token')
    }
    const input = definition.parse(body)
    return commit(pool, await prepareRun(definition, input, pool))
  }
}

/** An operation of an IAM caller on this user pool. */
export function defineAdminOperation<Input>(
  definition: OperationDefinition<Input, OperationContext>,
): Operation {
  return defineIamOperation({
    parse(body) {
      const { UserPoolId } = member.parseMembers({ UserPoolId: member.userPoolId }, body)
      return { UserPoolId, input: definition.parse(body) }
    },
    prepare({ UserPoolId, input }, pool) {
      if (UserPoolId !== pool.settings.userPoolId) {
        throw new CognitoError(
          'ResourceNotFoundException',
          `User pool ${UserPoolId} does not exist.`,
        )
      }
      return prepareRun(definition, input, pool)
    },
  })
}

/**
 * Runs `change` in one transaction. After the commit it hands the messages to the mailer and completes the reply. Where
 * `change` asks a trigger, it runs once more with each answer; only the last run is committed.
 *
 * @throws {CognitoError} thrown by `change`: the transaction was rolled back; from a `CommittedError`: it was
 *   committed
 */
export async function commit(
  pool: UserPool,
  change: (context: OperationContext) => Reply,
): Promise<JsonObject | undefined> {
  const { triggers } = pool
  // Without triggers nothing is awaited before the transaction.
  const { reply, messages } = triggers
    ? await runWithTriggers(pool, triggers, (parts) => runTransaction(pool, parts, change))
    : runTransaction(pool, { triggers: noTriggerCalls, random: pool.random }, change)
  for (const message of messages) pool.mailer.send(message)
  if (reply instanceof CommittedError) throw reply.error
  return typeof reply === 'function' ? reply() : reply
}

function runTransaction(
  pool: UserPool,
  parts: Pick<OperationContext, 'triggers' | 'random'>,
  change: (context: OperationContext) => Reply,
): { readonly reply: Reply; readonly messages: readonly Message[] } {
  const messages: Message[] = []
  const reply = settleAfter(pool, () =>
    change({
      ...pool,
      ...pool.current.of(pool.clientId),
      ...parts,
      sendMessage(message) {
        countEmail(message.medium, pool)
        pool.store.insertMessage({ ...message, sentAtMs: pool.clock.nowMs() })
        messages.push(message)
      },
    }),
  )
  return { reply, messages }
}

function settleAfter<Result>(
  { store, current }: Pick<UserPool, 'store' | 'current'>,
  change: () => Result,
): Result {
  try {
    return store.transaction(change)
  } finally {
    current.settle()
  }
}

function verifyToken(
  accessToken: string,
  { keys, issuer, clock }: UserPool,
): Promise<AccessClaims> {
  return verifyAccessToken(accessToken, { keys, issuer, nowMs: clock.nowMs() })
}

function requireCaller(claims: AccessClaims, { store, settings }: OperationContext): Caller {
  const user = store.findUserBySub(claims.sub)
  if (!user) throw userNotFoundError()
  if (!user.enabled) throw userDisabledError()
  // By event_id: without token revocation there is no origin_jti in the token.
  const session = store.findSessionByEvent({ sub: claims.sub, eventId: claims.event_id })
  const isClientGone = settings.userPoolClientId !== claims.client_id
  if (!session || session.revoked || isClientGone) {
    throw new CognitoError('NotAuthorizedException', 'Access Token has been revoked')
  }
  return { user, session }
}
