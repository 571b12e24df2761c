/** Entry point of the Lambda function. */

import { randomBytes, randomUUID } from 'node:crypto'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { createDynamoDbRideStore } from './dynamodb-ride-store.ts'
import { createRideHandler } from './handler.ts'

const tableName = process.env.RIDES_TABLE
if (!tableName) throw new Error('RIDES_TABLE: expected the name of the DynamoDB table')

export const handler = createRideHandler({
  store: createDynamoDbRideStore({ client: new DynamoDBClient({}), tableName }),
  clock: { nowMs: () => Date.now() },
  random: { bytes: randomBytes, uuid: randomUUID },
})
