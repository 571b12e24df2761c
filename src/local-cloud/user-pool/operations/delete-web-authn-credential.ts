/**
 * DeleteWebAuthnCredential: removes a passkey of the signed-in user. The passkey itself stays on its device.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteWebAuthnCredential.html
 */

import { CognitoError } from '../cognito-error.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const deleteWebAuthnCredential = defineUserOperation({
  parse: (body) => member.parseMembers({ CredentialId: member.credentialId }, body),
  run({ CredentialId }, { caller: { user }, store }) {
    if (!store.deleteWebAuthnCredential({ sub: user.sub, credentialId: CredentialId })) {
      throw new CognitoError('ResourceNotFoundException', 'Passkey not found.')
    }
    return {}
  },
})
