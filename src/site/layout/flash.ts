/** Flash messages: one page says on the next what has happened, once. */

import { notVerifiedText, sessionEndedText } from '../i18n/shared-texts.ts'
import { t } from '../i18n/t.ts'
import { announce } from '../lib/live-region.ts'
import { siteKeyPrefix } from '../lib/tab-state.ts'
import { tabStorage } from '../lib/web-storage.ts'

const messages = {
  'code-sent': t('Your account is ready. Now verify your email address.'),
  unverified: notVerifiedText,
  verified: t('Your email address is verified. You can sign in now.'),
  'verified-and-signed-in': t("Your email address is verified, and you're signed in."),
  'passkey-made': t("You're signed in. From now on you sign in with your passkey."),
  'no-passkey-made': t(
    "You're signed in, but no passkey was made. Add one here, or sign in with a code by email next time.",
  ),
  'password-changed': t('Your password is changed. Sign in with the new one.'),
  'reset-required': t('This account needs a new password before you can sign in.'),
  'signed-out': t('You are signed out.'),
  'signed-out-everywhere': t('You are signed out on all devices.'),
  'signed-out-here-only': t(
    "You are signed out here, but other devices couldn't be reached. Sign in and try again.",
  ),
  'session-ended': sessionEndedText,
  'other-user': t('Someone else signed in on this browser, so this page is theirs now.'),
  'account-deleted': t('Your account is deleted.'),
} as const

export type FlashMessage = keyof typeof messages

const storageKey = `${siteKeyPrefix}flash`

/** Sets the message for the page that is opened next in this tab. */
export function setFlash(message: FlashMessage): void {
  tabStorage.write(storageKey, message)
}

/** Shows the message set by the page before, if any; a reload does not show it again. */
export function showFlash(): FlashMessage | undefined {
  const message = tabStorage.read(storageKey) ?? ''
  tabStorage.remove(storageKey)
  if (!isFlashMessage(message)) return undefined
  announce(messages[message])
  return message
}

function isFlashMessage(text: string): text is FlashMessage {
  return Object.hasOwn(messages, text)
}
