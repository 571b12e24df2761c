/** The user pool of `/js/config.js` as this folder works with it: one call, one keeper of tokens, one library. */

import { config } from '../config.ts'
import { AuthError } from './auth-error.ts'
import type { Cognito } from './cognito.ts'
import { createSessions, type Sessions } from './session.ts'
import { type Call, createCall, timeLimitMs } from './transport.ts'

export interface UserPool {
  readonly clientId: string
  readonly call: Call
  readonly sessions: Sessions
  /** The client library, fetched once; after a failure, again. */
  loadCognito(): Promise<Cognito>
}

/** `undefined` for a site without a pool, where nobody is signed in */
export const userPool = createUserPool()

/** @throws {AuthError} `not-configured` */
export function requireUserPool(): UserPool {
  if (!userPool) throw new AuthError('not-configured', 'set cognito in /js/config.js')
  return userPool
}

function createUserPool(): UserPool | undefined {
  if (config.kind !== 'configured') return undefined
  const { cognito: settings } = config
  const call = createCall(settings.endpoint)
  let loading: Promise<Cognito> | undefined
  return {
    clientId: settings.userPoolClientId,
    call,
    sessions: createSessions({ clientId: settings.userPoolClientId, call }),
    loadCognito() {
      loading ??= importInTime().then(
        ({ createCognito }) => createCognito(settings, call),
        (error: unknown) => {
          loading = undefined
          throw error
        },
      )
      return loading
    },
  }
}

/** The part of the site that carries the client library, or an `AuthError` in place of a long wait. */
function importInTime(): Promise<typeof import('./cognito.ts')> {
  return new Promise((resolve, reject) => {
    setTimeout(
      () => reject(new AuthError('timeout', 'the sign-in code takes too long to come')),
      timeLimitMs,
    )
    import('./cognito.ts').then(resolve, (cause: unknown) =>
      reject(new AuthError('network', 'the sign-in code could not be fetched', { cause })),
    )
  })
}
