/**
 * VerifyUserAttribute: verifies the signed-in user's email address with a code. An address that waited for it becomes
 * the current one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
 */

import { assertVerifiable } from '../attributes.ts'
import { assertCode, expiredCodeError } from '../codes.ts'
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
      assertVerifiable(AttributeName)
      // No code was ever sent to a phone number.
      if (AttributeName === 'phone_number') throw expiredCodeError()
      const { address } = assertCode({ user, purpose: 'attribute', code: Code }, context)
      const attributes = new Map([
        ...user.attributes,
        ['email', address],
        ['email_verified', 'true'],
      ])
      updateUser({ ...user, attributes, modifiedAtMs: clock.nowMs() }, context)
      store.deleteCodes(user.sub, 'attribute')
      return {}
    })
  },
})
