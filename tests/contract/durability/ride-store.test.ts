/** Ride stores: SQLite in the local cloud and DynamoDB on AWS must behave alike. */

import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import Database from 'libsql'
import * as v from 'valibot'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createDynamoDbRideStore } from '../../../src/aws/ride-api/dynamodb-ride-store.ts'
import type { Ride, RideStore } from '../../../src/aws/ride-api/ride-store.ts'
import { openSqliteRideStore } from '../../../src/local-cloud/ride-api/sqlite-ride-store.ts'
import { StoreError } from '../../../src/local-cloud/sqlite-file.ts'
import {
  credentials,
  type DynamoDbServer,
  region,
  startDynamoDb,
  tableName,
} from '../../support/dynamodb-server.ts'
import { openStore } from '../../support/store-fixtures.ts'
import { createTempFolder } from '../../support/temp-folder.ts'

/** A store, with access to what it has stored and a way to make it fail. */
interface OpenedStore {
  readonly store: RideStore
  /** all stored rides, oldest first */
  read(): readonly Ride[]
  /** Lets every later call fail. */
  spoil(): void
}

const rideRow = v.object({
  ride_id: v.string(),
  rider_sub: v.string(),
  unicorn_name: v.string(),
  unicorn_color: v.string(),
  unicorn_gender: v.picklist(['Female', 'Male']),
  latitude: v.number(),
  longitude: v.number(),
  requested_at_ms: v.number(),
})

/** Reads or changes the file as any SQLite tool would. */
function withDatabase<Result>(path: string, use: (database: Database.Database) => Result): Result {
  const database = new Database(path)
  try {
    return use(database)
  } finally {
    database.close()
  }
}

function readRows(path: string): readonly Ride[] {
  const rows = withDatabase(path, (database) =>
    database.prepare('SELECT * FROM rides ORDER BY rowid').all(),
  )
  return v.parse(v.array(rideRow), rows).map((row) => ({
    rideId: row.ride_id,
    riderSub: row.rider_sub,
    unicorn: { name: row.unicorn_name, color: row.unicorn_color, gender: row.unicorn_gender },
    pickup: { latitude: row.latitude, longitude: row.longitude },
    requestedAtMs: row.requested_at_ms,
  }))
}

function findPath(): string {
  return join(createTempFolder(), 'rides.sqlite')
}

function openInSqlite(path: string): OpenedStore {
  const store = openSqliteRideStore(path)
  onTestFinished(() => store.close())
  return {
    store,
    read: () => readRows(path),
    spoil: () => withDatabase(path, (database) => database.exec('DROP TABLE rides')),
  }
}

const text = v.pipe(
  v.strictObject({ S: v.string() }),
  v.transform(({ S }) => S),
)
const number = v.pipe(
  v.strictObject({ N: v.string() }),
  v.transform(({ N }) => Number(N)),
)
const rideItem = v.strictObject({
  RideId: text,
  RiderSub: text,
  Unicorn: v.strictObject({
    M: v.strictObject({
      Name: text,
      Color: text,
      Gender: v.pipe(text, v.picklist(['Female', 'Male'])),
    }),
  }),
  PickupLocation: v.strictObject({ M: v.strictObject({ Latitude: number, Longitude: number }) }),
  RequestedAt: v.pipe(text, v.isoTimestamp()),
})

function readItems(server: DynamoDbServer): readonly Ride[] {
  return v.parse(v.array(rideItem), server.items()).map((item) => ({
    rideId: item.RideId,
    riderSub: item.RiderSub,
    unicorn: {
      name: item.Unicorn.M.Name,
      color: item.Unicorn.M.Color,
      gender: item.Unicorn.M.Gender,
    },
    pickup: {
      latitude: item.PickupLocation.M.Latitude,
      longitude: item.PickupLocation.M.Longitude,
    },
    requestedAtMs: Date.parse(item.RequestedAt),
  }))
}

function openInDynamoDb(server: DynamoDbServer): OpenedStore {
  const client = new DynamoDBClient({ endpoint: server.endpoint, region, credentials })
  onTestFinished(() => client.destroy())
  return {
    store: createDynamoDbRideStore({ client, tableName }),
    read: () => readItems(server),
    spoil: () => server.failWith({ status: 400, type: 'ResourceNotFoundException' }),
  }
}

