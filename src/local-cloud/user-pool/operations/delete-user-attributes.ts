/**
 * DeleteUserAttributes: a signed-in user deletes attributes of theirs.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html
 */

import { changeAttributes } from '../attribute-changes.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const deleteUserAttributes = defineUserOperation({
  parse: (body) => member.parseMembers({ UserAttributeNames: member.attributeNames }, body),
  run({ UserAttributeNames }, { caller: { user }, ...context }) {
    const blanks = UserAttributeNames.map((Name) => ({ Name, Value: '' }))
    changeAttributes(user, blanks, 'client', context)
    return {}
  },
})
