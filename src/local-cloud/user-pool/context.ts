/** What an operation gets to work with, and what it replies. */

import type { Clock, Mailer, Message, Random } from '../ports.ts'
import type { CommittedError } from './cognito-error.ts'
import type { CurrentPool } from './current-pool.ts'
import type { StateCipher } from './encrypted-state.ts'
import type { Limits } from './limits.ts'
import type { Quotas } from './quotas.ts'
import type { UserPoolSettings } from './settings.ts'
import type { SimulateUser } from './simulated-user.ts'
import type { Store } from './store/store.ts'
import type { Throttle } from './throttle.ts'
import type { SigningKeys } from './tokens/signing-keys.ts'
import type { TriggerCalls, Triggers } from './triggers/triggers.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** A running user pool. */
export interface UserPool {
  /** those of the template, with its first client's; during a request the current ones, with those of its client */
  readonly settings: UserPoolSettings
  /** its settings and clients as they are now */
  readonly current: CurrentPool
  /** the client that a request comes from; `undefined` when it names none */
  readonly clientId?: string | undefined
  readonly limits: Limits
  readonly quotas: Quotas
  readonly throttle: Throttle
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly mailer: Mailer
  readonly keys: SigningKeys
  readonly stateCipher: StateCipher
  readonly simulateUser: SimulateUser
  readonly createdAtMs: number
  /** where the request of the moment came in, such as `http://localhost:9229`: links in emails lead there */
  readonly origin?: string
  /** `undefined` where no trigger has a function */
  readonly triggers: Triggers | undefined
  /** @returns `iss` of the tokens: AWS's for this pool, or the pool's own address, which is known once it listens */
  issuer(): string
}

/** The user pool during one request. */
export interface OperationContext extends Omit<UserPool, 'mailer' | 'triggers'> {
  readonly triggers: TriggerCalls
  /** of the client that the request comes from; `undefined` for one without a secret */
  readonly clientSecret: string | undefined
  /** Stores a message in this transaction; the mailer gets it after the commit. */
  sendMessage(message: Message): void
}

/** Work that has to wait for the commit, such as signing tokens. */
export type AfterCommit = () => Promise<JsonObject>

/**
 * What an operation returns; each of these commits the transaction. `undefined` is a response without a
 * body, `CommittedError` an error response whose changes are kept. A thrown `CognitoError` rolls back.
 */
export type Reply = JsonObject | undefined | AfterCommit | CommittedError
