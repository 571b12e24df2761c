/**
 * Where passkey managers lead to: the card Passkeys of the account page.
 *
 * @see https://www.w3.org/TR/passkey-endpoints/
 */

export const passkeyEndpointsPath = '/.well-known/passkey-endpoints'

/** @param origin of the site */
export function toPasskeyEndpoints(origin: string): string {
  const card = `${origin}/account.html#passkeys`
  return `${JSON.stringify({ enroll: card, manage: card }, null, 2)}\n`
}
