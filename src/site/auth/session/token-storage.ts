/**
 * Tokens in web storage, under the client library's own key names. "Keep me signed in" chooses where: off, in
 * this tab's session storage; on, in local storage, which all tabs share. Nothing here looks into the tokens, so
 * that every page can afford to ask whether somebody is signed in.
 *
 * @see docs/decisions/0005-session-in-web-storage.md
 */

import { config } from '../../config.ts'
import { persistentStorage, tabStorage, type WebStorage } from '../../lib/web-storage.ts'
import { AuthError } from '../auth-error.ts'

export interface Tokens {
  readonly idToken: string
  readonly accessToken: string
  readonly refreshToken: string
}

export interface StoredTokens extends Tokens {
  /** the user name as the pool has it */
  readonly username: string
  /** seconds that this device's clock is ahead of the service's */
  readonly clockSkew: number
  readonly storage: WebStorage
}

/** A tab's own tokens come before the shared ones. */
export const tokenStorages = [tabStorage, persistentStorage] as const

/** begins the keys of this app client */
export const cognitoKeyPrefix =
  config.kind === 'configured'
    ? `CognitoIdentityServiceProvider.${config.cognito.userPoolClientId}.`
    : 'CognitoIdentityServiceProvider..'

/** names the user whose tokens count */
export const lastUserKey = `${cognitoKeyPrefix}LastAuthUser`

export function isSignedIn(): boolean {
  return findTokens() !== undefined
}

export function findTokens(): StoredTokens | undefined {
  return tokenStorages.map(findTokensIn).find((tokens) => tokens !== undefined)
}

export function findTokensIn(storage: WebStorage): StoredTokens | undefined {
  const username = findUsernameIn(storage)
  if (username === undefined) return undefined
  const read = (name: string) => storage.read(`${cognitoKeyPrefix}${username}.${name}`)
  const [idToken, accessToken, refreshToken] = [
    read('idToken'),
    read('accessToken'),
    read('refreshToken'),
  ]
  if (!idToken || !accessToken || !refreshToken) return undefined
  // The library's name for it.
  const storedSkew = Number(read('clockDrift'))
  const clockSkew = Number.isFinite(storedSkew) ? storedSkew : 0
  return { username, idToken, accessToken, refreshToken, clockSkew, storage }
}

/** The user named as signed in, whether or not there are tokens. */
export function findUsernameIn(storage: WebStorage): string | undefined {
  return storage.read(lastUserKey)
}

/**
 * Stores all tokens or none. The key that makes the others count is written last.
 *
 * @throws {AuthError} `storage-unavailable`, and then nothing is stored
 */
export function storeTokens(tokens: StoredTokens): void {
  const userPrefix = `${cognitoKeyPrefix}${tokens.username}.`
  const isStored = (
    [
      [`${userPrefix}idToken`, tokens.idToken],
      [`${userPrefix}accessToken`, tokens.accessToken],
      [`${userPrefix}refreshToken`, tokens.refreshToken],
      [`${userPrefix}clockDrift`, String(tokens.clockSkew)],
      [lastUserKey, tokens.username],
    ] as const
  ).every(([key, value]) => tokens.storage.write(key, value))
  if (isStored) return
  clearTokensIn(tokens.storage)
  throw new AuthError('storage-unavailable', 'web storage is blocked or full')
}

/** @param options `except`: a user name whose tokens stay */
export function clearTokensIn(storage: WebStorage, { except = '' } = {}): void {
  for (const key of storage.keys()) {
    const stays = except !== '' && isKeyOf(except, key)
    if (key.startsWith(cognitoKeyPrefix) && !stays) storage.remove(key)
  }
}

/** A user name may be the beginning of another one, and may have dots: what follows it has none. */
function isKeyOf(username: string, key: string): boolean {
  const userPrefix = `${cognitoKeyPrefix}${username}.`
  const isOwn = key.startsWith(userPrefix) && !key.slice(userPrefix.length).includes('.')
  return isOwn || key === lastUserKey
}

/** @returns the tokens that were cleared */
export function clearTokens(): readonly StoredTokens[] {
  const cleared = tokenStorages.map(findTokensIn).filter((tokens) => tokens !== undefined)
  for (const storage of tokenStorages) clearTokensIn(storage)
  return cleared
}
