/** Passkeys are for one site, the relying party, which the pool names. */

import { fetchServiceErrors } from './api-client.ts'
import { AuthError } from './auth-error.ts'

/** The error for a browser's refusal to make or use a passkey here, which names the setting that is wrong. */
export async function toRelyingPartyError(cause: unknown): Promise<AuthError> {
  const { explainBySettings } = await fetchServiceErrors()
  const error = new AuthError('unexpected', 'passkeys are for another site', { cause })
  return explainBySettings(error, 'a relying party of another site')
}
