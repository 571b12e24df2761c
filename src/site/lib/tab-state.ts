/**
 * What this tab remembers from page to page, in session storage: the email typed last, the choice to stay
 * signed in, and who a code was sent to. It never goes into a URL.
 */

import { persistentStorage, tabStorage } from './web-storage.ts'

/** begins every key that is not a token's */
export const siteKeyPrefix = 'wildrydes.'

/** begins the keys of what the signed-in user entered or chose: forgotten when they sign out */
const userPrefix = `${siteKeyPrefix}user.`

/** One value of a tab, or of all tabs, which may be forgotten by the browser at any time. */
export interface TabValue {
  read(): string | undefined
  write(value: string): void
  remove(): void
}

function createTabValue(key: string, storage = tabStorage): TabValue {
  return {
    read: () => storage.read(key),
    write: (value) => void storage.write(key, value),
    remove: () => storage.remove(key),
  }
}

/** A value that belongs to whoever is signed in: `clearUserState` forgets it. */
export function createUserValue(name: string): TabValue {
  return createTabValue(`${userPrefix}${name}`)
}

/** Forgets what the user who signs out entered or chose, so that the next user of this tab does not meet it. */
export function clearUserState(): void {
  for (const key of tabStorage.keys()) {
    if (key.startsWith(userPrefix)) tabStorage.remove(key)
  }
}

const email = createTabValue(`${siteKeyPrefix}email`)
const codeRecipient = createTabValue(`${siteKeyPrefix}codeSentTo`)
const rememberMe = createUserValue('rememberMe')

/** What `sign-in/lockout.ts` knows of failed sign-ins: all tabs of this browser say the same. */
export const failedSignIns = createTabValue(`${siteKeyPrefix}failures`, persistentStorage)

/** Remembers the email or username typed last, for the forms that come after. */
export function rememberEmail(typed: string): void {
  email.write(typed)
}

export function rememberedEmail(): string {
  return email.read() ?? ''
}

/** Remembers whether "Keep me signed in" is checked. */
export function setRememberMe(isChecked: boolean): void {
  rememberMe.write(String(isChecked))
}

export function isRememberMeSet(): boolean {
  return rememberMe.read() === 'true'
}

/** Remembers who a sign-up code was sent to, so that no page speaks of an email that was not sent. */
export function setCodeRecipient(recipient: string): void {
  codeRecipient.write(recipient)
}

export function getCodeRecipient(): string {
  return codeRecipient.read() ?? ''
}
