/** The triggers of a pool, and how operations ask them. */

import type * as v from 'valibot'
import type { CognitoError } from '../cognito-error.ts'
import {
  type StringMap,
  type TriggerEvents,
  type TriggerHandlers,
  type TriggerName,
  triggerNames,
} from './trigger-events.ts'

/** What a request has for its triggers. */
export interface TriggerRequest {
  /** AWS's word for an operation without a client is CLIENT_ID_NOT_APPLICABLE */
  readonly clientId: string
  readonly clientMetadata?: StringMap
  readonly validationData?: StringMap
}

/** A call of a function and how it ended, as it was: with secrets. */
export interface TriggerCall {
  readonly triggerSource: string
  readonly event: unknown
  /** what it returned; missing when it failed */
  readonly output?: unknown
  /** why it failed, or why what it returned does not do */
  readonly error?: CognitoError
  /** what else a developer should know about it */
  readonly note?: string
  readonly durationMs: number
}

/** The triggers of a pool. */
export interface Triggers {
  readonly handlers: TriggerHandlers
  /** Hears of each call. */
  record(call: TriggerCall): void
  /** of the request that is handled */
  readonly request: TriggerRequest
}

const nobodysRequest: TriggerRequest = { clientId: 'CLIENT_ID_NOT_APPLICABLE' }

/** @returns `undefined` where no trigger has a function, so that nothing is different */
export function createTriggers(handlers: TriggerHandlers): Triggers | undefined {
  if (!triggerNames.some((name) => handlers[name])) return undefined
  return { handlers, record: () => undefined, request: nobodysRequest }
}

/** The parts of an event that differ between calls; the pool adds the others. */
export interface TriggerInput<Name extends TriggerName> {
  readonly version?: string
  readonly triggerSource: TriggerEvents[Name]['triggerSource']
  readonly userName: string
  readonly request: Partial<Nullable<TriggerEvents[Name]['request']>>
  readonly response: Nullable<TriggerEvents[Name]['response']>
}

type Nullable<Members> = { readonly [Member in keyof Members]: Members[Member] | null }

/** What a response may be. */
export type ResponseSchema<Response> = v.GenericSchema<unknown, Response> & {
  /** what a developer should know about a response that does */
  explain?(response: Response): string | undefined
}

/** Asks triggers during one operation. */
export interface TriggerCalls {
  /** Whether the trigger has a function. Without one, `call` and `callAfterCommit` do nothing. */
  has(name: TriggerName): boolean
  readonly request: TriggerRequest
  /**
   * For use inside a transaction.
   *
   * @returns the response, checked against `schema`; `undefined` where the trigger has no function
   * @throws {CognitoError} UserLambdaValidationException, UnexpectedLambdaException, InvalidLambdaResponseException
   */
  call<Name extends TriggerName, Response>(
    name: Name,
    input: TriggerInput<Name>,
    schema: ResponseSchema<Response>,
  ): Response | undefined
  /** The same after the commit, whose changes the function sees and its failure does not undo. */
  callAfterCommit<Name extends TriggerName>(name: Name, input: TriggerInput<Name>): Promise<void>
}

export const noTriggerCalls: TriggerCalls = {
  has: () => false,
  request: nobodysRequest,
  call: () => undefined,
  callAfterCommit: async () => undefined,
}
