/**
 * SetUserSettings: the older way in which a signed-in user turns MFA by SMS on and off.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserSettings.html
 */

import { setMfaOptions } from '../mfa.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const setUserSettings = defineUserOperation({
  parse: (body) => member.parseMembers({ MFAOptions: member.mfaOptions }, body),
  run({ MFAOptions }, { caller, ...context }) {
    setMfaOptions(caller.user, MFAOptions, context)
    return {}
  },
})
