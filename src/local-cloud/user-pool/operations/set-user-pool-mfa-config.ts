/**
 * SetUserPoolMfaConfig: changes whether sign-in asks for a second factor, and whether that may be an authenticator app.
 * What is not named stays as it is. Emails and passkeys are as the template says.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
 */

import { setMfaConfig, toMfaConfig } from '../mfa-config.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const setUserPoolMfaConfig = defineAdminOperation({
  parse: (body) => member.parseMembers(member.mfaConfig, body),
  run(config, context) {
    setMfaConfig(config, context)
    return toMfaConfig(context.current.of(undefined).settings)
  },
})
