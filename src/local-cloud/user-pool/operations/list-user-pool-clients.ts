/**
 * ListUserPoolClients: the pool's app clients, of which there is one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
 */

import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const listUserPoolClients = defineAdminOperation({
  parse: (body) =>
    member.parseMembers({ MaxResults: member.optional(member.integer({ min: 1, max: 60 })) }, body),
  run: (_, { settings: { userPoolClientId, userPoolId, clientName } }) => ({
    UserPoolClients: [
      { ClientId: userPoolClientId, UserPoolId: userPoolId, ClientName: clientName },
    ],
  }),
})
