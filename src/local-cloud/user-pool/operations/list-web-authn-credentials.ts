/**
 * ListWebAuthnCredentials: the passkeys of the signed-in user, oldest first.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListWebAuthnCredentials.html
 */

import { CognitoError } from '../cognito-error.ts'
import type { WebAuthnCredential } from '../store/store.ts'
import { maxCredentials } from '../webauthn/registration.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const listWebAuthnCredentials = defineUserOperation({
  parse: (body) =>
    member.parseMembers(
      {
        NextToken: member.optional(member.paginationToken),
        MaxResults: member.optional(member.integer({ min: 0, max: maxCredentials })),
      },
      body,
    ),
  run({ NextToken, MaxResults }, { caller: { user }, store }) {
    const credentials = store.listWebAuthnCredentialsOf(user.sub)
    const start = NextToken === undefined ? 0 : requireStart(NextToken, credentials)
    // 0 means as many as there can be, as an absent one does.
    const page = credentials.slice(start, start + (MaxResults || maxCredentials))
    const isLast = start + page.length === credentials.length
    const last = page.at(-1)
    return {
      Credentials: page.map(toDescription),
      ...(last && !isLast && { NextToken: last.credentialId }),
    }
  },
})

/** @param token id of the last passkey of the page before */
function requireStart(token: string, credentials: readonly WebAuthnCredential[]): number {
  const last = credentials.findIndex(({ credentialId }) => credentialId === token)
  if (last === -1) {
    throw new CognitoError('InvalidParameterException', 'Invalid pagination token given.')
  }
  return last + 1
}

function toDescription(credential: WebAuthnCredential) {
  const { credentialId, name, relyingPartyId, attachment, transports, createdAtMs } = credential
  return {
    CredentialId: credentialId,
    FriendlyCredentialName: name,
    RelyingPartyId: relyingPartyId,
    ...(attachment !== undefined && { AuthenticatorAttachment: attachment }),
    AuthenticatorTransports: transports,
    CreatedAt: createdAtMs / 1000,
  }
}
