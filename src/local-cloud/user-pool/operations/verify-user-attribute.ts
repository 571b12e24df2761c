/**
 * VerifyUserAttribute: proves the caller's address by a mailed code. One that waited for it counts now.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
 */

import { assertCode } from '../codes.ts'
import { CognitoError } from '../cognito-error.ts'
import { countCall } from '../limits.ts'
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
    return countCall(call, context, () => {
      if (AttributeName !== 'email') {
        throw new CognitoError(
          'InvalidParameterException',
          `Attribute ${AttributeName} cannot be verified.`,
        )
      }
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
