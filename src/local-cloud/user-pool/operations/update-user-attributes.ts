/**
 * UpdateUserAttributes: a signed-in user changes attributes of theirs. A new email address gets a code.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html
 */

import { changeAttributes } from '../attribute-changes.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const updateUserAttributes = defineUserOperation({
  parse: (body) => member.parseMembers({ UserAttributes: member.attributes }, body),
  run: ({ UserAttributes }, { caller: { user }, ...context }) => ({
    CodeDeliveryDetailsList: changeAttributes(user, UserAttributes, 'client', context),
  }),
})
