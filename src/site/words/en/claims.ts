/** What the claims of Cognito's tokens mean. */

/** What Cognito's claims mean; those with a time tell it too. @see the Cognito guide on ID and access tokens */
const claimMeanings: ReadonlyMap<string, string> = new Map([
  ['aud', 'The app client that the token was issued for. An API refuses tokens of others.'],
  ['auth_time', 'When you proved who you are:'],
  ['client_id', 'The app client that the token was issued for.'],
  ['cognito:groups', 'The groups you are a member of.'],
  ['cognito:preferred_role', 'The AWS role that your groups give you.'],
  ['cognito:roles', 'The AWS roles that your groups may give you.'],
  ['cognito:username', 'Your user name in the user pool.'],
  ['device_key', 'The device that the pool remembers you by.'],
  ['email', 'Your email address.'],
  ['email_verified', 'Whether you have proved that the address is yours.'],
  ['event_id', 'The sign-in, as the service’s own records call it.'],
  ['exp', 'When the token ends:'],
  ['iat', 'When the token was issued:'],
  ['identities', 'Who vouches for you, when you sign in through someone else.'],
  ['iss', 'The user pool that issued the token. Its public keys prove the signature.'],
  ['jti', 'The name of this token, given to no other.'],
  ['nbf', 'When the token begins:'],
  ['nonce', 'What the app sent along, to know its own sign-in again.'],
  ['origin_jti', 'What all tokens of one sign-in share. Signing out revokes them by it.'],
  ['phone_number', 'Your phone number.'],
  ['phone_number_verified', 'Whether you have proved that the number is yours.'],
  ['scope', 'What the token allows. This scope: to look after your own account.'],
  ['sub', 'You, by the one name that never changes and is never given to anyone else.'],
  ['token_use', 'The kind of token: “id” tells who you are, “access” what you may do.'],
  ['updated_at', 'When your attributes were last changed:'],
  ['username', 'Your user name in the user pool.'],
  ['version', 'The version of the token’s format.'],
])

/** seconds since the Unix epoch */
const times: ReadonlySet<string> = new Set(['auth_time', 'exp', 'iat', 'nbf', 'updated_at'])

/** What a claim says, in a sentence. */
export function describeClaim(name: string, value: unknown): string {
  if (name.startsWith('custom:')) return 'An attribute of this pool’s own.'
  const meaning = claimMeanings.get(name) ?? 'A claim of this pool’s own, or an attribute of yours.'
  if (!times.has(name)) return meaning
  const time = new Date(Number(value) * 1000)
  if (Number.isNaN(time.getTime())) return meaning.replace(/:$/, '.')
  const format = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'medium' })
  return `${meaning} ${format.format(time)}.`
}
