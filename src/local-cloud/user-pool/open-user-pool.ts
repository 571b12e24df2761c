/** Opens a user pool over its settings, its store and the ports. */

import type { Clock, Mailer, Random } from '../ports.ts'
import type { UserPool } from './context.ts'
import { loadStateCipher } from './encrypted-state.ts'
import type { Limits } from './limits.ts'
import type { UserPoolSettings } from './settings.ts'
import { loadUserSimulator } from './simulated-user.ts'
import { loadSecret, type Store } from './store/store.ts'
import { loadSigningKeys } from './tokens/signing-keys.ts'
import { toAwsIssuer } from './tokens/tokens.ts'

export interface UserPoolOptions {
  readonly settings: UserPoolSettings
  readonly limits: Limits
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly mailer: Mailer
  /** `iss` of the tokens; AWS's for this pool by default */
  readonly issuer?: (() => string) | undefined
}

/** Generates the pool's secrets when the store is new; its two RSA keys take about half a second. */
export async function openUserPool(options: UserPoolOptions): Promise<UserPool> {
  const { settings, store, random } = options
  return {
    ...options,
    issuer: options.issuer ?? (() => toAwsIssuer(settings)),
    keys: await loadSigningKeys(store),
    stateCipher: loadStateCipher(store, random),
    simulateUser: loadUserSimulator(store, random),
    clientSecret: settings.clientHasSecret ? loadClientSecret(options) : undefined,
    createdAtMs: loadCreationTime(options),
  }
}

/** 52 characters of `[0-9a-z]`, like the client secrets of AWS. */
function loadClientSecret({ store, random }: UserPoolOptions): string {
  return loadSecret(store, 'client-secret', () =>
    BigInt(`0x01${random.bytes(40).toString('hex')}`)
      .toString(36)
      .slice(-52),
  )
}

function loadCreationTime({ store, clock }: UserPoolOptions): number {
  return Number(loadSecret(store, 'created-at-ms', () => String(clock.nowMs())))
}
