/**
 * Where the tokens of the signed-in rider are kept: in web storage, under the client library's own key names.
 * What is in them is not looked at here, so that every page can afford to know whether somebody is signed in.
 */

import { config } from '../../config.ts'
import { lastingStorage, tabStorage, type WebStorage } from '../../lib/web-storage.ts'
import { AuthError } from '../auth-error.ts'

export interface Tokens {
  readonly idToken: string
  readonly accessToken: string
  readonly refreshToken: string
}

export interface KeptTokens extends Tokens {
  /** the user name as the pool has it */
  readonly username: string
  /** seconds this device's clock is ahead of the service's */
  readonly clockDrift: number
  readonly storage: WebStorage
}

/** Where tokens may be kept; a tab's own come before those that all tabs share. */
export const storages = [tabStorage, lastingStorage] as const

/** begins every name of this app client's, whose id is part of it; nothing has one of a site without a pool */
export const prefix =
  config.kind === 'configured'
    ? `CognitoIdentityServiceProvider.${config.cognito.userPoolClientId}.`
    : 'CognitoIdentityServiceProvider..'

/** carries the name of a user whose session has ended */
const channel = 'BroadcastChannel' in window ? new BroadcastChannel(prefix) : undefined

/** Whether somebody is signed in, by a look at storage alone. */
export function isSignedIn(): boolean {
  return findTokens() !== undefined
}

export function findTokens(): KeptTokens | undefined {
  return storages.map(findTokensIn).find((tokens) => tokens !== undefined)
}

export function findTokensIn(storage: WebStorage): KeptTokens | undefined {
  const username = findUsernameIn(storage)
  if (username === undefined) return undefined
  const read = (name: string) => storage.read(`${prefix}${username}.${name}`)
  const [idToken, accessToken, refreshToken] = [
    read('idToken'),
    read('accessToken'),
    read('refreshToken'),
  ]
  if (!idToken || !accessToken || !refreshToken) return undefined
  const drift = Number(read('clockDrift'))
  const clockDrift = Number.isFinite(drift) ? drift : 0
  return { username, idToken, accessToken, refreshToken, clockDrift, storage }
}

/** Who is named as signed in, whether or not there are tokens. */
export function findUsernameIn(storage: WebStorage): string | undefined {
  return storage.read(`${prefix}LastAuthUser`)
}

/**
 * Keeps all of them or none; the key that makes the others count goes last.
 *
 * @throws {AuthError} `storage-unavailable`, and then nothing is kept
 */
export function keepTokens(tokens: KeptTokens): void {
  const user = `${prefix}${tokens.username}.`
  const isKept = (
    [
      [`${user}idToken`, tokens.idToken],
      [`${user}accessToken`, tokens.accessToken],
      [`${user}refreshToken`, tokens.refreshToken],
      [`${user}clockDrift`, String(tokens.clockDrift)],
      [`${prefix}LastAuthUser`, tokens.username],
    ] as const
  ).every(([key, value]) => tokens.storage.write(key, value))
  if (isKept) return
  forgetTokensIn(tokens.storage)
  throw new AuthError('storage-unavailable', 'web storage is blocked or full')
}

/** @param username whose tokens stay, if anyone's */
export function forgetTokensIn(storage: WebStorage, { except: username = '' } = {}): void {
  for (const key of storage.keys()) {
    const stays = username !== '' && isKeyOf(username, key)
    if (key.startsWith(prefix) && !stays) storage.remove(key)
  }
}

function isKeyOf(username: string, key: string): boolean {
  return key.startsWith(`${prefix}${username}.`) || key === `${prefix}LastAuthUser`
}

/**
 * Forgets every session kept here, and tells other tabs: one of its own storage follows only so.
 *
 * @returns what was forgotten
 */
export function discardTokens(): readonly KeptTokens[] {
  const username = findTokens()?.username
  const all = discardHere()
  channel?.postMessage(username)
  return all
}

function discardHere(): readonly KeptTokens[] {
  const all = storages.map(findTokensIn).filter((tokens) => tokens !== undefined)
  for (const storage of storages) forgetTokensIn(storage)
  return all
}

/** Calls `listener` when a session may have begun or ended in another tab. */
export function onSessionChange(listener: () => void): void {
  channel?.addEventListener('message', ({ data }) => {
    // A tab of its own storage is told too: signed out means signed out everywhere here.
    if (findTokens()?.username === data) void revokeLater(discardHere())
    listener()
  })
  window.addEventListener('storage', ({ key }) => {
    if (key === null || key === `${prefix}LastAuthUser`) listener()
  })
}

/** Tells the service as well as that can be done: the tokens are gone from here in any case. */
async function revokeLater(discarded: readonly KeptTokens[]): Promise<void> {
  if (discarded.length === 0) return
  try {
    const { revokeAll } = await import('../discarded.ts')
    revokeAll(discarded)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
  }
}
