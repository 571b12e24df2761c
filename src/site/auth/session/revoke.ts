/** RevokeToken for tokens that are no longer stored. */

import { callAsClient } from '../api-client.ts'
import type { Tokens } from './token-storage.ts'

/** Tells the service in the background; that it cannot be reached changes nothing here. */
export function revoke({ refreshToken }: Tokens): void {
  callAsClient('RevokeToken', { Token: refreshToken }, { keepalive: true }).catch(() => undefined)
}
