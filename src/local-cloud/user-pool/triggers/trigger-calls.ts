/**
 * How an operation asks a trigger. Its transaction is synchronous and a trigger is not, so the transaction runs several
 * times: where it needs an answer that is not there, it is rolled back, the function is called, and the transaction
 * runs again from the start with the answer. What is committed is the last run, which saw everything as it is. No
 * transaction is open while a function runs, so that it may call the pool itself.
 */

import * as v from 'valibot'
import type { Random } from '../../ports.ts'
import { CognitoError } from '../cognito-error.ts'
import type { UserPool } from '../context.ts'
import { invokeHandler, TriggerTimeoutError } from './invoke-handler.ts'
import type { TriggerEvent, TriggerEvents, TriggerHandler, TriggerName } from './trigger-events.ts'
import type {
  ResponseSchema,
  TriggerCalls,
  TriggerInput,
  TriggerRequest,
  Triggers,
} from './triggers.ts'

/** most calls of functions in one operation; the most that one needs are about five */
const maxCalls = 20

/** Of triggers whose response has no meaning. */
const noResponse = v.looseObject({})

interface Answer {
  readonly output?: unknown
  readonly error?: CognitoError
  readonly note?: string
}

/** An answer with what it was asked about: the trigger, its source and the user. */
interface AskedAnswer {
  readonly about: string
  readonly answer: Answer
}

/** Thrown by a transaction that needs an answer. */
class TriggerNeeded extends Error {
  override readonly name = 'TriggerNeeded'
  /** which call of the transaction it is, from 0 */
  readonly position: number
  readonly ask: () => Promise<AskedAnswer>

  constructor(position: number, ask: () => Promise<AskedAnswer>) {
    super('a trigger has to be asked first')
    this.position = position
    this.ask = ask
  }
}

/**
 * Runs a transaction until it has every answer. Its first call of a trigger gets the first answer, and so on: a function
 * may have changed what its event was made of, and is not asked again for that. When a run asks about something else,
 * because another request has changed what it rests on, the answers from there on are dropped.
 *
 * @param run the transaction. It draws the same random values each time: what a function was told stays true
 */
export async function runWithTriggers<Result>(
  pool: UserPool,
  triggers: Triggers,
  run: (parts: { triggers: TriggerCalls; random: Random }) => Result,
): Promise<Result> {
  let answers: readonly AskedAnswer[] = []
  const random = createRepeatableRandom(pool.random)
  for (let calls = 0; calls <= maxCalls; calls++) {
    try {
      const parts = { triggers: createTriggerCalls(pool, triggers, answers) }
      return run({ ...parts, random: random.fromStart() })
    } catch (error) {
      if (!(error instanceof TriggerNeeded)) throw error
      answers = [...answers.slice(0, error.position), await error.ask()]
    }
  }
  throw new Error(`more than ${maxCalls} calls of triggers in one operation`)
}

/** For one run of a transaction. */
function createTriggerCalls(
  pool: UserPool,
  triggers: Triggers,
  answers: readonly AskedAnswer[],
): TriggerCalls {
  let next = 0
  return {
    has: (name) => triggers.handlers[name] !== undefined,
    request: triggers.request,
    call(name, input, schema) {
      const handler = triggers.handlers[name]
      if (!handler) return undefined
      const position = next++
      const about = JSON.stringify([name, input.triggerSource, input.userName])
      const asked = answers[position]
      if (asked?.about !== about) {
        const event = toEvent(input, pool, triggers.request)
        throw new TriggerNeeded(position, async () => ({
          about,
          answer: await ask({ name, handler, event, schema }, pool, triggers),
        }))
      }
      if (asked.answer.error) throw asked.answer.error
      return parseResponse(asked.answer.output, schema)
    },
    async callAfterCommit(name, input) {
      const handler = triggers.handlers[name]
      if (!handler) return
      const event = toEvent(input, pool, triggers.request)
      const answer = await ask({ name, handler, event, schema: noResponse }, pool, triggers)
      if (answer.error) throw answer.error
    },
  }
}

