/**
 * The session of the signed-in rider: her tokens, renewed one tab at a time, and gone at once when she signs
 * out.
 */

import { lastingStorage } from '../../lib/web-storage.ts'
import type { Answer } from '../api-client.ts'
import { AuthError } from '../auth-error.ts'
import { requireUserPool } from '../user-pool.ts'
import { measureDrift, parseToken, parseTokens, type Token } from './jwt.ts'
import { revoke } from './revoke.ts'
import {
  discardTokens,
  findTokens,
  findTokensIn,
  findUsernameIn,
  forgetTokensIn,
  type KeptTokens,
  keepTokens,
  prefix,
  storages,
} from './token-storage.ts'

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

/** Whose session it is; nothing is done to that of another rider who has signed in since. */
export type Rider = Pick<Session, 'sub'>

/** Tokens this close to their end are renewed, so that none expires on its way to an API. */
const renewBeforeMs = 30_000

/** milliseconds to wait for other tabs that renew */
const lockTimeLimitMs = 10_000

/** More than a browser takes to show another tab what was stored, even on a busy machine. */
const storageDelayMs = 5000

/**
 * The session, renewed if its tokens are over.
 *
 * @returns `undefined` when nobody is signed in, or the service has ended the session
 * @throws {AuthError} when the service cannot be asked; the tokens are kept
 */
export async function readSession(): Promise<Session | undefined> {
  for (const storage of storages) {
    // Somebody is named but the tokens are damaged or missing: that can never be a session again.
    const isDamaged = findUsernameIn(storage) && !toSession(findTokensIn(storage))
    if (isDamaged) forgetTokensIn(storage)
  }
  const session = toSession(findTokens())
  return !session || isFresh(session) ? session : renewAlone()
}

/**
 * Fetches tokens that say what is true now.
 *
 * @returns `undefined` when there is no session any more
 * @throws {AuthError} when the service cannot be asked; the rider is still signed in then
 */
export async function renewSession(): Promise<Session | undefined> {
  return renewAlone(toSession(findTokens())?.accessToken)
}

/** Forgets the tokens at once, here and in other tabs, and tells the service in the background. */
export function endSession(): void {
  discardTokens().forEach(revoke)
}

/** Forgets this rider's tokens, which are worth nothing any more, here and in other tabs. */
export function forgetSession(rider: Rider): void {
  if (toSession(findTokens())?.sub === rider.sub) discardTokens()
}

/**
 * Ends this rider's session as `endSession` does, and her sessions on all devices.
 *
 * @returns whether the service has done so; the tokens are gone from here in any case
 */
export async function endSessionEverywhere(rider: Rider): Promise<boolean> {
  if (toSession(findTokens())?.sub !== rider.sub) return true
  const [current, ...others] = discardTokens()
  others.forEach(revoke)
  if (!current) return true
  try {
    const session = toSession(current)
    const isUsable = session && isFresh(session)
    const { accessToken } = isUsable ? current : await fetchTokens(current)
    const { call } = requireUserPool()
    await call('GlobalSignOut', { AccessToken: accessToken }, { keepalive: true })
    return true
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    revoke(current)
    return false
  }
}

/**
 * Makes a call of this rider's own, with her access token. One that the service refuses is renewed once.
 *
 * @throws {AuthError} `session-ended` when she is not signed in any more; or what the call is refused for
 */
export async function callAsRider(
  { sub }: Rider,
  operation: string,
  body: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const session = await readSession()
  if (session?.sub !== sub) throw new AuthError('session-ended', 'this rider is not signed in')
  let { accessToken } = session
  const { call } = requireUserPool()
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
      if (findTokensIn(storage)?.accessToken === accessToken.jwt) forgetTokensIn(storage)
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
    const session = toSession(findTokens())
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
  const stored = findTokens()
  const current = toSession(stored)
  if (!stored || !current) return undefined
  if (isFresh(current) && current.accessToken.jwt !== refused?.jwt) return current
  try {
    const renewed = await fetchTokens(stored)
    const now = findTokens()
    // Signed out, or in again, while the answer was on its way: it must change neither.
    if (now?.refreshToken !== stored.refreshToken) return toSession(now)
    keepTokens(renewed)
    if (renewed.storage === lastingStorage) await announceTokens()
    return toSession(renewed)
  } catch (error) {
    if (!(error instanceof AuthError) || !endsSession(error)) throw error
    const now = findTokens()
    if (now && now.refreshToken !== stored.refreshToken) return toSession(now)
    forgetTokensIn(stored.storage)
    return undefined
  }
}

async function fetchTokens(kept: KeptTokens): Promise<KeptTokens> {
  const { call, clientId } = requireUserPool()
  const answer = await call('GetTokensFromRefreshToken', {
    RefreshToken: kept.refreshToken,
    ClientId: clientId,
  })
  const tokens = parseTokens(answer.AuthenticationResult, kept.refreshToken)
  return { ...kept, ...tokens, clockDrift: measureDrift(tokens.idToken) }
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

function toSession(tokens: KeptTokens | undefined): Session | undefined {
  if (!tokens) return undefined
  const { username, idToken, accessToken, clockDrift, storage } = tokens
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
