/**
 * ListUserPoolClients: the pool's app clients.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
 */

import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const listUserPoolClients = defineAdminOperation({
  parse: (body) =>
    member.parseMembers({ MaxResults: member.optional(member.integer({ min: 1, max: 60 })) }, body),
  run: ({ MaxResults = 60 }, { clients }) => ({
    UserPoolClients: clients
      .slice(0, MaxResults)
      .map(({ settings: { userPoolClientId, userPoolId, clientName } }) => ({
        ClientId: userPoolClientId,
        UserPoolId: userPoolId,
        ClientName: clientName,
      })),
  }),
})
