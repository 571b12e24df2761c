/**
 * DescribeUserPoolClient: the app client's settings and its secret.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html
 */

import { requireClient, toClientType } from '../client-requests.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const describeUserPoolClient = defineAdminOperation({
  parse: (body) => member.parseMembers({ ClientId: member.clientId }, body),
  run: ({ ClientId }, context) => ({
    UserPoolClient: toClientType(requireClient(ClientId, context), context),
  }),
})
