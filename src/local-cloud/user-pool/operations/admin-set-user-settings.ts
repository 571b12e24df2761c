/**
 * AdminSetUserSettings: the older way in which an administrator turns a user's MFA by SMS on and off.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserSettings.html
 */

import { setMfaOptions } from '../mfa.ts'
import { requireUser } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminSetUserSettings = defineAdminOperation({
  parse: (body) =>
    member.parseMembers({ Username: member.username, MFAOptions: member.mfaOptions }, body),
  run({ Username, MFAOptions }, context) {
    setMfaOptions(requireUser(Username, context), MFAOptions, context)
    return {}
  },
})
