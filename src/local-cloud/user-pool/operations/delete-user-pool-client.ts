/**
 * DeleteUserPoolClient: the client signs nobody in any more, and its tokens are refused.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html
 */

import { deleteClient, requireClient } from '../client-requests.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const deleteUserPoolClient = defineAdminOperation({
  parse: (body) => member.parseMembers({ ClientId: member.clientId }, body),
  run({ ClientId }, context) {
    deleteClient(requireClient(ClientId, context).settings.userPoolClientId, context)
    return undefined
  },
})
