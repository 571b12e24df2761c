/**
 * SetUserMFAPreference: the caller switches second factors on and off, and says which comes first.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
 */

import { CognitoError } from '../cognito-error.ts'
import { preferSoftwareToken } from '../software-token.ts'
import * as member from './members.ts'
import { defineUserOperation } from './operation.ts'

export const setUserMfaPreference = defineUserOperation({
  parse: (body) =>
    member.parseMembers(
      {
        SMSMfaSettings: member.optional(member.mfaSettings),
        EmailMfaSettings: member.optional(member.mfaSettings),
        SoftwareTokenMfaSettings: member.optional(member.mfaSettings),
      },
      body,
    ),
  run({ SMSMfaSettings, EmailMfaSettings, SoftwareTokenMfaSettings }, { caller, ...context }) {
    if (SMSMfaSettings?.Enabled) throw notSetUp('SMS_MFA')
    if (EmailMfaSettings?.Enabled) throw notSetUp('EMAIL_OTP')
    if (SoftwareTokenMfaSettings) {
      const { Enabled: enabled, PreferredMfa: preferred } = SoftwareTokenMfaSettings
      preferSoftwareToken(caller.user, { enabled, preferred }, context)
    }
    return {}
  },
})

function notSetUp(factor: string): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    `User does not have delivery config set to turn on ${factor}`,
  )
}
