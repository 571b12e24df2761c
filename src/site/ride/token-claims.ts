/** What the claims of Cognito's tokens mean, in a sentence. */

import { pageLanguage, t } from '../i18n/t.ts'

/** What Cognito's claims mean. @see the Cognito guide on ID and access tokens */
const claimMeanings: ReadonlyMap<string, string> = new Map([
  ['aud', t('The app client the token was issued for. An API rejects tokens of other clients.')],
  ['client_id', t('The app client the token was issued for.')],
  ['cognito:groups', t("The groups you're in.")],
  ['cognito:preferred_role', t('The AWS role your groups give you.')],
  ['cognito:roles', t('The AWS roles your groups can give you.')],
  ['cognito:username', t('Your username in the user pool.')],
  ['device_key', t('The device the pool remembers you by.')],
  ['email', t('Your email address.')],
  ['email_verified', t("Whether you've verified this email address.")],
  ['event_id', t("The ID of this sign-in in the service's records.")],
  ['identities', t("The identity provider you signed in with, if it wasn't this pool.")],
  ['iss', t('The user pool that issued the token. Its public keys verify the signature.')],
  ['jti', t('The unique ID of this token.')],
  ['nonce', t("A random value that ties the token to the app's own sign-in request.")],
  ['origin_jti', t('The ID that all tokens of one sign-in share. Signing out revokes them by it.')],
  ['phone_number', t('Your phone number.')],
  ['phone_number_verified', t("Whether you've verified this phone number.")],
  ['scope', t('What the token allows. This scope lets you manage your own account.')],
  ['sub', t('Your unique user ID. It never changes and is never reused.')],
  ['token_use', t('The kind of token: “id” says who you are, “access” what you may do.')],
  ['username', t('Your username in the user pool.')],
  ['version', t('The version of the token format.')],
])

/** Those in seconds since the Unix epoch. A token may hold anything: then there is no time to tell. */
const timeClaims = new Map<string, (time: string | undefined) => string>([
  [
    'auth_time',
    (time) => (time ? t('When you signed in: {time}.', { time }) : t('When you signed in.')),
  ],
  [
    'exp',
    (time) =>
      time ? t('When the token expires: {time}.', { time }) : t('When the token expires.'),
  ],
  [
    'iat',
    (time) =>
      time ? t('When the token was issued: {time}.', { time }) : t('When the token was issued.'),
  ],
  [
    'nbf',
    (time) =>
      time
        ? t('When the token becomes valid: {time}.', { time })
        : t('When the token becomes valid.'),
  ],
  [
    'updated_at',
    (time) =>
      time
        ? t('When your attributes were last changed: {time}.', { time })
        : t('When your attributes were last changed.'),
  ],
])

/** What a claim says, in a sentence. */
export function describeClaim(name: string, value: unknown): string {
  if (name.startsWith('custom:')) return t('A custom attribute of this pool.')
  return (
    timeClaims.get(name)?.(formatTime(value)) ??
    claimMeanings.get(name) ??
    t('A claim this pool adds, or one of your attributes.')
  )
}

/** @param value seconds since the Unix epoch, if it is a number at all */
function formatTime(value: unknown): string | undefined {
  const time = new Date(Number(value) * 1000)
  if (Number.isNaN(time.getTime())) return undefined
  const format = new Intl.DateTimeFormat(pageLanguage, { dateStyle: 'long', timeStyle: 'medium' })
  return format.format(time)
}
