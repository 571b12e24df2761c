/**
 * Passkeys: one request to the browser at a time, options and answers as JSON.
 *
 * @see https://www.w3.org/TR/webauthn-3/
 */

import { type JsonObject, toJsonObject } from './json.ts'

/** Why there is no passkey. */
export type PasskeyErrorCode =
  /** a newer request took its place, or the page was left */
  | 'aborted'
  /** canceled, timed out, or none on this device: browsers tell these apart to nobody */
  | 'canceled'
  /** creating: this authenticator has one of the account already */
  | 'already-registered'
  /** the relying party is another site */
  | 'wrong-site'
  /** creating: no authenticator here can make one as it is wanted */
  | 'unsupported'

/** `message` is for developers; `cause` is what the browser gave. */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError'
  readonly code: PasskeyErrorCode

  constructor(code: PasskeyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** How the browser asks: by its dialog, or without one: in a field's autofill, or not at all when it makes one. */
export type PasskeyMediation = 'modal' | 'conditional'

/** ends the request under way */
let pending: AbortController | undefined
/** whether the user has asked for that one */
let isModal = false

/**
 * Asks for a passkey. Whatever request was under way is aborted, but `conditional` takes the place of no `modal` one.
 *
 * @throws {PasskeyError} `aborted`, `canceled`, `wrong-site`
 */
export async function getPasskey(
  options: PublicKeyCredentialRequestOptionsJSON,
  mediation: PasskeyMediation = 'modal',
): Promise<JsonObject> {
  const credential = await request(mediation, (signal) =>
    navigator.credentials.get({
      publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options),
      ...(mediation === 'conditional' && { mediation }),
      signal,
    }),
  )
  return toPasskeyJson(credential)
}

/**
 * Makes a passkey; `conditional` without a question, where the browser can.
 *
 * @throws {PasskeyError}
 */
export async function createPasskey(
  options: PublicKeyCredentialCreationOptionsJSON,
  mediation: PasskeyMediation = 'modal',
): Promise<JsonObject> {
  const credential = await request(mediation, (signal) =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
      ...(mediation === 'conditional' && { mediation }),
      signal,
    }),
  )
  return toPasskeyJson(credential)
}

/** What a browser has saved for this site. */
export type SavedCredential =
  | { readonly kind: 'passkey'; readonly credential: JsonObject }
  | { readonly kind: 'password'; readonly username: string; readonly password: string }

/**
 * Has the browser show the passwords, and the passkeys for `options`, that it has saved for this site. It says at once
 * where there are none.
 *
 * @throws {PasskeyError} `canceled`: there are none, or the user wants none of them
 * @see https://github.com/w3c/webauthn/wiki/Explainer:-WebAuthn-immediate-mediation
 */
export async function chooseSavedCredential(
  options: PublicKeyCredentialRequestOptionsJSON | undefined,
): Promise<SavedCredential> {
  const credential = await request('modal', (signal) => {
    const wanted: CredentialRequestOptions & { uiMode: 'immediate'; password: true } = {
      uiMode: 'immediate',
      password: true,
      ...(options && { publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
      signal,
    }
    return navigator.credentials.get(wanted)
  })
  if (credential && 'password' in credential && typeof credential.password === 'string') {
    return { kind: 'password', username: credential.id, password: credential.password }
  }
  return { kind: 'passkey', credential: toPasskeyJson(credential) }
}

/** Ends the request under way. */
export function abortPasskeyRequest(): void {
  pending?.abort()
  pending = undefined
}

// A page with a pending request cannot go into the back/forward cache.
window.addEventListener('pagehide', abortPasskeyRequest)

async function request(
  mediation: PasskeyMediation,
  ask: (signal: AbortSignal) => Promise<Credential | null>,
): Promise<Credential | null> {
  if (pending && isModal && mediation === 'conditional') {
    throw new PasskeyError('aborted', 'the user is being asked for another one')
  }
  abortPasskeyRequest()
  isModal = mediation === 'modal'
  const own = new AbortController()
  pending = own
  try {
    return await ask(own.signal)
  } catch (cause) {
    if (!(cause instanceof DOMException)) throw cause
    throw new PasskeyError(findCode(cause), 'the browser has given no passkey', { cause })
  } finally {
    if (pending === own) pending = undefined
  }
}

/** @see https://www.w3.org/TR/webauthn-3/#sctn-op-get-assertion and the step before it for creating */
function findCode({ name }: DOMException): PasskeyErrorCode {
  switch (name) {
    case 'AbortError':
      return 'aborted'
    case 'SecurityError':
      return 'wrong-site'
    case 'InvalidStateError':
      return 'already-registered'
    case 'NotSupportedError':
    case 'ConstraintError':
      return 'unsupported'
    default:
      // NotAllowedError, and what single authenticators report: nobody can do more than try again.
      return 'canceled'
  }
}

/** @throws {PasskeyError} `canceled` for none */
function toPasskeyJson(credential: Credential | null): JsonObject {
  const json =
    credential instanceof PublicKeyCredential ? toJsonObject(credential.toJSON()) : undefined
  if (json) return json
  throw new PasskeyError('canceled', 'expected a passkey, got another credential or none')
}
