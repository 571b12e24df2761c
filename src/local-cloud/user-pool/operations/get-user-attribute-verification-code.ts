/**
 * GetUserAttributeVerificationCode: emails the signed-in user a code for the address that waits for verification, or
 * for the current one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html
 */

import { assertVerifiable } from '../attributes.ts'
import { sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { withRateLimit } from '../rate-limit.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const getUserAttributeVerificationCode = defineUserOperation({
  parse: (body) => member.parseMembers({ AttributeName: member.attributeName }, body),
  run({ AttributeName }, { caller: { user }, ...context }) {
    const call = {
      operation: 'GetUserAttributeVerificationCode',
      username: user.username,
    } as const
    return withRateLimit(call, context, () => {
      assertVerifiable(AttributeName)
      if (AttributeName === 'phone_number') {
        throw new CognitoError(
          'InvalidParameterException',
          'User does not have a valid registered phone number',
          { detail: 'this pool sends no SMS' },
        )
      }
      const pending = context.store.findCode(user.sub, 'attribute')
      const email = pending?.address ?? user.attributes.get('email')
      if (email === undefined) {
        throw new CognitoError(
          'InvalidParameterException',
          'User does not have a valid registered email address',
        )
      }
      const message = 'CustomMessage_VerifyUserAttribute'
      return {
        CodeDeliveryDetails: sendCode({ user, purpose: 'attribute', email, message }, context),
      }
    })
  },
})
