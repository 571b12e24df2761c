/**
 * UpdateUserPoolClient: gives an app client new settings. What is not named gets its default; name and secret stay.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
 */

import {
  assertClientProperties,
  requireClient,
  saveClient,
  toClientType,
} from '../client-requests.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const updateUserPoolClient = defineAdminOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ClientId: member.clientId,
        ClientName: member.optional(member.clientName),
        ...member.appClientMembers,
      },
      body,
    ),
  run({ ClientId: clientId, ClientName, ...members }, context) {
    const { settings, clientSecret, madeAt } = requireClient(clientId, context)
    const properties = {
      ...members,
      ClientName: ClientName ?? settings.clientName,
      GenerateSecret: settings.clientHasSecret,
    }
    assertClientProperties(properties, 'updating', context)
    const { createdAtMs } = madeAt ?? context
    saveClient({ clientId, properties, clientSecret, createdAtMs }, context)
    return { UserPoolClient: toClientType(requireClient(clientId, context), context) }
  },
})
