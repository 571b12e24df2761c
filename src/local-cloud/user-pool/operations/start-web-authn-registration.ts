/**
 * StartWebAuthnRegistration: the options with which a browser makes a passkey for the signed-in user.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
 */

import { createCreationOptions } from '../webauthn/registration.ts'
import { defineUserOperation } from './operation.ts'

export const startWebAuthnRegistration = defineUserOperation({
  parse: () => ({}),
  run: (_, { caller, ...context }) => ({
    CredentialCreationOptions: createCreationOptions(caller, context),
  }),
})
