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
  expires_at_ms: v.number(),
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
    expiresAtMs: row.expires_at_ms,
  }))
}

function findPath(): string {
  return join(createTempFolder(), 'rides.sqlite')
}

/** A time at which none of the rides has expired. */
const early = { nowMs: () => 0 }

function openInSqlite(path: string, clock = early): OpenedStore {
  const store = openSqliteRideStore(path, clock)
  onTestFinished(() => store.close())
  return {
    store,
    read: () => readRows(path),
    spoil: () =>
      withDatabase(path, (database) =>
        database.exec('DROP TABLE rides; DROP TABLE request_counts'),
      ),
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
  ExpiresAt: number,
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
    expiresAtMs: item.ExpiresAt * 1000,
  }))
}

function openInDynamoDb(
  server: DynamoDbServer,
  wait: (ms: number) => Promise<void> = async () => {},
): OpenedStore {
  const client = new DynamoDBClient({ endpoint: server.endpoint, region, credentials })
  onTestFinished(() => client.destroy())
  return {
    store: createDynamoDbRideStore({ client, tableName, wait }),
    read: () => readItems(server),
    spoil: () => server.failWith({ status: 400, type: 'ResourceNotFoundException' }),
  }
}

const stores: readonly (readonly [string, () => OpenedStore | Promise<OpenedStore>])[] = [
  ['in SQLite', () => openInSqlite(findPath())],
  ['in DynamoDB', async () => openInDynamoDb(await startDynamoDb())],
]

const riderSub = 'f4a814f8-2091-70e2-6cbd-96b4a4fa8b4e'

function createRide(rideId: string, change: Partial<Ride> = {}): Ride {
  return {
    rideId,
    riderSub,
    unicorn: { name: 'Fennel', color: 'Dapple grey', gender: 'Male' },
    pickup: { latitude: 47.6205, longitude: -122.3493 },
    requestedAtMs: 1_793_000_000_123,
    expiresAtMs: 1_795_592_000_000,
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

  test('ride store: a second ride of a rider with the same id is rejected and the first is kept', async () => {
    const { store, read } = await open()
    await store.recordRide(createRide('one'))

    await expect(store.recordRide(createRide('one', { requestedAtMs: 7 }))).rejects.toThrow()
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

  test("ride store: all rides of one rider are deleted, and no other rider's", async () => {
    const { store, read } = await open()
    const others = [
      createRide('one', { riderSub: `${riderSub}0` }),
      createRide('two', { riderSub: riderSub.slice(0, -1) }),
      createRide('three', { riderSub: 'another' }),
    ]
    for (const ride of [createRide('one'), ...others, createRide('four')]) {
      await store.recordRide(ride)
    }
    await store.deleteRides(riderSub)

    expect(read()).toEqual(others)
  })

  test('ride store: a rider without rides has none to delete, and may ask for a ride afterwards', async () => {
    const { store, read } = await open()
    await store.deleteRides(riderSub)
    await store.recordRide(createRide('one'))
    await store.deleteRides(riderSub)
    await store.deleteRides(riderSub)
    expect(read()).toEqual([])
    await store.recordRide(createRide('one'))

    expect(read()).toEqual([createRide('one')])
  })

  test('ride store: hundreds of rides are deleted at once', async () => {
    const { store, read } = await open()
    for (let index = 0; index < 230; index += 1) await store.recordRide(createRide(`ride-${index}`))
    await store.deleteRides(riderSub)

    expect(read()).toEqual([])
  })

  test('ride store: deleteRides and countRequest reject when the store fails', async () => {
    const { store, spoil } = await open()
    spoil()

    await expect(store.deleteRides(riderSub)).rejects.toThrow()
    await expect(store.countRequest({ riderSub, minute: 7, limit: 2 })).rejects.toThrow()
  })

  test('request count: requests of a rider pass up to the limit of a minute, and others in the next one', async () => {
    const { store } = await open()
    const count = (minute: number, rider = riderSub) =>
      store.countRequest({ riderSub: rider, minute, limit: 2 })

    expect([await count(7), await count(7), await count(7), await count(7)]).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect([await count(8), await count(7, 'another')]).toEqual([true, true])
  })

  test('request count: of parallel requests no more pass than the limit', async () => {
    const { store } = await open()
    const counts = Array.from({ length: 20 }, () =>
      store.countRequest({ riderSub, minute: 7, limit: 5 }),
    )

    expect((await Promise.all(counts)).filter(Boolean)).toHaveLength(5)
  })

  test('request count: it outlives the deletion of the rides', async () => {
    const { store } = await open()
    await store.countRequest({ riderSub, minute: 7, limit: 1 })
    await store.deleteRides(riderSub)

    expect(await store.countRequest({ riderSub, minute: 7, limit: 1 })).toBe(false)
  })
})

describe('ride store in DynamoDB', () => {
  test('DynamoDB: a ride and a count have the time after which the table deletes them, in seconds', async () => {
    const server = await startDynamoDb()
    const { store } = openInDynamoDb(server)
    await store.recordRide(createRide('one', { expiresAtMs: 1_795_592_000_001 }))
    await store.countRequest({ riderSub, minute: 29_883_333, limit: 1 })

    expect(server.items()).toMatchObject([
      { RideId: { S: 'one' }, ExpiresAt: { N: '1795592001' } },
      { Requests: { N: '1' }, ExpiresAt: { N: '1793000040' } },
    ])
  })

  test('DynamoDB: rides of several pages are all deleted, also when the last page is full', async () => {
    const server = await startDynamoDb()
    const { store, read } = openInDynamoDb(server)
    server.endPagesAfter(40)
    for (let index = 0; index < 120; index += 1) await store.recordRide(createRide(`ride-${index}`))
    await store.recordRide(createRide('one', { riderSub: 'another' }))
    const before = server.calls()
    await store.deleteRides(riderSub)

    expect(read().map((ride) => ride.riderSub)).toEqual(['another'])
    // Four pages, the last one empty, and two batches for each of the others.
    expect(server.calls() - before).toBe(10)
  })

  test('DynamoDB: a ride that was recorded just before is deleted too', async () => {
    const { store, read } = openInDynamoDb(await startDynamoDb())
    await store.recordRide(createRide('one'))
    await store.recordRide(createRide('two'))
    await store.deleteRides(riderSub)

    expect(read()).toEqual([])
  })

  test('DynamoDB: what a batch leaves unprocessed is sent again after longer and longer waits', async () => {
    const server = await startDynamoDb()
    const waits: number[] = []
    const { store, read } = openInDynamoDb(server, async (ms) => void waits.push(ms))
    for (let index = 0; index < 30; index += 1) await store.recordRide(createRide(`ride-${index}`))
    server.processOnly([10, 0, 5, 10, 3])
    await store.deleteRides(riderSub)

    expect(read()).toEqual([])
    expect(waits).toEqual([50, 100, 200, 50])
  })

  test('DynamoDB: deleteRides rejects when a batch stays unprocessed, and deletes the rest the next time', async () => {
    const server = await startDynamoDb()
    const { store, read } = openInDynamoDb(server)
    for (const id of ['one', 'two', 'three']) await store.recordRide(createRide(id))
    server.processOnly([1, 0, 0, 0, 0, 0, 0])

    await expect(store.deleteRides(riderSub)).rejects.toThrow('2 items could not be deleted')
    expect(read()).toHaveLength(2)
    await store.deleteRides(riderSub)
    expect(read()).toEqual([])
  })

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
    const store = createDynamoDbRideStore({ client, tableName, wait: async () => {} })

    await expect(store.recordRide(createRide('one'))).rejects.toThrow(/ECONNREFUSED/)
  })
})

