/** Opens a user pool over its settings, its store and the ports. */

import type { Clock, Mailer, Random } from '../ports.ts'
import { createClientSecret } from './app-clients.ts'
import type { UserPool } from './context.ts'
import { createCurrentPool, type TemplateClient } from './current-pool.ts'
import { loadStateCipher } from './encrypted-state.ts'
import type { Limits } from './limits.ts'
import { noQuotas, type Quotas } from './quotas.ts'
import type { UserPoolSettings } from './settings.ts'
import { loadUserSimulator } from './simulated-user.ts'
import { loadSecret, type Store } from './store/store.ts'
import { applyTemplateGroups, type TemplateGroup } from './template-groups.ts'
import { createThrottle } from './throttle.ts'
import { loadSigningKeys, type RsaJwk } from './tokens/signing-keys.ts'
import { toAwsIssuer } from './tokens/tokens.ts'
import type { TriggerHandlers } from './triggers/trigger-events.ts'
import { createTriggers } from './triggers/triggers.ts'

export interface UserPoolOptions {
  /** of the pool and its first client */
  readonly settings: UserPoolSettings
  /** of the pool and each other client */
  readonly otherClients?: readonly UserPoolSettings[]
  /** of the template */
  readonly groups?: readonly TemplateGroup[]
  readonly limits: Limits
  /** of the account; none by default */
  readonly quotas?: Quotas | undefined
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly mailer: Mailer
  /** `iss` of the tokens; AWS's for this pool by default */
  readonly issuer?: (() => string) | undefined
  /** signs all tokens; by default the store has two keys for that */
  readonly signingKey?: RsaJwk | undefined
  /** functions of Lambda triggers; none by default */
  readonly triggers?: TriggerHandlers | undefined
}

/** Generates the pool's secrets when the store is new; its two RSA keys, if none is given, take about half a second. */
export async function openUserPool({
  otherClients = [],
  signingKey,
  groups = [],
  ...options
}: UserPoolOptions): Promise<UserPool> {
  const { settings, store, random, clock, quotas = noQuotas } = options
  const first = openClient(settings, 'client-secret', options)
  const others = otherClients.map((other) =>
    openClient(other, `client-secret ${other.userPoolClientId}`, options),
  )
  applyTemplateGroups(groups, options)
  return {
    ...options,
    current: createCurrentPool([first, ...others], store),
    quotas,
    throttle: createThrottle(quotas, clock),
    triggers: createTriggers(options.triggers ?? {}),
    issuer: options.issuer ?? (() => toAwsIssuer(settings)),
    keys: await loadSigningKeys(store, signingKey),
    stateCipher: loadStateCipher(store, random),
    simulateUser: loadUserSimulator(store, random),
    createdAtMs: loadCreationTime(options),
  }
}

/** @param secretName of its secret in the store */
function openClient(
  settings: UserPoolSettings,
  secretName: string,
  { store, random }: UserPoolOptions,
): TemplateClient {
  if (!settings.clientHasSecret) return { settings, clientSecret: undefined }
  const clientSecret = loadSecret(store, secretName, () => createClientSecret(random))
  return { settings, clientSecret }
}

function loadCreationTime({ store, clock }: Pick<UserPoolOptions, 'store' | 'clock'>): number {
  return Number(loadSecret(store, 'created-at-ms', () => String(clock.nowMs())))
}
