/**
 * VerifyUserAttribute: verifies the signed-in user's email address or phone number with a code. One that waited for it
 * becomes the current one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
 */

import { requireContactAttribute } from '../attributes.ts'
import { assertCode, attributePurposeOf } from '../codes.ts'
import { verificationFlagOf } from '../contacts.ts'
import { withRateLimit } from '../rate-limit.ts'
import { updateUser } from '../users.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const verifyUserAttribute = defineUserOperation({
  parse: (body) =>
    member.parseMembers(
      { AttributeName: member.attributeName, Code: member.confirmationCode },
      body,
    ),
  run({ AttributeName, Code }, { caller: { user }, ...context }) {
    const { store, clock } = context
    const call = { operation: 'VerifyUserAttribute', username: user.username } as const
    return withRateLimit(call, context, () => {
      const attribute = requireContactAttribute(AttributeName)
      const purpose = attributePurposeOf[attribute]
      const { address } = assertCode({ user, purpose, code: Code }, context)
      const attributes = new Map([
        ...user.attributes,
        [attribute, address],
        [verificationFlagOf[attribute], 'true'],
      ])
      updateUser({ ...user, attributes, modifiedAtMs: clock.nowMs() }, context)
      store.deleteCodes(user.sub, purpose)
      return {}
    })
  },
})
