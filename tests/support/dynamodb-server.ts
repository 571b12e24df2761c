/**
 * A fake DynamoDB with four operations, for the real client: one table, whose key is `RiderSub` and `RideId`. Of
 * expressions it knows those that the ride API uses.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
 */

import { createServer, type IncomingMessage } from 'node:http'
import * as v from 'valibot'
import { onTestFinished } from 'vitest'
import type { JsonObject } from './cognito-api.ts'
import { listen } from './listen.ts'

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
  /** Lets a page of a Query end after so many items, as it does after 1 MB. */
  endPagesAfter(items: number): void
  /** Lets the next calls of BatchWriteItem do so many writes each and leave the others unprocessed, then all. */
  processOnly(writes: readonly number[]): void
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

/** A value with its type, as far as the ride API uses them. */
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

const keyText = v.strictObject({ S: v.pipe(v.string(), v.nonEmpty()) })
const keyEntries = { RiderSub: keyText, RideId: keyText }
const itemKey = v.strictObject(keyEntries)
type ItemKey = v.InferOutput<typeof itemKey>
const item = v.objectWithRest(keyEntries, value)
type Item = v.InferOutput<typeof item>
const name = v.literal(tableName)

const putItem = v.strictObject({
  TableName: name,
  Item: item,
  ConditionExpression: v.optional(v.literal('attribute_not_exists(RideId)')),
})

const query = v.strictObject({
  TableName: name,
  KeyConditionExpression: v.literal('RiderSub = :rider'),
  ExpressionAttributeValues: v.strictObject({ ':rider': keyText }),
  Select: v.optional(v.literal('SPECIFIC_ATTRIBUTES')),
  ProjectionExpression: v.optional(v.string()),
  ConsistentRead: v.optional(v.boolean(), false),
  ExclusiveStartKey: v.optional(itemKey),
})

const batchWriteItem = v.strictObject({
  RequestItems: v.strictObject({
    [tableName]: v.pipe(
      v.array(v.strictObject({ DeleteRequest: v.strictObject({ Key: itemKey }) })),
      v.minLength(1),
      v.maxLength(25),
      v.check(
        (requests) =>
          new Set(requests.map(({ DeleteRequest }) => toText(DeleteRequest.Key))).size ===
          requests.length,
        'the same key twice',
      ),
    ),
  }),
})

const updateItem = v.strictObject({
  TableName: name,
  Key: itemKey,
  UpdateExpression: v.literal('ADD Requests :one SET ExpiresAt = :end'),
  ConditionExpression: v.literal('attribute_not_exists(Requests) OR Requests < :limit'),
  ExpressionAttributeValues: v.strictObject({
    ':one': v.strictObject({ N: numberText }),
    ':limit': v.strictObject({ N: numberText }),
    ':end': v.strictObject({ N: numberText }),
  }),
})

function toText({ RiderSub, RideId }: ItemKey): string {
  return JSON.stringify([RiderSub.S, RideId.S])
}

function toKey({ RiderSub, RideId }: ItemKey): ItemKey {
  return { RiderSub, RideId }
}

/** The order of a partition: by the bytes of the sort key in UTF-8. */
function compareSortKeys(one: ItemKey, other: ItemKey): number {
  return Buffer.compare(Buffer.from(one.RideId.S), Buffer.from(other.RideId.S))
}

