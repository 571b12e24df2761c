/**
 * The tokens of the signed-in rider: kept in web storage under the client library's own key names,
 * renewed one tab at a time, and gone at once when she signs out.
 */

import { lastingStorage, tabStorage, type WebStorage } from '../web-storage.ts'
import { AuthError } from './auth-error.ts'
import { findMembers } from './members.ts'
import { parseToken, type Token } from './token.ts'
import type { Answer, Call } from './transport.ts'

export interface Tokens {
  readonly idToken: string
  readonly accessToken: string
  readonly refreshToken: string
}

/** Who is signed in, and the tokens to prove it with. */
export interface Session {
  /** the user name as the pool has it */
  readonly username: string
  readonly sub: string
  readonly email: string | undefined
  readonly idToken: Token
  readonly accessToken: Token
  /** whether it outlives the tab */
  readonly isLasting: boolean
  /** milliseconds since the Unix epoch, by this device's clock: when she last proved who she is */
  readonly signedInAtMs: number
  /** the same: when the tokens end */
  readonly expiresAtMs: number
  /** the same: from when on reading the session renews it */
  readonly renewsAtMs: number
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
  /**
   * Makes a call of this rider's own, with her access token. One that the service refuses is renewed once.
   *
   * @param rider whoever has signed in since must not be taken for her
   * @throws {AuthError} `session-ended` when she is not signed in any more; or what the call is refused for
   */
  callAsRider(
    rider: Pick<Session, 'sub'>,
    operation: string,
    body?: Readonly<Record<string, unknown>>,
  ): Promise<Answer>
  /**
   * Fetches tokens that say what is true now.
   *
   * @throws {AuthError} when the service cannot be asked
   */
  renew(): Promise<Session | undefined>
  /** Forgets the tokens at once, here and in other tabs, and tells the service in the background. */
  end(): void
  /**
   * The same, and ends this rider's sessions on all devices.
   *
   * @returns whether the service has done so; the tokens are gone from here in any case
   */
  endEverywhere(rider: Pick<Session, 'sub'>): Promise<boolean>
  /** Forgets this rider's tokens, which are worth nothing any more, here and in other tabs. */
  forget(rider: Pick<Session, 'sub'>): void
  /** Calls `listener` whenever the kept session may have become another one, or none. */
  onChange(listener: () => void): void
}

/** Tokens this close to their end are renewed, so that none expires on its way to an API. */
const renewBeforeMs = 30_000

/** milliseconds to wait for other tabs that renew */
const lockTimeLimitMs = 10_000

/** More than a browser takes to show another tab what was stored, even on a busy machine. */
const storageDelayMs = 5000

