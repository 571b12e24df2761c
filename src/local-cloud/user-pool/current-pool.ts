/**
 * The settings of the pool and its clients as they are now: the template's, with what was changed at run time and is in
 * the store. They are worked out once and kept, for every request needs them: only this process uses the data folder.
 */

import * as v from 'valibot'
import type { AppClient } from './app-clients.ts'
import { isHonored, toClientSettings, toTemplateText } from './client-settings.ts'
import type { UserPoolSettings } from './settings.ts'
import { applyChanges, readChanges } from './settings-changes.ts'
import { userPoolClientProperties } from './settings-schema.ts'
import type { Store, StoredAppClient } from './store/store.ts'

export interface CurrentPool {
  /** settings of the pool and its first client, as the template has them */
  readonly template: UserPoolSettings
  /** of each client of the template, in its order */
  readonly templateClients: readonly UserPoolSettings[]
  /** @returns the clients of the template in its order, then those made at run time, oldest first */
  clients(): readonly AppClient[]
  /**
   * @param clientId `undefined` for a request that names none
   * @returns the pool's settings with the client's; those of the template's first client for a request that names
   *   none; and with an id that no client has, and no secret, for a client that there is not
   */
  of(clientId: string | undefined): Pick<AppClient, 'settings' | 'clientSecret'>
  /** Changes in the store what this is made of. Must be inside a transaction that `settle` follows. */
  change(write: () => void): void
  /** Tells that the transaction is over, committed or rolled back. */
  settle(): void
}

/** A client of the template, as it has it. */
export type TemplateClient = Pick<AppClient, 'settings' | 'clientSecret'>

interface Snapshot {
  readonly clients: readonly AppClient[]
  readonly byId: ReadonlyMap<string, AppClient>
  readonly withoutClient: Pick<AppClient, 'settings' | 'clientSecret'>
  readonly ofUnknownClient: Pick<AppClient, 'settings' | 'clientSecret'>
}

/** @param templateClients the first of them is whom a request is taken to come from that names none */
export function createCurrentPool(
  [first, ...others]: readonly [TemplateClient, ...TemplateClient[]],
  store: Store,
): CurrentPool {
  let kept: Snapshot | undefined
  let isChanging = false

  function takeSnapshot(): Snapshot {
    const changes = readChanges(store)
    const settings = applyChanges(first.settings, changes)
    const stored = new Map(store.listAppClients().map((one) => [one.clientId, one]))
    const ofTemplate = [first, ...others].flatMap((client): readonly AppClient[] => {
      const { userPoolClientId } = client.settings
      const change = stored.get(userPoolClientId)
      stored.delete(userPoolClientId)
      // A change holds until the template says something else.
      if (change?.template !== toTemplateText(client.settings)) {
        const own = { ...client, settings: applyChanges(client.settings, changes) }
        return [{ ...own, shown: {}, madeAt: undefined }]
      }
      return toAppClient(change, settings)
    })
    const made = [...stored.values()]
      // What was changed of a client that the template no longer has.
      .filter(({ template }) => template === undefined)
      .flatMap((client) => toAppClient(client, settings))
    const clients = [...ofTemplate, ...made]
    return {
      clients,
      byId: new Map(clients.map((client) => [client.settings.userPoolClientId, client])),
      withoutClient: { settings, clientSecret: first.clientSecret },
      ofUnknownClient: { settings: { ...settings, userPoolClientId: '' }, clientSecret: undefined },
    }
  }

  function read(): Snapshot {
    // What is not committed yet may be rolled back.
    if (isChanging) return takeSnapshot()
    kept ??= takeSnapshot()
    return kept
  }

  return {
    template: first.settings,
    templateClients: [first, ...others].map(({ settings }) => settings),
    clients: () => read().clients,
    of(clientId) {
      const { byId, withoutClient, ofUnknownClient } = read()
      if (clientId === undefined) return withoutClient
      return byId.get(clientId) ?? ofUnknownClient
    },
    change(write) {
      isChanging = true
      kept = undefined
      write()
    },
    settle() {
      isChanging = false
    },
  }
}

/** @returns the client; none when it was deleted */
function toAppClient(
  { clientId, properties, clientSecret, createdAtMs, modifiedAtMs }: StoredAppClient,
  settings: UserPoolSettings,
): readonly AppClient[] {
  if (!properties) return []
  const members = Object.entries(properties)
  const honored = Object.fromEntries(members.filter(([name]) => isHonored(name)))
  return [
    {
      settings: {
        ...settings,
        ...toClientSettings(v.parse(userPoolClientProperties, honored)),
        userPoolClientId: clientId,
      },
      clientSecret,
      shown: Object.fromEntries(members.filter(([name]) => !isHonored(name))),
      madeAt: { createdAtMs, modifiedAtMs },
    },
  ]
}
