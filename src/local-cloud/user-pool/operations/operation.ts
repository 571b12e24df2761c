/** What an operation is: parse the body, then change the store in one transaction, then answer. */

import type { Clock, Letter, Outbox, Random } from '../../ports.ts'
import { CognitoError } from '../cognito-error.ts'
import { disabledUser, unknownUser } from '../common-errors.ts'
import type { Seal } from '../encrypted-state.ts'
import type { Limits } from '../limits.ts'
import type { UserPoolSettings } from '../settings.ts'
import { type AuthSession, requireAuthSession } from '../sign-in/auth-session.ts'
import type { Disguise } from '../simulated-user.ts'
import type { Session, Store, User } from '../store/store.ts'
import type { SigningKeys } from '../tokens/signing-keys.ts'
import { type AccessClaims, verifyAccessToken } from '../tokens/tokens.ts'
import * as member from './request-schema.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** A running user pool, as its operations see it. */
export interface UserPool {
  readonly settings: UserPoolSettings
  readonly limits: Limits
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly outbox: Outbox
  readonly keys: SigningKeys
  readonly seal: Seal
  readonly disguise: Disguise
  /** `undefined` for a client without one */
  readonly clientSecret: string | undefined
  readonly createdAtMs: number
}

/** The pool during one request. */
export interface OperationContext extends Omit<UserPool, 'outbox'> {
  /** Puts a letter into the inbox with this change; it is announced once the change is committed. */
  send(letter: Letter): void
}

/**
 * How an operation ends: with an answer, `undefined` where the service's has no body, or with what is
 * left to do for it after the commit (signing tokens), or with an error that keeps what was written. An
 * error that is thrown undoes it.
 */
export type Reply = JsonObject | undefined | (() => Promise<JsonObject>) | CognitoError

/** The user and the sign-in an access token belongs to. */
export interface Caller {
  readonly user: User
  readonly session: Session
}

export interface OperationRequest {
  readonly body: unknown
  /**
   * Whether the pool's owner asks. AWS checks a SigV4 signature; locally there is no secret to check it
   * with, so that there is one is enough.
   */
  readonly isSigned: boolean
}

export type Operation = (
  request: OperationRequest,
  pool: UserPool,
) => Promise<JsonObject | undefined>

interface OperationParts<Input> {
  /** @throws {CognitoError} for a body the service would refuse before looking at any user */
  parse(body: unknown): Input
  /** @throws {CognitoError} and the store stays as it was */
  run(input: Input, context: OperationContext): Reply
}

/** An operation anyone may call. */
export function defineOperation<Input>({ parse, run }: OperationParts<Input>): Operation {
  return ({ body }, pool) => {
    const input = parse(body)
    return commit(pool, (context) => run(input, context))
  }
}

/** An operation of a signed-in user, who is known by the body's AccessToken. */
export function defineUserOperation<Input>(parts: {
  parse(body: unknown): Input
  run(input: Input, context: OperationContext & { caller: Caller }): Reply
}): Operation {
  return async ({ body }, pool) => {
    const { AccessToken } = member.parseMembers({ AccessToken: member.token }, body)
    const input = parts.parse(body)
    const claims = await verifyToken(AccessToken, pool)
    return commit(pool, (context) =>
      parts.run(input, { ...context, caller: requireCaller(claims, context) }),
    )
  }
}

/** Who sets up a second factor: somebody signed in, or half-way in with the Session of MFA_SETUP. */
export interface SetupCaller {
  readonly user: User
  readonly authSession: AuthSession | undefined
}

/** An operation that sets up a second factor, with exactly one of AccessToken and Session. */
export function defineSetupOperation<Input>(parts: {
  parse(body: unknown): Input
  run(input: Input, caller: SetupCaller, context: OperationContext): Reply
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
    const input = parts.parse(body)
    const claims = AccessToken === undefined ? undefined : await verifyToken(AccessToken, pool)
    return commit(pool, (context) => {
      if (claims) {
        const { user } = requireCaller(claims, context)
        return parts.run(input, { user, authSession: undefined }, context)
      }
      const step = requireAuthSession(Session ?? '', { challenge: 'MFA_SETUP' }, context)
      return parts.run(input, { user: step.user, authSession: step.state }, context)
    })
  }
}

/** An operation of the owner's that is about no pool in particular. */
export function defineOwnerOperation<Input>({ parse, run }: OperationParts<Input>): Operation {
  return ({ body, isSigned }, pool) => {
    if (!isSigned) {
      throw new CognitoError('MissingAuthenticationTokenException', 'Missing Authentication Token')
    }
    const input = parse(body)
    return commit(pool, (context) => run(input, context))
  }
}

/** An operation of the owner's on this pool. */
export function defineAdminOperation<Input>({ parse, run }: OperationParts<Input>): Operation {
  return defineOwnerOperation({
    parse(body) {
      const { UserPoolId } = member.parseMembers({ UserPoolId: member.userPoolId }, body)
      return { UserPoolId, input: parse(body) }
    },
    run({ UserPoolId, input }, context) {
      if (UserPoolId !== context.settings.userPoolId) {
        throw new CognitoError(
          'ResourceNotFoundException',
          `User pool ${UserPoolId} does not exist.`,
        )
      }
      return run(input, context)
    },
  })
}

/** Runs `change` in one transaction; after the commit, announces its letters and finishes the reply. */
export async function commit(
  pool: UserPool,
  change: (context: OperationContext) => Reply,
): Promise<JsonObject | undefined> {
  const letters: Letter[] = []
  const reply = pool.store.transaction(() =>
    change({
      ...pool,
      send(letter) {
        pool.store.insertLetter({ ...letter, sentAtMs: pool.clock.nowMs() })
        letters.push(letter)
      },
    }),
  )
  for (const letter of letters) pool.outbox.deliver(letter)
  if (reply instanceof CognitoError) throw reply
  return typeof reply === 'function' ? reply() : reply
}

function verifyToken(
  accessToken: string,
  { keys, settings, clock }: UserPool,
): Promise<AccessClaims> {
  return verifyAccessToken(accessToken, { keys, settings, nowMs: clock.nowMs() })
}

function requireCaller(claims: AccessClaims, { store }: OperationContext): Caller {
  const user = store.findUserBySub(claims.sub)
  if (!user) throw unknownUser()
  if (!user.enabled) throw disabledUser()
  // By its event: the token of a client without revocation has no origin_jti.
  const session = store.findSessionByEvent({ sub: claims.sub, eventId: claims.event_id })
  if (!session || session.revoked) {
    throw new CognitoError('NotAuthorizedException', 'Access Token has been revoked')
  }
  return { user, session }
}