function toEvent<Name extends TriggerName>(
  { version = '1', triggerSource, userName, request, response }: TriggerInput<Name>,
  { settings }: UserPool,
  { clientId }: TriggerRequest,
): TriggerEvents[Name] {
  const event: TriggerEvent<string, unknown, unknown> = {
    version,
    triggerSource,
    region: settings.region,
    userPoolId: settings.userPoolId,
    userName,
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
    request,
    response,
  }
  // TriggerInput has the parts that differ between triggers, typed as the event's.
  return event as TriggerEvents[Name]
}

/** Calls a function once, and tells how it ended. */
async function ask<Event extends { triggerSource: string }, Response>(
  call: {
    name: TriggerName
    handler: TriggerHandler<Event>
    event: Event
    schema: ResponseSchema<Response>
  },
  { random }: UserPool,
  { record }: Triggers,
): Promise<Answer> {
  const { name, handler, event, schema } = call
  const startedMs = performance.now()
  const requestId = random.uuid()
  const answer = await invokeHandler(handler, event, { name, requestId }).then(
    (output) => toAnswer(output, schema),
    (thrown: unknown) => ({ error: toCognitoError(name, thrown) }),
  )
  const durationMs = performance.now() - startedMs
  record({ triggerSource: event.triggerSource, event, durationMs, ...answer })
  return answer
}

function toAnswer<Response>(output: unknown, schema: ResponseSchema<Response>): Answer {
  try {
    const response = parseResponse(output, schema)
    const note = schema.explain?.(response)
    return { output, ...(note !== undefined && { note }) }
  } catch (error) {
    if (error instanceof CognitoError) return { output, error }
    throw error
  }
}

function toCognitoError(name: TriggerName, thrown: unknown): CognitoError {
  if (thrown instanceof TriggerTimeoutError) {
    return new CognitoError(
      'UnexpectedLambdaException',
      `${name} invocation failed due to error Socket timeout while invoking Lambda function.`,
      { cause: thrown, detail: thrown.message },
    )
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new CognitoError(
    'UserLambdaValidationException',
    `${name} failed with error ${message}.`,
    { cause: thrown, ...(thrown instanceof Error && thrown.stack && { detail: thrown.stack }) },
  )
}

/** What a function gives back unchanged: without it Cognito does not take its response. */
const commonFields = {
  version: v.string(),
  region: v.string(),
  userPoolId: v.string(),
  userName: v.string(),
  callerContext: v.looseObject({}),
}

/** @throws {CognitoError} InvalidLambdaResponseException */
function parseResponse<Response>(
  output: unknown,
  schema: v.GenericSchema<unknown, Response>,
): Response {
  if (output === null) {
    throw new CognitoError(
      'InvalidLambdaResponseException',
      'Invalid lambda function output : Invalid JSON',
      { detail: 'the function returned nothing: return the event, from an async function' },
    )
  }
  const parsed = v.safeParse(v.looseObject({ ...commonFields, response: schema }), output)
  if (parsed.success) return parsed.output.response
  const [issue] = parsed.issues
  throw unrecognizableOutputError(
    `${v.getDotPath(issue) ?? 'what it returned'}: ${toProblem(issue)}`,
  )
}

/** Without the value, which may be a secret. */
function toProblem({ kind, expected, message, input }: v.BaseIssue<unknown>): string {
  return kind === 'schema' ? `expected ${expected}, and it is of type ${typeof input}` : message
}

/** @param detail what is wrong with it, for the log */
export function unrecognizableOutputError(detail: string): CognitoError {
  return new CognitoError('InvalidLambdaResponseException', 'Unrecognizable lambda output', {
    detail,
  })
}

/** Draws random values once and gives them again, in the same order, from the start. */
function createRepeatableRandom(random: Random): { fromStart(): Random } {
  const drawn = new Map<string, unknown[]>()
  return {
    fromStart() {
      const positions = new Map<string, number>()
      const repeat = <Value>(key: string, draw: () => Value): Value => {
        const values = drawn.get(key) ?? []
        drawn.set(key, values)
        const position = positions.get(key) ?? 0
        positions.set(key, position + 1)
        if (position === values.length) values.push(draw())
        // Only `draw` puts values under its key.
        return values[position] as Value
      }
      return {
        bytes: (count) => Buffer.from(repeat(`bytes ${count}`, () => random.bytes(count))),
        uuid: () => repeat('uuid', () => random.uuid()),
        digits: (count) => repeat(`digits ${count}`, () => random.digits(count)),
      }
    },
  }
}
