/** The ride API's Lambda function: the deployed bundle, run as Lambda runs it, over DynamoDB. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { JsonObject } from '../../support/cognito-api.ts'
import {
  credentials,
  type DynamoDbServer,
  region,
  startDynamoDb,
  tableName,
} from '../../support/dynamodb-server.ts'
import { type LambdaRun, runLambda } from '../../support/lambda-process.ts'
import { createRideEvent, idClaims } from '../../support/ride-event.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const root = fileURLToPath(new URL('../../..', import.meta.url))
const configFile = join(root, 'src/aws/ride-api/vite.config.ts')
/** Below the repository, so that Node finds the AWS SDK in a parent folder, as in Lambda. */
const parent = join(root, 'node_modules/.tmp')
let outDir = ''

beforeAll(async () => {
  mkdirSync(parent, { recursive: true })
  outDir = mkdtempSync(join(parent, 'ride-api-'))
  await build({ configFile, logLevel: 'silent', build: { outDir } })
})

afterAll(() => rmSync(outDir, { recursive: true, force: true }))

/** The variables that Lambda sets, and where DynamoDB is. */
function toEnvironment(endpoint: string): Readonly<Record<string, string>> {
  return {
    RIDES_TABLE: tableName,
    RIDE_RETENTION_DAYS: '7',
    REQUESTS_PER_MINUTE: '100',
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  }
}

const responses = v.array(
  v.union([
    v.strictObject({ failed: v.string() }),
    v.strictObject({
      statusCode: v.number(),
      headers: v.record(v.string(), v.string()),
      body: v.union([v.literal(''), v.pipe(v.string(), v.parseJson())]),
    }),
  ]),
)

async function callLambda(endpoint: string, events: readonly unknown[]) {
  return parseResponses(await runLambda(outDir, toEnvironment(endpoint), events))
}

function parseResponses({ code, stdout, stderr }: LambdaRun) {
  expect(code, stderr).toBe(0)
  return v.parse(v.pipe(v.string(), v.parseJson(), responses), stdout)
}

/** The items that are rides, not counts of requests. */
function listRides(server: DynamoDbServer): readonly JsonObject[] {
  return server.items().filter((item) => 'Unicorn' in item)
}

