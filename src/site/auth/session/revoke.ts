/** Tokens that nobody keeps any more. */

import { requireUserPool } from '../user-pool.ts'
import type { Tokens } from './token-storage.ts'

/** Tells the service as well as that can be done: the tokens are gone from here in any case. */
export function revoke({ refreshToken }: Tokens): void {
  const { call, clientId } = requireUserPool()
  const token = { Token: refreshToken, ClientId: clientId }
  call('RevokeToken', token, { keepalive: true }).catch(() => undefined)
}
