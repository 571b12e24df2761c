/** Stores rides in SQLite. */

import type { RideStore } from '../../aws/ride-api/ride-store.ts'
import type { Clock } from '../ports.ts'
import { openSqliteFile } from '../sqlite-file.ts'

const format = {
  applicationId: 0x57527252,
  migrations: [
    `
CREATE TABLE rides (
  ride_id TEXT PRIMARY KEY,
  rider_sub TEXT NOT NULL,
  unicorn_name TEXT NOT NULL,
  unicorn_color TEXT NOT NULL,
  unicorn_gender TEXT NOT NULL,
  -- degrees
  latitude REAL NOT NULL,
  longitude REAL NOT NULL,
  -- milliseconds since the Unix epoch
  requested_at_ms INTEGER NOT NULL
) STRICT;`,
    `
ALTER TABLE rides RENAME TO rides_1;
CREATE TABLE rides (
  rider_sub TEXT NOT NULL,
  ride_id TEXT NOT NULL,
  unicorn_name TEXT NOT NULL,
  unicorn_color TEXT NOT NULL,
  unicorn_gender TEXT NOT NULL,
  -- degrees
  latitude REAL NOT NULL,
  longitude REAL NOT NULL,
  -- milliseconds since the Unix epoch
  requested_at_ms INTEGER NOT NULL,
  -- the same
  expires_at_ms INTEGER NOT NULL,
  PRIMARY KEY (rider_sub, ride_id)
) STRICT;
-- 30 days
INSERT INTO rides SELECT rider_sub, ride_id, unicorn_name, unicorn_color, unicorn_gender, latitude, longitude,
  requested_at_ms, requested_at_ms + 2592000000 FROM rides_1 ORDER BY rowid;
DROP TABLE rides_1;
CREATE INDEX rides_by_expiry ON rides (expires_at_ms);
CREATE TABLE request_counts (
  rider_sub TEXT NOT NULL,
  -- whole minutes since the Unix epoch
  minute INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (rider_sub, minute)
) STRICT;`,
  ],
}

/**
 * Deletes what has expired when it is opened, and with each request that is counted.
 *
 * @param path file to open or create
 * @throws {StoreError} when the file cannot be used
 */
export function openSqliteRideStore(
  path: string,
  clock: Pick<Clock, 'nowMs'>,
): RideStore & { close(): void } {
  const database = openSqliteFile(path, format)
  const insertRide = database.prepare('INSERT INTO rides VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const deleteRides = database.prepare('DELETE FROM rides WHERE rider_sub = ?')
  const deleteExpiredRides = database.prepare('DELETE FROM rides WHERE expires_at_ms <= ?')
  const deleteOldCounts = database.prepare('DELETE FROM request_counts WHERE minute < ?')
  const count = database.prepare(
    'INSERT INTO request_counts VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET count = count + 1 WHERE count < ?',
  )

  function deleteExpired(): void {
    const nowMs = clock.nowMs()
    deleteExpiredRides.run(nowMs)
    deleteOldCounts.run(Math.floor(nowMs / 60_000))
  }

  deleteExpired()
  return {
    async recordRide({ rideId, riderSub, unicorn, pickup, requestedAtMs, expiresAtMs }) {
      insertRide.run(
        riderSub,
        rideId,
        unicorn.name,
        unicorn.color,
        unicorn.gender,
        pickup.latitude,
        pickup.longitude,
        requestedAtMs,
        expiresAtMs,
      )
    },
    async deleteRides(riderSub) {
      deleteRides.run(riderSub)
    },
    async countRequest({ riderSub, minute, limit }) {
      deleteExpired()
      return count.run(riderSub, minute, limit).changes > 0
    },
    close: () => void database.close(),
  }
}
