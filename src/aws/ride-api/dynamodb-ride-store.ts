/**
 * Stores rides in a DynamoDB table whose key is `RiderSub` and `RideId`, and which deletes an item once the time in
 * `ExpiresAt` is over. All rides of a rider are in one partition, so that no index is needed to find them, and a read can
 * be consistent. Requests are counted in the same table, in a partition of their own for each rider.
 */

import {
  type AttributeValue,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb'
import type { RideStore } from './ride-store.ts'

/** The most that one BatchWriteItem takes. */
const batchSize = 25

/** How often what BatchWriteItem leaves undone is sent again, and the first wait in milliseconds, which doubles. */
const repeats = 6
const firstWaitMs = 50

export function createDynamoDbRideStore({
  client,
  tableName,
  wait,
}: {
  readonly client: DynamoDBClient
  readonly tableName: string
  /** resolves after these milliseconds */
  readonly wait: (ms: number) => Promise<unknown>
}): RideStore {
  /** @throws {Error} when the service leaves some undone again and again */
  async function deleteItems(keys: readonly Record<string, AttributeValue>[]): Promise<void> {
    let requests: WriteRequest[] = keys.map((Key) => ({ DeleteRequest: { Key } }))
    for (let sent = 0; requests.length > 0; sent += 1) {
      if (sent > repeats) throw new Error(`${requests.length} items could not be deleted`)
      if (sent > 0) await wait(firstWaitMs * 2 ** (sent - 1))
      const { UnprocessedItems = {} } = await client.send(
        new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } }),
      )
      requests = Object.values(UnprocessedItems).flat()
    }
  }

  return {
    async recordRide({ rideId, riderSub, unicorn, pickup, requestedAtMs, expiresAtMs }) {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: {
            RiderSub: { S: riderSub },
            RideId: { S: rideId },
            Unicorn: {
              M: {
                Name: { S: unicorn.name },
                Color: { S: unicorn.color },
                Gender: { S: unicorn.gender },
              },
            },
            PickupLocation: {
              M: {
                Latitude: toNumber(pickup.latitude),
                Longitude: toNumber(pickup.longitude),
              },
            },
            RequestedAt: { S: new Date(requestedAtMs).toISOString() },
            ExpiresAt: toEpochSeconds(expiresAtMs),
          },
          ConditionExpression: 'attribute_not_exists(RideId)',
        }),
      )
    },

    async deleteRides(riderSub) {
      let startKey: Record<string, AttributeValue> | undefined
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'RiderSub = :rider',
            ExpressionAttributeValues: { ':rider': { S: riderSub } },
            // The role of the function may read nothing but keys.
            Select: 'SPECIFIC_ATTRIBUTES',
            ProjectionExpression: 'RiderSub, RideId',
            ConsistentRead: true,
            ExclusiveStartKey: startKey,
          }),
        )
        for (let start = 0; start < Items.length; start += batchSize) {
          await deleteItems(Items.slice(start, start + batchSize))
        }
        startKey = LastEvaluatedKey
      } while (startKey)
    },

    async countRequest({ riderSub, minute, limit }) {
      try {
        await client.send(
          new UpdateItemCommand({
            TableName: tableName,
            // A sub has no `#`, so that this is the partition of no rider.
            Key: { RiderSub: { S: `${riderSub}#requests` }, RideId: { S: String(minute) } },
            UpdateExpression: 'ADD Requests :one SET ExpiresAt = :end',
            ConditionExpression: 'attribute_not_exists(Requests) OR Requests < :limit',
            ExpressionAttributeValues: {
              ':one': { N: '1' },
              ':limit': { N: String(limit) },
              ':end': toEpochSeconds((minute + 1) * 60_000),
            },
          }),
        )
        return true
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false
        throw error
      }
    },
  }
}

/**
 * DynamoDB rejects numbers whose magnitude is below 1e-130; such a coordinate is stored as 0.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
function toNumber(degrees: number): { N: string } {
  return { N: String(Math.abs(degrees) < 1e-130 ? 0 : degrees) }
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html */
function toEpochSeconds(ms: number): { N: string } {
  return { N: String(Math.ceil(ms / 1000)) }
}
