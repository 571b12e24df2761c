/**
 * SetUserMFAPreference: a signed-in user turns MFA factors on and off, and chooses the preferred one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
 */

import { setMfaPreference } from '../mfa.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const setUserMfaPreference = defineUserOperation({
  parse: (body) => member.parseMembers(member.mfaPreference, body),
  run(preference, { caller, ...context }) {
    setMfaPreference(caller.user, preference, context)
    return {}
  },
})