const stores: readonly (readonly [string, () => OpenedStore | Promise<OpenedStore>])[] = [
  ['in SQLite', () => openInSqlite(findPath())],
  ['in DynamoDB', async () => openInDynamoDb(await startDynamoDb())],
]

function createRide(rideId: string, change: Partial<Ride> = {}): Ride {
  return {
    rideId,
    riderSub: 'f4a814f8-2091-70e2-6cbd-96b4a4fa8b4e',
    unicorn: { name: 'Fennel', color: 'Dapple grey', gender: 'Male' },
    pickup: { latitude: 47.6205, longitude: -122.3493 },
    requestedAtMs: 1_793_000_000_123,
    ...change,
  }
}

describe.each(stores)('ride store %s', (_, open) => {
  test('ride store: every field of a ride is stored', async () => {
    const { store, read } = await open()
    await store.recordRide(createRide('one'))

    expect(read()).toEqual([createRide('one')])
  })

  test.each([
    ['at the south pole and the date line', { pickup: { latitude: -90, longitude: 180 } }],
    [
      'with coordinates of full precision',
      { pickup: { latitude: 47.62050000000001, longitude: -122.3493 } },
    ],
    ['next to zero degrees', { pickup: { latitude: 5e-7, longitude: -1e-7 } }],
    ['requested at time 0', { requestedAtMs: 0 }],
    [
      'by a unicorn with a Unicode name',
      {
        unicorn: {
          name: `Zoë "O'Neil" 🦄\n<b>`,
          color: "'); DROP TABLE rides;--",
          gender: 'Female',
        },
      },
    ],
  ] satisfies [string, Partial<Ride>][])(
    'ride store: a ride %s is stored unchanged',
    async (_what, change) => {
      const { store, read } = await open()
      await store.recordRide(createRide('one', change))

      expect(read()).toEqual([createRide('one', change)])
    },
  )

  test('ride store: several rides of several riders are stored', async () => {
    const { store, read } = await open()
    const rides = [
      createRide('one'),
      createRide('two'),
      createRide('three', { riderSub: 'another' }),
    ]
    for (const ride of rides) await store.recordRide(ride)

    expect(read()).toEqual(rides)
  })

  test('ride store: rides recorded in parallel are all stored', async () => {
    const { store, read } = await open()
    const rides = Array.from({ length: 20 }, (_one, index) => createRide(`ride-${index}`))
    await Promise.all(rides.map((ride) => store.recordRide(ride)))

    expect(new Set(read().map(({ rideId }) => rideId)).size).toBe(20)
  })

  test('ride store: a second ride with the same id is rejected and the first is kept', async () => {
    const { store, read } = await open()
    await store.recordRide(createRide('one'))

    await expect(
      store.recordRide(createRide('one', { riderSub: 'another', requestedAtMs: 7 })),
    ).rejects.toThrow()
    expect(read()).toEqual([createRide('one')])
  })

  test('ride store: a rejected ride does not stop later ones', async () => {
    const { store, read } = await open()
    await store.recordRide(createRide('one'))
    await expect(store.recordRide(createRide('one'))).rejects.toThrow()
    await store.recordRide(createRide('two'))

    expect(read()).toEqual([createRide('one'), createRide('two')])
  })

  test('ride store: recordRide rejects when the ride cannot be stored', async () => {
    const { store, spoil } = await open()
    spoil()

    await expect(store.recordRide(createRide('one'))).rejects.toThrow()
  })
})

