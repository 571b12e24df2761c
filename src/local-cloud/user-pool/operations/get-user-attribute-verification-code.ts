/**
 * GetUserAttributeVerificationCode: mails the caller a code for an address: the one that waits to be
 * verified if there is one, else the present one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html
 */

import { sendCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { countCall } from '../limits.ts'
import { defineUserOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const getUserAttributeVerificationCode = defineUserOperation({
  parse: (body) => member.parseMembers({ AttributeName: member.attributeName }, body),
  run({ AttributeName }, { caller: { user }, ...context }) {
    const call = {
      operation: 'GetUserAttributeVerificationCode',
      username: user.username,
    } as const
    return countCall(call, context, () => {
      const pending = context.store.findCode(user.sub, 'attribute')
      const email = pending?.address ?? user.attributes.get('email')
      if (AttributeName !== 'email' || email === undefined) {
        throw new CognitoError(
          'InvalidParameterException',
          `Attribute ${AttributeName} has nothing that a code could be sent to.`,
        )
      }
      return { CodeDeliveryDetails: sendCode({ user, purpose: 'attribute', email }, context) }
    })
  },
})
