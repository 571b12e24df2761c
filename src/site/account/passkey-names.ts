/** Names for passkeys: the service's own are in English and say little. */

import type { Passkey } from '../auth/index.ts'
import { pageLanguage, t } from '../i18n/t.ts'
import { isOwnPasskey } from '../lib/own-passkeys.ts'

/** ways in which a security key, and nothing else, is reached */
const securityKeyTransports: readonly string[] = ['usb', 'nfc', 'ble', 'smart-card']

/** What it is on, as far as the browser that made it has told. */
export function describePasskey({ id, attachment, transports }: Passkey): string {
  if (isOwnPasskey(id)) return t('This device')
  const has = (...names: readonly string[]) => transports.some((one) => names.includes(one))
  if (has('internal', 'hybrid')) {
    return attachment === 'cross-platform' ? t('Phone or tablet') : t('Phone or computer')
  }
  if (has(...securityKeyTransports)) return t('Security key')
  return attachment === 'platform' ? t('Phone or computer') : t('Passkey')
}

/** When it was made, by this device's clock and calendar. */
export function describeMaking({ createdAtMs }: Passkey): string {
  const format = new Intl.DateTimeFormat(pageLanguage, { dateStyle: 'medium', timeStyle: 'short' })
  return t('Made on {date}', { date: format.format(createdAtMs) })
}
