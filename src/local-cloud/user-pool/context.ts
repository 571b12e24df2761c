/** What an operation gets to work with, and what it replies. */

import type { Clock, EmailMessage, Mailer, Random } from '../ports.ts'
import type { CommittedError } from './cognito-error.ts'
import type { StateCipher } from './encrypted-state.ts'
import type { Limits } from './limits.ts'
import type { UserPoolSettings } from './settings.ts'
import type { SimulateUser } from './simulated-user.ts'
import type { Store } from './store/store.ts'
import type { SigningKeys } from './tokens/signing-keys.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** An app client of a pool. */
export interface AppClient {
  /** those of the pool, with the client's own */
  readonly settings: UserPoolSettings
  /** `undefined` for one without a secret */
  readonly clientSecret: string | undefined
}

/** A running user pool, as one of its clients sees it. */
export interface UserPool extends AppClient {
  /** the first one is whom a request is taken to come from that names none */
  readonly clients: readonly AppClient[]
  readonly limits: Limits
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly mailer: Mailer
  readonly keys: SigningKeys
  readonly stateCipher: StateCipher
  readonly simulateUser: SimulateUser
  readonly createdAtMs: number
  /** @returns `iss` of the tokens: AWS's for this pool, or the pool's own address, which is known once it listens */
  issuer(): string
}

/** The user pool during one request. */
export interface OperationContext extends Omit<UserPool, 'mailer'> {
  /** the current ones: the template's with what was changed since */
  readonly settings: UserPoolSettings
  readonly templateSettings: UserPoolSettings
  /** Stores an email in this transaction; the mailer gets it after the commit. */
  sendEmail(message: EmailMessage): void
}

/** Work that has to wait for the commit, such as signing tokens. */
export type AfterCommit = () => Promise<JsonObject>

/**
 * What an operation returns; each of these commits the transaction. `undefined` is a response without a
 * body, `CommittedError` an error response whose changes are kept. A thrown `CognitoError` rolls back.
 */
export type Reply = JsonObject | undefined | AfterCommit | CommittedError
