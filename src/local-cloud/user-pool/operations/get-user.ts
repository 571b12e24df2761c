/**
 * GetUser: the caller's own user name and attributes.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
 */

import { toAttributeList } from '../users.ts'
import { defineUserOperation } from './operation.ts'

export const getUser = defineUserOperation({
  parse: () => ({}),
  run: (_, { caller: { user } }) => ({
    Username: user.username,
    UserAttributes: toAttributeList(user),
  }),
})
