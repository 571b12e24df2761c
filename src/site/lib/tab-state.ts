/**
 * What this tab remembers from page to page, in session storage: the email typed last and the choice to
 * stay signed in; and for all tabs, in local storage, who signed in last. It never goes into a URL.
 */

import { persistentStorage, tabStorage, type WebStorage } from './web-storage.ts'

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

function createTabValue(key: string, storage: WebStorage = tabStorage): TabValue {
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
const rememberMe = createUserValue('rememberMe')

/** What `sign-in/lockout.ts` knows of failed sign-ins: all tabs of this browser say the same. */
export const failedSignIns = createTabValue(`${siteKeyPrefix}failures`, persistentStorage)

/** In all tabs: where the language that was chosen in the footer is kept; `src/site/inline/language-init.ts` follows it. */
export const languageKey = `${siteKeyPrefix}language`

/** In all tabs: who signed in last and wanted to stay signed in. */
export const lastUsername = createTabValue(`${siteKeyPrefix}lastUsername`, persistentStorage)

/** In all tabs: set where a passkey was made or used in this browser. */
export const hasUsedPasskey = createTabValue(`${siteKeyPrefix}hasUsedPasskey`, persistentStorage)

/** Set by a sign-in with a password: the ride page offers a passkey, once. */
export const passkeyOfferDue = createUserValue('passkeyOfferDue')

/** In all tabs: set where this user wants no passkey. */
export function createPasskeyRefusal(sub: string): TabValue {
  return createTabValue(`${siteKeyPrefix}noPasskey.${sub}`, persistentStorage)
}

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
