/**
 * AdminSetUserMFAPreference: an administrator turns a user's MFA factors on and off, for example after the user has
 * lost the device.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserMFAPreference.html
 */

import { setMfaPreference } from '../mfa.ts'
import { requireUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminSetUserMfaPreference = defineAdminOperation({
  parse: (body) =>
    member.parseMembers({ Username: member.username, ...member.mfaPreference }, body),
  run({ Username, ...preference }, context) {
    setMfaPreference(requireUser(Username, context), preference, context)
    return {}
  },
})
