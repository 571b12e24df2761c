/** Entry point of the Lambda function. */

import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createDynamoDbRideStore } from './dynamodb-ride-store.ts'
import { createRideHandler } from './handler.ts'

const tableName = process.env.RIDES_TABLE
if (!tableName) throw new Error('RIDES_TABLE: expected the name of the DynamoDB table')

export const handler = createRideHandler({
  store: createDynamoDbRideStore({ client: new DynamoDBClient({}), tableName, wait: setTimeout }),
  clock: { nowMs: () => Date.now() },
  random: { bytes: randomBytes, uuid: randomUUID },
  limits: {
    retentionDays: parseCount('RIDE_RETENTION_DAYS', process.env.RIDE_RETENTION_DAYS),
    requestsPerMinute: parseCount('REQUESTS_PER_MINUTE', process.env.REQUESTS_PER_MINUTE),
  },
})

function parseCount(name: string, text = ''): number {
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new Error(`${name}: expected a whole number from 1`)
  return Number(text)
}