describe('Lambda bundle', () => {
  test('Lambda bundle: it is one file whose handler is the one the template names', () => {
    const template = readFileSync(join(root, 'src/aws/ride-api.yaml'), 'utf8')
    const [, file, member] = /Handler: (\w+)\.(\w+)/.exec(template) ?? []

    expect(readdirSync(outDir)).toEqual([`${file}.mjs`])
    expect(readFileSync(join(outDir, `${file}.mjs`), 'utf8')).toMatch(
      new RegExp(`export \\{[^}]*\\b${member}\\b`),
    )
  })

  test("Lambda bundle: it imports Node's modules and the AWS SDK only", () => {
    const code = readFileSync(join(outDir, 'lambda.mjs'), 'utf8')
    const imported = [
      ...code.matchAll(/^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*["']([^"']+)["']/gm),
      ...code.matchAll(/^\s*import\s*["']([^"']+)["']/gm),
      ...code.matchAll(/\b(?:import|require)\s*\(\s*["'`]([^"'`]+)/g),
    ].map(([, name = '']) => name)
    const isOfNode = (name: string) =>
      name.startsWith('node:') && builtinModules.includes(name.slice('node:'.length))

    expect(imported).toContain('node:crypto')
    expect(imported.filter((name) => !isOfNode(name))).toEqual(['@aws-sdk/client-dynamodb'])
  })

  test('Lambda bundle: it is small and has no code of the local cloud or the site', () => {
    const code = readFileSync(join(outDir, 'lambda.mjs'), 'utf8')

    expect(code.length).toBeLessThan(64 * 1024)
    expect(code).not.toMatch(/libsql|sqlite|WildRydes|localhost|sourceMappingURL/)
  })
})

const uuid = expect.stringMatching(
  /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
)

describe('Lambda handler', () => {
  test('Lambda handler: it answers 201 and writes the item to the table', async () => {
    const server = await startDynamoDb()
    const startedMs = Date.now()
    const [response] = await callLambda(server.endpoint, [createRideEvent()])
    const [item] = listRides(server)

    expect(response).toEqual({
      statusCode: 201,
      headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
      body: {
        RideId: uuid,
        Unicorn: {
          Name: expect.any(String),
          Color: expect.any(String),
          Gender: expect.any(String),
        },
        Eta: '30 seconds',
        Rider: 'rider@example.com',
      },
    })
    const { RideId, Unicorn } = v.parse(told, response).body
    expect(listRides(server)).toHaveLength(1)
    expect(item).toEqual({
      RideId: { S: RideId },
      RiderSub: { S: idClaims.sub },
      Unicorn: {
        M: {
          Name: { S: Unicorn.Name },
          Color: { S: Unicorn.Color },
          Gender: { S: Unicorn.Gender },
        },
      },
      PickupLocation: { M: { Latitude: { N: '47.6205' }, Longitude: { N: '-122.3493' } } },
      RequestedAt: { S: expect.any(String) },
      // In seven days, in seconds.
      ExpiresAt: { N: String(Math.ceil(readTimeMs(item) / 1000 + 7 * 86_400)) },
    })
    expect(readTimeMs(item)).toBeGreaterThanOrEqual(startedMs)
    expect(readTimeMs(item)).toBeLessThanOrEqual(Date.now())
  })

  test('Lambda handler: each ride of one process has its own id', async () => {
    const server = await startDynamoDb()
    const events = Array.from({ length: 20 }, () => createRideEvent())
    const rides = v.parse(v.array(told), await callLambda(server.endpoint, events))

    expect(new Set(rides.map(({ body }) => body.RideId)).size).toBe(20)
    expect(listRides(server)).toHaveLength(20)
  })

  test("Lambda handler: DELETE /rides deletes all rides of the rider, whatever their number, and nobody else's", async () => {
    const server = await startDynamoDb()
    server.endPagesAfter(30)
    server.processOnly([20])
    const other = { ...idClaims, sub: 'another' }
    const events = [
      ...Array.from({ length: 80 }, () => createRideEvent()),
      createRideEvent({ claims: other }),
      createRideEvent({ routeKey: 'DELETE /rides' }),
      createRideEvent({ routeKey: 'DELETE /rides' }),
    ]
    const deleted = { statusCode: 204, headers: { 'Cache-Control': 'no-store' }, body: '' }

    expect((await callLambda(server.endpoint, events)).slice(-2)).toEqual([deleted, deleted])
    expect(listRides(server)).toMatchObject([{ RiderSub: { S: 'another' } }])
  })

  test('Lambda handler: it fails, and answers no 204, when the rides cannot be deleted', async () => {
    const server = await startDynamoDb()
    server.processOnly([0, 0, 0, 0, 0, 0, 0])
    const events = [createRideEvent(), createRideEvent({ routeKey: 'DELETE /rides' })]

    expect(await callLambda(server.endpoint, events)).toMatchObject([
      { statusCode: 201 },
      { failed: 'Error' },
    ])
    expect(listRides(server)).toHaveLength(1)
  })

  test('Lambda handler: a rider who asks too often gets 429, and other riders their rides', async () => {
    const server = await startDynamoDb()
    const events = [
      ...Array.from({ length: 5 }, () => createRideEvent()),
      createRideEvent({ claims: { ...idClaims, sub: 'another' } }),
    ]
    const env = { ...toEnvironment(server.endpoint), REQUESTS_PER_MINUTE: '2' }
    const answers = parseResponses(await runLambda(outDir, env, events))
    const limited = answers.filter((one) => 'statusCode' in one && one.statusCode === 429)

    // A minute that ends meanwhile lets two more pass.
    expect([1, 2, 3]).toContain(limited.length)
    expect(limited[0]).toMatchObject({
      headers: { 'Retry-After': expect.stringMatching(/^([1-9]|[1-5][0-9]|60)$/) },
      body: { message: expect.stringMatching(/^Too many requests\. Try again in \d+ seconds?\.$/) },
    })
    expect(answers.at(-1)).toMatchObject({ statusCode: 201 })
    expect(listRides(server)).toHaveLength(6 - limited.length)
  })

  test('Lambda handler: invalid requests and missing authorization are rejected and nothing is written', async () => {
    const server = await startDynamoDb()
    const events = [
      createRideEvent({ body: '{}' }),
      createRideEvent({ claims: { ...idClaims, token_use: 'access' } }),
      {},
    ]

    expect(await callLambda(server.endpoint, events)).toMatchObject([
      { statusCode: 400, body: { message: 'PickupLocation is missing' } },
      { statusCode: 401, body: { message: 'An ID token is needed' } },
      { statusCode: 401, body: { message: 'Unauthorized' } },
    ])
    expect(listRides(server)).toEqual([])
  })

  test('Lambda handler: it fails when the table cannot be written, so that API Gateway answers 500', async () => {
    const server = await startDynamoDb()
    server.failWith({ status: 400, type: 'ResourceNotFoundException' })

    expect(await callLambda(server.endpoint, [createRideEvent()])).toEqual([
      { failed: 'ResourceNotFoundException' },
    ])
  })

  test.each([
    ['RIDES_TABLE', undefined, 'RIDES_TABLE: expected the name of the DynamoDB table'],
    ['RIDES_TABLE', '', 'RIDES_TABLE: expected the name of the DynamoDB table'],
    ['RIDE_RETENTION_DAYS', undefined, 'RIDE_RETENTION_DAYS: expected a whole number from 1'],
    ['RIDE_RETENTION_DAYS', '0', 'RIDE_RETENTION_DAYS: expected a whole number from 1'],
    ['RIDE_RETENTION_DAYS', '1.5', 'RIDE_RETENTION_DAYS: expected a whole number from 1'],
    ['REQUESTS_PER_MINUTE', 'ten', 'REQUESTS_PER_MINUTE: expected a whole number from 1'],
  ])('Lambda handler: it does not start with %s as %j', async (name, value, message) => {
    const { [name]: _, ...env } = toEnvironment('http://127.0.0.1:1')
    const run = await runLambda(outDir, { ...env, ...(value !== undefined && { [name]: value }) })

    expect(run.code).not.toBe(0)
    expect(run.stdout).toBe('')
    expect(run.stderr).toContain(message)
  })
})

const told = v.object({
  statusCode: v.literal(201),
  body: v.object({
    RideId: v.string(),
    Unicorn: v.object({ Name: v.string(), Color: v.string(), Gender: v.string() }),
  }),
})

function readTimeMs(item: JsonObject | undefined): number {
  return Date.parse(
    v.parse(v.object({ RequestedAt: v.object({ S: v.string() }) }), item).RequestedAt.S,
  )
}
