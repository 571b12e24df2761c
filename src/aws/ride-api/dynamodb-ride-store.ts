/** Stores rides in a DynamoDB table whose key is `RideId`. */

import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
import type { RideStore } from './ride-store.ts'

export function createDynamoDbRideStore({
  client,
  tableName,
}: {
  readonly client: DynamoDBClient
  readonly tableName: string
}): RideStore {
  return {
    async recordRide({ rideId, riderSub, unicorn, pickup, requestedAtMs }) {
      await client.send(
        new PutItemCommand({
          TableName: tableName,
          Item: {
            RideId: { S: rideId },
            RiderSub: { S: riderSub },
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
          },
          ConditionExpression: 'attribute_not_exists(RideId)',
        }),
      )
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
