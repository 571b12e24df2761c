/** What the claims of Cognito's tokens mean, in a sentence. */

import { pageLanguage, t } from '../i18n/t.ts'

/** What Cognito's claims mean. @see the Cognito guide on ID and access tokens */
const claimMeanings: ReadonlyMap<string, string> = new Map([
  ['aud', t('The app client that the token was issued for. An API refuses tokens of others.')],
  ['client_id', t('The app client that the token was issued for.')],
  ['cognito:groups', t('The groups you are a member of.')],
  ['cognito:preferred_role', t('The AWS role that your groups give you.')],
  ['cognito:roles', t('The AWS roles that your groups may give you.')],
  ['cognito:username', t('Your user name in the user pool.')],
  ['device_key', t('The device that the pool remembers you by.')],
  ['email', t('Your email address.')],
  ['email_verified', t('Whether you have proved that the address is yours.')],
  ['event_id', t('The sign-in, as the service’s own records call it.')],
  ['identities', t('Who vouches for you, when you sign in through someone else.')],
  ['iss', t('The user pool that issued the token. Its public keys prove the signature.')],
  ['jti', t('The name of this token, given to no other.')],
  ['nonce', t('What the app sent along, to know its own sign-in again.')],
  ['origin_jti', t('What all tokens of one sign-in share. Signing out revokes them by it.')],
  ['phone_number', t('Your phone number.')],
  ['phone_number_verified', t('Whether you have proved that the number is yours.')],
  ['scope', t('What the token allows. This scope: to look after your own account.')],
  ['sub', t('You, by the one name that never changes and is never given to anyone else.')],
  ['token_use', t('The kind of token: “id” tells who you are, “access” what you may do.')],
  ['username', t('Your user name in the user pool.')],
  ['version', t('The version of the token’s format.')],
])

/** Those in seconds since the Unix epoch. A token may hold anything: then there is no time to tell. */
const timeClaims = new Map<string, (time: string | undefined) => string>([
  [
    'auth_time',
    (time) =>
      time
        ? t('When you proved who you are: {time}.', { time })
        : t('When you proved who you are.'),
  ],
  [
    'exp',
    (time) => (time ? t('When the token ends: {time}.', { time }) : t('When the token ends.')),
  ],
  [
    'iat',
    (time) =>
      time ? t('When the token was issued: {time}.', { time }) : t('When the token was issued.'),
  ],
  [
    'nbf',
    (time) => (time ? t('When the token begins: {time}.', { time }) : t('When the token begins.')),
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
  if (name.startsWith('custom:')) return t('An attribute of this pool’s own.')
  return (
    timeClaims.get(name)?.(formatTime(value)) ??
    claimMeanings.get(name) ??
    t('A claim of this pool’s own, or an attribute of yours.')
  )
}

/** @param value seconds since the Unix epoch, if it is a number at all */
function formatTime(value: unknown): string | undefined {
  const time = new Date(Number(value) * 1000)
  if (Number.isNaN(time.getTime())) return undefined
  const format = new Intl.DateTimeFormat(pageLanguage, { dateStyle: 'long', timeStyle: 'medium' })
  return format.format(time)
}
