/**
 * The tokens of the signed-in rider: kept in web storage under the client library's own key names,
 * renewed one tab at a time, and gone at once when she signs out.
 */

import { lastingStorage, tabStorage, type WebStorage } from '../web-storage.ts'
import { AuthError } from './auth-error.ts'
import type { Tokens } from './cognito.ts'
import { parseToken, type Token } from './token.ts'
import type { Call } from './transport.ts'

/** Who is signed in, and the tokens to prove it with. */
export interface Session {
  /** the user name as the pool has it */
  readonly username: string
  readonly sub: string
  readonly email: string | undefined
  readonly idToken: Token
  readonly accessToken: Token
  /** milliseconds since the Unix epoch, by this device's clock */
  readonly expiresAtMs: number
}

export interface Sessions {
  /**
   * Keeps the tokens of a fresh sign-in.
   *
   * @param lasting whether they outlive the tab
   * @throws {AuthError} `storage-unavailable`, and then nothing is kept
   */
  start(tokens: Tokens & { username: string }, options: { lasting: boolean }): void
  /** Whether tokens are kept here, by a look at storage alone. */
  isStarted(): boolean
  /**
   * The session, renewed if its tokens are over.
   *
   * @returns `undefined` when nobody is signed in, or the service has ended the session
   * @throws {AuthError} when the service cannot be asked; the tokens are kept
   */
  read(): Promise<Session | undefined>
  /** Forgets the tokens at once, here and in other tabs, and tells the service in the background. */
  end(): void
  /** Calls `listener` whenever the kept session may have become another one, or none. */
  onChange(listener: () => void): void
}

/** Tokens this close to their end are renewed, so that none expires on its way to an API. */
const renewBeforeMs = 30_000

/** milliseconds to wait for other tabs that renew */
const lockTimeLimitMs = 10_000

/** More than a browser takes to show another tab what was stored, even on a busy machine. */
const storageDelayMs = 5000

interface Stored extends Tokens {
  readonly username: string
  /** seconds this device's clock is ahead of the service's */
  readonly clockDrift: number
  readonly storage: WebStorage
}

