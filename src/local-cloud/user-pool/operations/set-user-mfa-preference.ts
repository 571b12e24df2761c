/**
 * SetUserMFAPreference: the caller switches second factors on and off, and says which comes first.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
 */

import { setMfaPreference } from '../software-token.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const setUserMfaPreference = defineUserOperation({
  parse: (body) => member.parseMembers(member.mfaPreference, body),
  run(preference, { caller, ...context }) {
    setMfaPreference(caller.user, preference, context)
    return {}
  },
})
