/**
 * Tells the passkey provider of this device what the service knows, so that it offers nothing that is gone. Browsers that
 * cannot are told nothing, and what a provider does with it, nobody learns.
 *
 * @see https://www.w3.org/TR/webauthn-3/#sctn-signal-methods
 */

/** Whose passkeys it is about. */
export interface PasskeyOwner {
  readonly relyingPartyId: string
  readonly sub: string
}

/** These are all the passkeys that the user has. @param ids base64url */
export function signalAcceptedPasskeys(
  { relyingPartyId: rpId, sub }: PasskeyOwner,
  ids: readonly string[],
): Promise<void> {
  return signal('signalAllAcceptedCredentials', (api) =>
    api.signalAllAcceptedCredentials({
      rpId,
      userId: toUserId(sub),
      allAcceptedCredentialIds: [...ids],
    }),
  )
}

/** The service has said that it does not know this one. @param credentialId base64url */
export function signalUnknownPasskey(rpId: string, credentialId: string): Promise<void> {
  return signal('signalUnknownCredential', (api) =>
    api.signalUnknownCredential({ rpId, credentialId }),
  )
}

/** The name that a passkey is listed under has changed. */
export function signalUserName(
  { relyingPartyId: rpId, sub }: PasskeyOwner,
  name: string,
): Promise<void> {
  return signal('signalCurrentUserDetails', (api) =>
    api.signalCurrentUserDetails({ rpId, userId: toUserId(sub), name, displayName: name }),
  )
}

async function signal(
  method: keyof typeof PublicKeyCredential & string,
  send: (api: typeof PublicKeyCredential) => Promise<void>,
): Promise<void> {
  if (!('PublicKeyCredential' in window) || !(method in PublicKeyCredential)) return
  try {
    await send(PublicKeyCredential)
  } catch (error) {
    // The relying party is another site, whose passkeys are not this one's to tell about.
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error
  }
}

/** `user.id` as the pool makes it: base64url of the `sub` as text. */
function toUserId(sub: string): string {
  return btoa(sub).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