/** @param clientId the app client, whose id is part of every key */
export function createSessions({ clientId, call }: { clientId: string; call: Call }): Sessions {
  const prefix = `CognitoIdentityServiceProvider.${clientId}.`
  /** carries the name of a user whose session has ended */
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel(prefix) : undefined

  function start(
    { username, idToken, accessToken, refreshToken }: Tokens & { username: string },
    { lasting }: { lasting: boolean },
  ): void {
    const parsed = parseToken(idToken)
    const storage = lasting ? lastingStorage : tabStorage
    const clockDrift = parsed ? Math.floor(Date.now() / 1000) - parsed.issuedAt : 0
    keep({ username, idToken, accessToken, refreshToken, clockDrift, storage })
    // Only then what was there before: other tabs must never see a sign-in by half.
    for (const key of storage.keys()) {
      const isOurs = key.startsWith(`${prefix}${username}.`) || key === `${prefix}LastAuthUser`
      if (key.startsWith(prefix) && !isOurs) storage.remove(key)
    }
    if (lasting) forgetIn(tabStorage)
  }

  /** All keys or none; the one that makes the others count goes last. */
  function keep(stored: Stored): void {
    const user = `${prefix}${stored.username}.`
    const isKept = (
      [
        [`${user}idToken`, stored.idToken],
        [`${user}accessToken`, stored.accessToken],
        [`${user}refreshToken`, stored.refreshToken],
        [`${user}clockDrift`, String(stored.clockDrift)],
        [`${prefix}LastAuthUser`, stored.username],
      ] as const
    ).every(([key, value]) => stored.storage.write(key, value))
    if (!isKept) {
      forgetIn(stored.storage)
      throw new AuthError('storage-unavailable', 'web storage is blocked or full')
    }
  }

  function find(): Stored | undefined {
    return findIn(tabStorage) ?? findIn(lastingStorage)
  }

  function findIn(storage: WebStorage): Stored | undefined {
    const username = storage.read(`${prefix}LastAuthUser`)
    if (username === undefined) return undefined
    const read = (name: string) => storage.read(`${prefix}${username}.${name}`)
    const [idToken, accessToken, refreshToken] = [
      read('idToken'),
      read('accessToken'),
      read('refreshToken'),
    ]
    if (!idToken || !accessToken || !refreshToken) return undefined
    const clockDrift = Number(read('clockDrift')) || 0
    return { username, idToken, accessToken, refreshToken, clockDrift, storage }
  }

  function forgetIn(storage: WebStorage): void {
    for (const key of storage.keys()) {
      if (key.startsWith(prefix)) storage.remove(key)
    }
  }

  /** Forgets every session kept here, and tells the service as well as that can be done. */
  function discard(): void {
    const all = [findIn(tabStorage), findIn(lastingStorage)]
    forgetIn(tabStorage)
    forgetIn(lastingStorage)
    for (const stored of all) {
      if (!stored) continue
      const token = { Token: stored.refreshToken, ClientId: clientId }
      // The tokens are gone from here whether the service hears of it or not.
      call('RevokeToken', token, { keepalive: true }).catch(() => undefined)
    }
  }

  async function read(): Promise<Session | undefined> {
    for (const storage of [tabStorage, lastingStorage]) {
      // Somebody is named but the tokens are damaged or missing: that can never be a session again.
      const isDamaged = storage.read(`${prefix}LastAuthUser`) && !toSession(findIn(storage))
      if (isDamaged) forgetIn(storage)
    }
    const session = toSession(find())
    return !session || isFresh(session) ? session : renewAlone()
  }

  /** One renewal at a time among all tabs: with rotation, a second one would look like a thief. */
  function renewAlone(): Promise<Session | undefined> {
    if (!('locks' in navigator)) return renew()
    return new Promise((resolve, reject) => {
      const abort = new AbortController()
      const timer = setTimeout(() => abort.abort(), lockTimeLimitMs)
      navigator.locks
        .request(`${prefix}refresh`, { signal: abort.signal }, async () => {
          clearTimeout(timer)
          await awaitTokensUnderWay()
          await renew().then(resolve, reject)
        })
        .catch((cause: unknown) =>
          reject(new AuthError('timeout', 'another tab keeps renewing the session', { cause })),
        )
    })
  }

  /** Says to other tabs, for a while, that new tokens are stored: storage reaches them later than locks. */
  function announceTokens(): Promise<void> {
    if (!('locks' in navigator)) return Promise.resolve()
    return new Promise((announced) => {
      navigator.locks
        .request(`${prefix}renewed`, { mode: 'shared' }, () => {
          announced()
          return new Promise((release) => setTimeout(release, storageDelayMs))
        })
        // A browser that grants no lock leaves nothing to say, and the tokens are good all the same.
        .catch(() => announced())
    })
  }

  /** Where another tab says that it has renewed: waits until its tokens can be seen here. */
  async function awaitTokensUnderWay(): Promise<void> {
    const isHere = () => {
      const session = toSession(find())
      return !session || isFresh(session)
    }
    const { held = [] } = await navigator.locks.query()
    if (isHere() || !held.some(({ name }) => name === `${prefix}renewed`)) return
    await new Promise<void>((resolve) => {
      const finish = () => {
        clearTimeout(timer)
        window.removeEventListener('storage', check)
        resolve()
      }
      const check = () => {
        if (isHere()) finish()
      }
      const timer = setTimeout(finish, storageDelayMs)
      window.addEventListener('storage', check)
    })
  }

  async function renew(): Promise<Session | undefined> {
    const stored = find()
    const current = toSession(stored)
    if (!stored || !current || isFresh(current)) return current
    try {
      const answer = await call('GetTokensFromRefreshToken', {
        RefreshToken: stored.refreshToken,
        ClientId: clientId,
      })
      const renewed = toRenewed(stored, answer.AuthenticationResult)
      const now = find()
      // Signed out, or in again, while the answer was on its way: it must change neither.
      if (now?.refreshToken !== stored.refreshToken) return toSession(now)
      keep(renewed)
      if (renewed.storage === lastingStorage) await announceTokens()
      return toSession(renewed)
    } catch (error) {
      if (!(error instanceof AuthError) || !endsSession(error)) throw error
      forgetIn(stored.storage)
      return undefined
    }
  }

  return {
    start,
    isStarted: () => find() !== undefined,
    read,
    end() {
      const username = find()?.username
      discard()
      channel?.postMessage(username)
    },
    onChange(listener) {
      channel?.addEventListener('message', ({ data }) => {
        // A tab of its own storage is told too: signed out means signed out everywhere here.
        if (find()?.username === data) discard()
        listener()
      })
      window.addEventListener('storage', ({ key }) => {
        if (key === null || key === `${prefix}LastAuthUser`) listener()
      })
    },
  }
}

/** Only the service's clear word ends a session; a lost network never does. */
function endsSession({ code }: AuthError): boolean {
  const ending: readonly AuthError['code'][] = [
    'account-disabled',
    'incorrect-credentials',
    'password-reset-required',
    'session-ended',
    'user-not-confirmed',
  ]
  return ending.includes(code)
}

function toSession(stored: Stored | undefined): Session | undefined {
  if (!stored) return undefined
  const { username, idToken, accessToken, clockDrift } = stored
  const id = parseToken(idToken)
  const access = parseToken(accessToken)
  const sub = id?.claims.sub
  if (!id || !access || typeof sub !== 'string') return undefined
  const { email } = id.claims
  const expiresAt = Math.min(id.expiresAt, access.expiresAt) + clockDrift
  return {
    username,
    sub,
    email: typeof email === 'string' ? email : undefined,
    idToken: id,
    accessToken: access,
    expiresAtMs: expiresAt * 1000,
  }
}

function isFresh({ expiresAtMs }: Session): boolean {
  return Date.now() < expiresAtMs - renewBeforeMs
}

/** @throws {AuthError} `service-unavailable` for an answer without tokens */
function toRenewed(stored: Stored, result: unknown): Stored {
  const { IdToken, AccessToken, RefreshToken }: Readonly<Record<string, unknown>> =
    typeof result === 'object' && result !== null ? Object.fromEntries(Object.entries(result)) : {}
  const parsed = typeof IdToken === 'string' ? parseToken(IdToken) : undefined
  if (!parsed || typeof AccessToken !== 'string') {
    throw new AuthError('service-unavailable', 'expected tokens, got an answer without them')
  }
  return {
    ...stored,
    idToken: parsed.jwt,
    accessToken: AccessToken,
    refreshToken: typeof RefreshToken === 'string' ? RefreshToken : stored.refreshToken,
    clockDrift: Math.floor(Date.now() / 1000) - parsed.issuedAt,
  }
}
