/** The user pool of `/js/config.js`, as this folder calls it. */

import type { CognitoConfig } from '../../shared/site-config.ts'
import { config } from '../config.ts'
import { type Call, createCall } from './api-client.ts'
import { AuthError } from './auth-error.ts'

export interface UserPool {
  readonly settings: CognitoConfig
  readonly clientId: string
  readonly call: Call
}

const userPool = config.kind === 'configured' ? createUserPool(config.cognito) : undefined

/** @throws {AuthError} `not-configured` on a site without a pool, where nobody is signed in */
export function requireUserPool(): UserPool {
  if (!userPool) throw new AuthError('not-configured', 'set cognito in /js/config.js')
  return userPool
}

function createUserPool(settings: CognitoConfig): UserPool {
  return {
    settings,
    clientId: settings.userPoolClientId,
    call: createCall(settings.endpoint),
  }
}
