/** The connection to the user pool, opened before it is needed: the first call takes two round trips less. */

import { config } from '../config.ts'

/** Opens it now, and again when a field gets the focus: browsers close an unused connection after a minute. */
export function preconnectToUserPool(): void {
  if (config.kind !== 'configured') return
  const link = document.createElement('link')
  link.rel = 'preconnect'
  // Calls carry no credentials; browsers keep separate connections for those.
  link.crossOrigin = 'anonymous'
  link.href = config.cognito.endpoint
  const connect = () => document.head.append(link)
  connect()
  document.addEventListener('focusin', connect)
}
