/**
 * CreateUserPoolClient: an app client with an id, and a secret where one is wanted. Settings of a hosted UI are kept and
 * told, and nothing rests on them.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
 */

import { createClientId, createClientSecret } from '../app-clients.ts'
import {
  assertClientProperties,
  requireClient,
  saveClient,
  toClientType,
} from '../client-requests.ts'
import { CognitoError } from '../cognito-error.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const createUserPoolClient = defineAdminOperation({
  parse: (body) =>
    member.parseMembers(
      {
        ClientName: member.clientName,
        GenerateSecret: member.optional(member.boolean, false),
        ClientSecret: member.optional(member.chosenClientSecret),
        ...member.appClientMembers,
      },
      body,
    ),
  run({ ClientSecret, GenerateSecret, ...members }, context) {
    const { clock, random } = context
    if (GenerateSecret && ClientSecret !== undefined) {
      throw new CognitoError(
        'InvalidParameterException',
        'ClientSecret cannot be given when GenerateSecret is true.',
      )
    }
    const hasSecret = GenerateSecret || ClientSecret !== undefined
    const properties = { ...members, GenerateSecret: hasSecret }
    assertClientProperties(properties, 'creating', context)
    const clientId = createClientId(random)
    const clientSecret = ClientSecret ?? (GenerateSecret ? createClientSecret(random) : undefined)
    saveClient({ clientId, properties, clientSecret, createdAtMs: clock.nowMs() }, context)
    return { UserPoolClient: toClientType(requireClient(clientId, context), context) }
  },
})
