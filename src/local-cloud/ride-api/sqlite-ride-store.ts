/** Stores rides in SQLite. */

import type { RideStore } from '../../aws/ride-api/ride-store.ts'
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
  ],
}

/**
 * @param path file to open or create
 * @throws {StoreError} when the file cannot be used
 */
export function openSqliteRideStore(path: string): RideStore & { close(): void } {
  const database = openSqliteFile(path, format)
  const insertRide = database.prepare('INSERT INTO rides VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  return {
    async recordRide({ rideId, riderSub, unicorn, pickup, requestedAtMs }) {
      insertRide.run(
        rideId,
        riderSub,
        unicorn.name,
        unicorn.color,
        unicorn.gender,
        pickup.latitude,
        pickup.longitude,
        requestedAtMs,
      )
    },
    close: () => void database.close(),
  }
}
