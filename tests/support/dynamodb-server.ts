/**
 * A fake DynamoDB with PutItem only, for the real client: one table, whose key is `RideId`.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 */

import { createServer, type IncomingMessage } from 'node:http'
import * as v from 'valibot'
import { onTestFinished } from 'vitest'
import type { JsonObject } from './cognito-api.ts'

export const tableName = 'wild-rydes-rides-Rides-1ABCDEFGHIJKL'

/** What an AWS client outside of AWS needs to make a call at all. */
export const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' } as const
export const region = 'us-east-1'

export interface DynamoDbServer {
  readonly endpoint: string
  /** what is in the table, oldest first, each value with its type */
  items(): readonly JsonObject[]
  /** how many calls came in */
  calls(): number
  /** Lets the next call fail. */
  failOnce(failure: Failure): void
  /** Lets every later call fail. */
  failWith(failure: Failure): void
}

export interface Failure {
  readonly status: number
  readonly type: string
}

/** A number that the service accepts: neither too large nor too close to zero. */
const numberText = v.pipe(
  v.string(),
  v.regex(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/),
  v.check((text) => {
    const size = Math.abs(Number(text))
    return size < 1e126 && (size >= 1e-130 || /^-?0(\.0+)?$/.test(text))
  }),
)

type Value =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly M: Readonly<Record<string, Value>> }

const value: v.GenericSchema<Value> = v.union([
  v.strictObject({ S: v.string() }),
  v.strictObject({ N: numberText }),
  v.strictObject({
    M: v.record(
      v.string(),
      v.lazy(() => value),
    ),
  }),
])

const putItem = v.strictObject({
  TableName: v.literal(tableName),
  Item: v.objectWithRest(
    { RideId: v.strictObject({ S: v.pipe(v.string(), v.nonEmpty()) }) },
    value,
  ),
  ConditionExpression: v.optional(v.literal('attribute_not_exists(RideId)')),
})

export async function startDynamoDb(): Promise<DynamoDbServer> {
  const itemsByKey = new Map<string, JsonObject>()
  let failure: Failure | undefined
  const failuresToCome: Failure[] = []
  let calls = 0

  function answer(target: unknown, text: string): { status: number; body: JsonObject } {
    calls += 1
    const trouble = failuresToCome.shift() ?? failure
    if (trouble) return refuse(trouble)
    if (target !== 'DynamoDB_20120810.PutItem') {
      return refuse({ status: 400, type: 'UnknownOperationException' })
    }
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), putItem), text)
    if (!parsed.success) return refuse({ status: 400, type: 'ValidationException' })
    const { Item, ConditionExpression } = parsed.output
    const key = Item.RideId.S
    if (ConditionExpression !== undefined && itemsByKey.has(key)) {
      return refuse({ status: 400, type: 'ConditionalCheckFailedException' })
    }
    itemsByKey.set(key, Item)
    return { status: 200, body: {} }
  }

  const server = createServer((incoming, outgoing) => {
    void readText(incoming).then((text) => {
      const { status, body } = answer(incoming.headers['x-amz-target'], text)
      outgoing.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' })
      outgoing.end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('expected a port')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    items: () => [...itemsByKey.values()],
    calls: () => calls,
    failOnce: (next) => void failuresToCome.push(next),
    failWith(next) {
      failure = next
    },
  }
}

function refuse({ status, type }: Failure) {
  const __type = `com.amazonaws.dynamodb.v20120810#${type}`
  return { status, body: { __type, message: `because of ${type}` } }
}

async function readText(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk
  return text
}