export async function startDynamoDb(): Promise<DynamoDbServer> {
  let table: ReadonlyMap<string, Item> = new Map()
  /** the table before its last write, which a read that is not consistent may still see */
  let earlierTable = table
  let pageSize = Number.POSITIVE_INFINITY
  const writesToCome: number[] = []
  let failure: Failure | undefined
  const failuresToCome: Failure[] = []
  let calls = 0

  function write(change: (items: Map<string, Item>) => void): void {
    const items = new Map(table)
    change(items)
    earlierTable = table
    table = items
  }

  const operations: ReadonlyMap<unknown, (body: unknown) => Answer> = new Map([
    [
      'PutItem',
      answering(putItem, ({ Item, ConditionExpression }) => {
        const key = toText(Item)
        if (ConditionExpression !== undefined && table.has(key)) {
          return refuse({ status: 400, type: 'ConditionalCheckFailedException' })
        }
        write((items) => items.set(key, Item))
        return { status: 200, body: {} }
      }),
    ],
    [
      'Query',
      answering(query, (request) => {
        const { Select, ProjectionExpression, ExclusiveStartKey } = request
        // What DynamoDB says of Select without a projection.
        if (Select && !ProjectionExpression) return refuse(validation)
        const rider = request.ExpressionAttributeValues[':rider'].S
        if (ExclusiveStartKey && ExclusiveStartKey.RiderSub.S !== rider) return refuse(validation)
        const found = [...(request.ConsistentRead ? table : earlierTable).values()]
          .filter(({ RiderSub }) => RiderSub.S === rider)
          .filter((one) => !ExclusiveStartKey || compareSortKeys(one, ExclusiveStartKey) > 0)
          .sort(compareSortKeys)
        const page = found.slice(0, pageSize)
        const last = page.at(-1)
        const names = ProjectionExpression?.split(/ *, */)
        return {
          status: 200,
          body: {
            Items: page.map((one) =>
              Object.fromEntries(
                Object.entries(one).filter(([key]) => names?.includes(key) ?? true),
              ),
            ),
            Count: page.length,
            // A page that is full has a key even when nothing comes after it.
            ...(last && page.length === pageSize && { LastEvaluatedKey: toKey(last) }),
          },
        }
      }),
    ],
    [
      'BatchWriteItem',
      answering(batchWriteItem, ({ RequestItems }) => {
        const requests = RequestItems[tableName] ?? []
        const count = writesToCome.shift() ?? requests.length
        const left = requests.slice(count)
        write((items) => {
          for (const { DeleteRequest } of requests.slice(0, count)) {
            items.delete(toText(DeleteRequest.Key))
          }
        })
        return {
          status: 200,
          body: { UnprocessedItems: left.length > 0 ? { [tableName]: left } : {} },
        }
      }),
    ],
    [
      'UpdateItem',
      answering(updateItem, ({ Key, ExpressionAttributeValues: values }) => {
        const stored = table.get(toText(Key))
        const count = readNumber(stored?.Requests)
        if (count !== undefined && count >= Number(values[':limit'].N)) {
          return refuse({ status: 400, type: 'ConditionalCheckFailedException' })
        }
        const Requests = { N: String((count ?? 0) + Number(values[':one'].N)) }
        write((items) =>
          items.set(toText(Key), { ...stored, ...Key, Requests, ExpiresAt: values[':end'] }),
        )
        return { status: 200, body: {} }
      }),
    ],
  ])

  function answer(target: unknown, text: string): Answer {
    calls += 1
    const trouble = failuresToCome.shift() ?? failure
    if (trouble) return refuse(trouble)
    const operation = operations.get(String(target).replace(/^DynamoDB_20120810\./, ''))
    return operation?.(text) ?? refuse({ status: 400, type: 'UnknownOperationException' })
  }

  const server = createServer((incoming, outgoing) => {
    void readText(incoming).then((text) => {
      const { status, body } = answer(incoming.headers['x-amz-target'], text)
      outgoing.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' })
      outgoing.end(JSON.stringify(body))
    })
  })
  const port = await listen(server, '127.0.0.1')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return {
    endpoint: `http://127.0.0.1:${port}`,
    items: () => [...table.values()],
    calls: () => calls,
    endPagesAfter(items) {
      pageSize = items
    },
    processOnly: (writes) => void writesToCome.push(...writes),
    failOnce: (next) => void failuresToCome.push(next),
    failWith(next) {
      failure = next
    },
  }
}

interface Answer {
  readonly status: number
  readonly body: JsonObject
}

const validation: Failure = { status: 400, type: 'ValidationException' }

/** @returns an operation that refuses what has another shape than `schema` */
function answering<Schema extends v.GenericSchema>(
  schema: Schema,
  run: (request: v.InferOutput<Schema>) => Answer,
): (text: unknown) => Answer {
  return (text) => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text)
    return parsed.success ? run(parsed.output) : refuse(validation)
  }
}

function readNumber(stored: Value | undefined): number | undefined {
  return stored && 'N' in stored ? Number(stored.N) : undefined
}

function refuse({ status, type }: Failure): Answer {
  const __type = `com.amazonaws.dynamodb.v20120810#${type}`
  return { status, body: { __type, message: `because of ${type}` } }
}

async function readText(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk
  return text
}
