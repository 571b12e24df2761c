/**
 * CompleteWebAuthnRegistration: verifies the passkey that a browser has made, and adds it to the signed-in user.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CompleteWebAuthnRegistration.html
 */

import { CognitoError } from '../cognito-error.ts'
import { saveRegistration, verifyRegistration } from '../webauthn/registration.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const completeWebAuthnRegistration = defineUserOperation({
  parse: (body) => member.parseMembers({ Credential: member.document }, body),
  async prepare({ Credential }, pool) {
    const registration = await verifyRegistration(Credential, pool)
    return ({ caller, ...context }) => {
      if (registration instanceof CognitoError) throw registration
      saveRegistration(registration, caller, context)
      return {}
    }
  },
})
