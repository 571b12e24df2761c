/**
 * GetUser: the signed-in user's user name, attributes and MFA settings.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
 */

import { toAttributeList, toReadableAttributes } from '../attributes.ts'
import { toMfaMembers, toMfaOptions } from '../mfa.ts'
import { defineUserOperation } from './operation.ts'

export const getUser = defineUserOperation({
  parse: () => ({}),
  run(_, { caller: { user }, ...context }) {
    const attributes = toReadableAttributes(user, context.settings)
    return {
      Username: user.username,
      UserAttributes: toAttributeList({ ...user, attributes }),
      ...toMfaOptions(user, context),
      ...toMfaMembers(user, context),
    }
  },
})