/** Where tokens may be kept; a tab's own come before those that all tabs share. */
const storages = [tabStorage, lastingStorage] as const

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
    const clockDrift = measureDrift(idToken)
    const storage = lasting ? lastingStorage : tabStorage
    const replaced = findIn(storage)
    keep({ username, idToken, accessToken, refreshToken, clockDrift, storage })
    // Only then what was there before: other tabs must never see a sign-in by half.
    for (const key of storage.keys()) {
      const isOurs = key.startsWith(`${prefix}${username}.`) || key === `${prefix}LastAuthUser`
      if (key.startsWith(prefix) && !isOurs) storage.remove(key)
    }
    if (lasting) forgetIn(tabStorage)
    // In this storage no tab can still use them. A copy of a tab's own may, in a duplicate of that tab.
    if (replaced && lasting) revoke(replaced)
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
    return storages.map(findIn).find((stored) => stored !== undefined)
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
    const drift = Number(read('clockDrift'))
    const clockDrift = Number.isFinite(drift) ? drift : 0
    return { username, idToken, accessToken, refreshToken, clockDrift, storage }
  }

  function forgetIn(storage: WebStorage): void {
    for (const key of storage.keys()) {
      if (key.startsWith(prefix)) storage.remove(key)
    }
  }

  /** Forgets every session kept here. @returns what was forgotten */
  function discard(): readonly Stored[] {
    const all = storages.map(findIn).filter((stored) => stored !== undefined)
    storages.forEach(forgetIn)
    return all
  }

  /** The same, and other tabs are told: a tab of its own storage follows only so. */
  function discardEverywhere(): readonly Stored[] {
    const username = find()?.username
    const all = discard()
    channel?.postMessage(username)
    return all
  }

  /** Tells the service as well as that can be done: the tokens are gone from here in any case. */
  function revoke({ refreshToken }: Stored): void {
    const token = { Token: refreshToken, ClientId: clientId }
    call('RevokeToken', token, { keepalive: true }).catch(() => undefined)
  }

  async function read(): Promise<Session | undefined> {
    for (const storage of storages) {
      // Somebody is named but the tokens are damaged or missing: that can never be a session again.
      const isDamaged = storage.read(`${prefix}LastAuthUser`) && !toSession(findIn(storage))
      if (isDamaged) forgetIn(storage)
    }
    const session = toSession(find())
    return !session || isFresh(session) ? session : renewAlone()
  }

  async function callAsRider(
    { sub }: Pick<Session, 'sub'>,
    operation: string,
    body: Readonly<Record<string, unknown>> = {},
  ): Promise<Answer> {
    const session = await read()
    if (session?.sub !== sub) throw new AuthError('session-ended', 'this rider is not signed in')
    let { accessToken } = session
    const callOnce = () => call(operation, { ...body, AccessToken: accessToken.jwt })
    try {
      return await callOnce().catch(async (error: unknown) => {
        const isTokenRefused = error instanceof AuthError && error.code === 'session-ended'
        const renewed = isTokenRefused ? await renewAlone(accessToken) : undefined
        if (renewed?.sub !== sub) throw error
        accessToken = renewed.accessToken
        return callOnce()
      })
    } catch (error) {
      if (!(error instanceof AuthError) || !isAboutRider(error)) throw error
      // Only what was refused: she may have signed in anew in another tab, or somebody else has.
      for (const storage of storages) {
        if (findIn(storage)?.accessToken === accessToken.jwt) forgetIn(storage)
      }
      throw new AuthError('session-ended', 'the service refuses this rider', { cause: error })
    }
  }

  /**
   * One renewal at a time among all tabs: with rotation, a second one would look like a thief.
   *
   * @param refused an access token to be replaced although it is not over
   */
  function renewAlone(refused?: Token): Promise<Session | undefined> {
    if (!('locks' in navigator)) return renew(refused)
    return new Promise((resolve, reject) => {
      const abort = new AbortController()
      const timer = setTimeout(() => abort.abort(), lockTimeLimitMs)
      navigator.locks
        .request(`${prefix}refresh`, { signal: abort.signal }, async () => {
          clearTimeout(timer)
          await awaitTokensUnderWay()
          await renew(refused).then(resolve, reject)
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

  async function renew(refused?: Token): Promise<Session | undefined> {
    const stored = find()
    const current = toSession(stored)
    if (!stored || !current) return undefined
    if (isFresh(current) && current.accessToken.jwt !== refused?.jwt) return current
    try {
      const renewed = await fetchTokens(stored)
      const now = find()
      // Signed out, or in again, while the answer was on its way: it must change neither.
      if (now?.refreshToken !== stored.refreshToken) return toSession(now)
      keep(renewed)
      if (renewed.storage === lastingStorage) await announceTokens()
      return toSession(renewed)
    } catch (error) {
      if (!(error instanceof AuthError) || !endsSession(error)) throw error
      const now = find()
      if (now && now.refreshToken !== stored.refreshToken) return toSession(now)
      forgetIn(stored.storage)
      return undefined
    }
  }

  async function fetchTokens(stored: Stored): Promise<Stored> {
    const answer = await call('GetTokensFromRefreshToken', {
      RefreshToken: stored.refreshToken,
      ClientId: clientId,
    })
    const tokens = parseTokens(answer.AuthenticationResult, stored.refreshToken)
    return { ...stored, ...tokens, clockDrift: measureDrift(tokens.idToken) }
  }

  async function endEverywhere(rider: Pick<Session, 'sub'>): Promise<boolean> {
    if (toSession(find())?.sub !== rider.sub) return true
    const [current, ...others] = discardEverywhere()
    others.forEach(revoke)
    if (!current) return true
    try {
      const session = toSession(current)
      const isUsable = session && isFresh(session)
      const { accessToken } = isUsable ? current : await fetchTokens(current)
      await call('GlobalSignOut', { AccessToken: accessToken }, { keepalive: true })
      return true
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      revoke(current)
      return false
    }
  }

  return {
    start,
    isStarted: () => find() !== undefined,
    read,
    callAsRider,
    async renew() {
      return renewAlone(toSession(find())?.accessToken)
    },
    end() {
      discardEverywhere().forEach(revoke)
    },
    endEverywhere,
    forget(rider) {
      if (toSession(find())?.sub === rider.sub) discardEverywhere()
    },
    onChange(listener) {
      channel?.addEventListener('message', ({ data }) => {
        // A tab of its own storage is told too: signed out means signed out everywhere here.
        if (find()?.username === data) discard().forEach(revoke)
        listener()
      })
      window.addEventListener('storage', ({ key }) => {
        if (key === null || key === `${prefix}LastAuthUser`) listener()
      })
    },
  }
}

/** Only the service's clear word ends a session; a lost network never does. */
function endsSession(error: AuthError): boolean {
  return isAboutRider(error) || error.code === 'incorrect-credentials'
}

/** Refusals that say of any call that this rider is not signed in any more. */
function isAboutRider({ code }: AuthError): boolean {
  const codes: readonly AuthError['code'][] = [
    'account-disabled',
    'password-reset-required',
    'session-ended',
    'user-not-confirmed',
    'user-not-found',
  ]
  return codes.includes(code)
}

function toSession(stored: Stored | undefined): Session | undefined {
  if (!stored) return undefined
  const { username, idToken, accessToken, clockDrift, storage } = stored
  const id = parseToken(idToken)
  const access = parseToken(accessToken)
  const sub = id?.claims.sub
  if (!id || !access || typeof sub !== 'string') return undefined
  const { email, auth_time: signedInAt } = id.claims
  const expiresAtMs = (Math.min(id.expiresAt, access.expiresAt) + clockDrift) * 1000
  return {
    username,
    sub,
    email: typeof email === 'string' ? email : undefined,
    idToken: id,
    accessToken: access,
    isLasting: storage === lastingStorage,
    signedInAtMs: typeof signedInAt === 'number' ? (signedInAt + clockDrift) * 1000 : 0,
    expiresAtMs,
    renewsAtMs: expiresAtMs - renewBeforeMs,
  }
}

function isFresh({ renewsAtMs }: Session): boolean {
  return Date.now() < renewsAtMs
}

/**
 * @param result the AuthenticationResult of an answer
 * @param refreshToken stands in for one that the answer leaves out
 * @throws {AuthError} `service-unavailable` for an answer without tokens
 */
export function parseTokens(result: unknown, refreshToken?: string): Tokens {
  const { IdToken, AccessToken, RefreshToken } = findMembers(result) ?? {}
  const present = typeof RefreshToken === 'string' ? RefreshToken : refreshToken
  if (typeof IdToken !== 'string' || typeof AccessToken !== 'string' || present === undefined) {
    throw new AuthError('service-unavailable', 'expected tokens, got an answer without them')
  }
  return { idToken: IdToken, accessToken: AccessToken, refreshToken: present }
}

/**
 * @returns seconds this device's clock is ahead of the service's, which has just issued the token
 * @throws {AuthError} `service-unavailable` for a token that cannot be read
 */
function measureDrift(idToken: string): number {
  const parsed = parseToken(idToken)
  if (!parsed) throw new AuthError('service-unavailable', 'expected tokens that can be read')
  return Math.floor(Date.now() / 1000) - parsed.issuedAt
}
