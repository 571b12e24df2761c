/** Calls a function as Lambda does. */

import { toFunctionArn } from './lambda-config.ts'
import type { LambdaContext, TriggerHandler, TriggerName } from './trigger-events.ts'

/** how long Cognito waits for a function */
export const triggerTimeoutMs = 5000
/** most that Lambda lets a function return */
const maxOutputBytes = 6_291_556

/** Thrown when a function has not answered in time. */
export class TriggerTimeoutError extends Error {
  override readonly name = 'TriggerTimeoutError'
}

/**
 * @param event handed over as a copy: what a function does to it counts only when it is returned
 * @returns what the function returned, as it comes through JSON; `null` for nothing
 * @throws what the function throws or calls back with, {TriggerTimeoutError}, or an error for what JSON cannot hold
 */
export async function invokeHandler<Event>(
  handler: TriggerHandler<Event>,
  event: Event,
  { name, requestId }: { name: TriggerName; requestId: string },
): Promise<unknown> {
  const output = await waitForHandler(handler, structuredClone(event), { name, requestId })
  const json = toJson(output)
  if (Buffer.byteLength(json) > maxOutputBytes) {
    throw new Error(
      `Response payload size exceeded maximum allowed payload size (${maxOutputBytes} bytes)`,
    )
  }
  return JSON.parse(json)
}

function toJson(output: unknown): string {
  try {
    // Of a function, as of undefined, JSON.stringify makes no text.
    return JSON.stringify(output) ?? 'null'
  } catch (error) {
    throw new Error('Unable to stringify response body', { cause: error })
  }
}

function waitForHandler<Event>(
  handler: TriggerHandler<Event>,
  event: Event,
  { name, requestId }: { name: TriggerName; requestId: string },
): Promise<unknown> {
  const startedMs = performance.now()
  return new Promise<unknown>((resolve, reject) => {
    const timer = setTimeout(
      () => settle(() => reject(new TriggerTimeoutError(`no answer in ${triggerTimeoutMs} ms`))),
      triggerTimeoutMs,
    )
    const settle = (how: () => void) => {
      clearTimeout(timer)
      how()
    }
    const succeed = (result: unknown) => settle(() => resolve(result))
    const fail = (error: unknown) => settle(() => reject(error))
    const done = (error?: Error | string | null, result?: unknown) =>
      error === undefined || error === null ? succeed(result) : fail(error)
    const context: LambdaContext = {
      callbackWaitsForEmptyEventLoop: true,
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: toFunctionArn(name),
      memoryLimitInMB: '128',
      awsRequestId: requestId,
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: 'local',
      getRemainingTimeInMillis: () =>
        Math.max(0, Math.round(triggerTimeoutMs - (performance.now() - startedMs))),
      done,
      fail,
      succeed,
    }
    try {
      const returned = handler(event, context, done)
      if (isThenable(returned)) returned.then(succeed, fail)
      // Lambda ignores it: only a promise or a callback has an answer.
      else if (returned !== undefined) succeed(null)
    } catch (error) {
      fail(error)
    }
  })
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  )
}
