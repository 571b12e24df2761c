/** Opens a user pool: settings and store in, a pool that answers requests out. */

import type { Clock, Outbox, Random } from '../ports.ts'
import { loadSeal } from './encrypted-state.ts'
import type { Limits } from './limits.ts'
import type { UserPool } from './operations/operation.ts'
import type { UserPoolSettings } from './settings.ts'
import { loadDisguise } from './simulated-user.ts'
import { loadSecret, type Store } from './store/store.ts'
import { loadSigningKeys } from './tokens/signing-keys.ts'

export interface UserPoolParts {
  readonly settings: UserPoolSettings
  readonly limits: Limits
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly outbox: Outbox
}

/** Makes the pool's secrets the first time a store is used; that takes about half a second. */
export async function openUserPool(parts: UserPoolParts): Promise<UserPool> {
  return {
    ...parts,
    keys: await loadSigningKeys(parts.store),
    seal: loadSeal(parts.store),
    disguise: loadDisguise(parts.store),
    clientSecret: parts.settings.clientHasSecret ? loadClientSecret(parts) : undefined,
    createdAtMs: loadCreationTime(parts),
  }
}

/** 52 characters of `[0-9a-z]`, as the real ones have. */
function loadClientSecret({ store, random }: UserPoolParts): string {
  return loadSecret(store, 'client-secret', () =>
    BigInt(`0x01${random.bytes(40).toString('hex')}`)
      .toString(36)
      .slice(-52),
  )
}

function loadCreationTime({ store, clock }: UserPoolParts): number {
  return Number(loadSecret(store, 'created-at-ms', () => String(clock.nowMs())))
}
