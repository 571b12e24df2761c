/** The connection to the service, opened before it is needed: that is two round trips less in the first call. */

import { config } from '../config.ts'

/** Opens it now, and again when the rider turns to a field: one that nobody uses is closed after a minute. */
export function keepConnected(): void {
  if (config.kind !== 'configured') return
  const link = document.createElement('link')
  link.rel = 'preconnect'
  // Calls carry no credentials, and those have connections of their own.
  link.crossOrigin = 'anonymous'
  link.href = config.cognito.endpoint
  const connect = () => document.head.append(link)
  connect()
  document.addEventListener('focusin', connect)
}