describe('ride store in SQLite', () => {
  test('SQLite: rides survive a restart and more can be added', async () => {
    const path = findPath()
    const first = openSqliteRideStore(path, early)
    await first.recordRide(createRide('one'))
    first.close()
    const { store, read } = openInSqlite(path)
    await store.recordRide(createRide('two'))

    expect(read()).toEqual([createRide('one'), createRide('two')])
  })

  test('SQLite: expired rides are deleted when a request is counted, and when the file is opened', async () => {
    const path = findPath()
    let nowMs = 999
    const { store, read } = openInSqlite(path, { nowMs: () => nowMs })
    for (const expiresAtMs of [1000, 1001, 2000]) {
      await store.recordRide(createRide(`until-${expiresAtMs}`, { expiresAtMs }))
    }
    await store.countRequest({ riderSub, minute: 0, limit: 1 })
    expect(read()).toHaveLength(3)
    nowMs = 1000
    await store.countRequest({ riderSub, minute: 0, limit: 1 })
    expect(read().map(({ rideId }) => rideId)).toEqual(['until-1001', 'until-2000'])

    openInSqlite(path, { nowMs: () => 1999 })
    expect(read().map(({ rideId }) => rideId)).toEqual(['until-2000'])
  })

  test('SQLite: counts of earlier minutes are deleted', async () => {
    const path = findPath()
    let nowMs = 0
    const { store } = openInSqlite(path, { nowMs: () => nowMs })
    const listMinutes = () =>
      withDatabase(path, (database) =>
        database.prepare('SELECT minute FROM request_counts ORDER BY minute').pluck().all(),
      )
    for (const minute of [0, 1, 2]) await store.countRequest({ riderSub, minute, limit: 1 })
    expect(listMinutes()).toEqual([0, 1, 2])
    nowMs = 120_000
    await store.countRequest({ riderSub, minute: 2, limit: 2 })

    expect(listMinutes()).toEqual([2])
  })

  test('SQLite: a file of the first format keeps its rides, which expire 30 days after they were requested', async () => {
    const path = findPath()
    withDatabase(path, (database) =>
      database.exec(`
        PRAGMA application_id = ${0x57527252}; PRAGMA user_version = 1;
        CREATE TABLE rides (
          ride_id TEXT PRIMARY KEY, rider_sub TEXT NOT NULL, unicorn_name TEXT NOT NULL, unicorn_color TEXT NOT NULL,
          unicorn_gender TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL, requested_at_ms INTEGER NOT NULL
        ) STRICT;
        INSERT INTO rides VALUES ('one', '${riderSub}', 'Fennel', 'Dapple grey', 'Male', 47.6205, -122.3493, 1793000000123);`),
    )

    expect(openInSqlite(path).read()).toEqual([
      createRide('one', { expiresAtMs: 1_795_592_000_123 }),
    ])
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
    const store = openSqliteRideStore(source, early)
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
      (path) => withDatabase(path, (database) => database.exec('PRAGMA user_version = 3')),
      /its format is 3, this program reads 1 to 2/,
    ],
  ]

  test.each(damages)(
    'SQLite: a file that is %s is refused with its path and the reset command, and left unchanged',
    async (_, damage, reason) => {
      const path = await createFile()
      damage(path)
      const before = readFileSync(path)
      const open = () => openSqliteRideStore(path, early)

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

    for (const one of [path, nowhere])
      expect(() => openSqliteRideStore(one, early)).toThrow(StoreError)
    expect(existsSync(dirname(nowhere))).toBe(false)
  })
})
