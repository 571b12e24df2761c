/**
 * GetUserAttributeVerificationCode: sends the signed-in user a code for the email address or phone number that waits for
 * verification, or for the current one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html
 */

import { requireContactAttribute } from '../attributes.ts'
import { attributePurposeOf, sendCode } from '../codes.ts'
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
      const attribute = requireContactAttribute(AttributeName)
      const purpose = attributePurposeOf[attribute]
      const pending = context.store.findCode(user.sub, purpose)
      const address = pending?.address ?? user.attributes.get(attribute)
      if (address === undefined) {
        const name = attribute === 'email' ? 'email address' : 'phone number'
        throw new CognitoError(
          'InvalidParameterException',
          `User does not have a valid registered ${name}`,
        )
      }
      const contact = { attribute, address }
      const source = 'CustomMessage_VerifyUserAttribute'
      return { CodeDeliveryDetails: sendCode({ user, purpose, contact, source }, context) }
    })
  },
})
