/** Opens the ride API over its store. */

import { join } from 'node:path'
import type { RideLimits } from '../../aws/ride-api/handler.ts'
import type { OpenRideApi } from '../local-cloud.ts'
import { createRideApi, rideApiPath } from './ride-api.ts'
import { openSqliteRideStore } from './sqlite-ride-store.ts'

/** @param limits its handler's own by default */
export function rideApiWith(limits?: RideLimits): OpenRideApi {
  return (pool, folder) => {
    const path = folder === undefined ? ':memory:' : join(folder, 'rides.sqlite')
    const store = openSqliteRideStore(path, pool.clock)
    return {
      path: rideApiPath,
      respond: createRideApi({ pool, store, limits }),
      close: () => store.close(),
    }
  }
}