describe('ride store in DynamoDB', () => {
  test('DynamoDB: a coordinate too close to zero for the service is stored as zero', async () => {
    const { store, read } = openInDynamoDb(await startDynamoDb())
    const pickup = { latitude: 5e-324, longitude: -1e-131 }
    await store.recordRide(createRide('one', { pickup }))

    expect(read()[0]?.pickup).toEqual({ latitude: 0, longitude: 0 })
  })

  test('DynamoDB: a call is retried after one failure and the ride is stored once', async () => {
    const server = await startDynamoDb()
    const { store, read } = openInDynamoDb(server)
    server.failOnce({ status: 500, type: 'InternalServerError' })
    await store.recordRide(createRide('one'))

    expect(server.calls()).toBe(2)
    expect(read()).toEqual([createRide('one')])
  })

  test.each([
    { status: 500, type: 'InternalServerError' },
    { status: 503, type: 'ServiceUnavailable' },
    { status: 400, type: 'ProvisionedThroughputExceededException' },
    { status: 400, type: 'AccessDeniedException' },
  ])('DynamoDB: a lasting $status $type fails the ride', async (failure) => {
    const server = await startDynamoDb()
    const { store, read } = openInDynamoDb(server)
    server.failWith(failure)

    await expect(store.recordRide(createRide('one'))).rejects.toMatchObject({ name: failure.type })
    expect(read()).toEqual([])
  })

  test('DynamoDB: an unreachable service fails the ride', async () => {
    const client = new DynamoDBClient({ endpoint: 'http://127.0.0.1:1', region, credentials })
    const store = createDynamoDbRideStore({ client, tableName })

    await expect(store.recordRide(createRide('one'))).rejects.toThrow(/ECONNREFUSED/)
  })
})

describe('ride store in SQLite', () => {
  test('SQLite: rides survive a restart and more can be added', async () => {
    const path = findPath()
    const first = openSqliteRideStore(path)
    await first.recordRide(createRide('one'))
    first.close()
    const { store, read } = openInSqlite(path)
    await store.recordRide(createRide('two'))

    expect(read()).toEqual([createRide('one'), createRide('two')])
  })

  test.skipIf(process.platform === 'win32')(
    'SQLite: only the owner may read the file',
    async () => {
      const path = findPath()
      await openInSqlite(path).store.recordRide(createRide('one'))

      for (const suffix of ['', '-wal', '-shm']) {
        expect((statSync(`${path}${suffix}`).mode & 0o777).toString(8)).toBe('600')
      }
    },
  )

  /** A file of several pages after a regular shutdown. */
  async function createFile(): Promise<string> {
    const [source, path] = [findPath(), findPath()]
    const store = openSqliteRideStore(source)
    for (let index = 0; index < 300; index += 1) await store.recordRide(createRide(`ride-${index}`))
    store.close()
    withDatabase(source, (database) => database.exec(`VACUUM INTO '${path}'`))
    withDatabase(path, (database) => database.exec('PRAGMA journal_mode = WAL'))
    return path
  }

  function overwrite(path: string, from: number, count: number): void {
    const bytes = readFileSync(path)
    bytes.fill(0xff, from, from + count)
    writeFileSync(path, bytes)
  }

  const damages: readonly (readonly [string, (path: string) => void, RegExp])[] = [
    ['empty', (path) => truncateSync(path, 0), /not a store of this kind/],
    ['truncated to half', (path) => truncateSync(path, statSync(path).size / 2), /malformed/],
    ['a text file', (path) => writeFileSync(path, 'rides:\n  - one\n'), /not a database/],
    ['overwritten in its middle', (path) => overwrite(path, 8192, 20_000), /it is damaged/],
    [
      'the store of the user pool',
      (path) => {
        rmSync(path)
        openStore(path)
      },
      /not a store of this kind/,
    ],
    [
      'of a newer format',
      (path) => withDatabase(path, (database) => database.exec('PRAGMA user_version = 2')),
      /its format is 2, this program reads 1 to 1/,
    ],
  ]

  test.each(damages)(
    'SQLite: a file that is %s is refused with its path and the reset command, and left unchanged',
    async (_, damage, reason) => {
      const path = await createFile()
      damage(path)
      const before = readFileSync(path)
      const open = () => openSqliteRideStore(path)

      expect(open).toThrow(StoreError)
      expect(open).toThrow(`The local cloud's store ${path} cannot be used`)
      expect(open).toThrow(`LOCAL_CLOUD_DATA=${dirname(path)} npm run cognito:reset`)
      expect(open).toThrow(reason)
      expect(readFileSync(path).equals(before)).toBe(true)
    },
  )

  test('self-test: an intact file opens', async () => {
    expect(openInSqlite(await createFile()).read()).toHaveLength(300)
  })

  test('SQLite: a folder or a missing folder in its place is refused', () => {
    const path = findPath()
    mkdirSync(path)
    const nowhere = join(createTempFolder(), 'nowhere', 'rides.sqlite')

    for (const one of [path, nowhere]) expect(() => openSqliteRideStore(one)).toThrow(StoreError)
    expect(existsSync(dirname(nowhere))).toBe(false)
  })
})
