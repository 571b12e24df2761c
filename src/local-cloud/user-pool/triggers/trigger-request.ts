/** What a request tells its triggers: its client, ClientMetadata and ValidationData. */

import * as v from 'valibot'
import { optional, parseMembers, stringMap } from '../operations/request-schema.ts'
import type { TriggerRequest } from './triggers.ts'

/** For these, triggers get ClientMetadata as `validationData`, and only those that come before the sign-in. */
const signInOperations: ReadonlySet<string> = new Set(['InitiateAuth', 'AdminInitiateAuth'])

const members = {
  ClientId: v.optional(v.unknown()),
  AccessToken: v.optional(v.unknown()),
  ClientMetadata: optional(stringMap),
  ValidationData: optional(
    v.array(v.object({ Name: v.string(), Value: v.optional(v.string(), '') })),
  ),
}

/**
 * @param clientId of the client that the request is of, if it names one
 * @throws {CognitoError} SerializationException for metadata that is not text
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_InitiateAuth.html `ClientMetadata`
 */
export function readTriggerRequest(
  operation: string,
  body: unknown,
  clientId: string,
): TriggerRequest {
  const { ClientId, AccessToken, ClientMetadata, ValidationData } = parseMembers(members, body)
  const hasClient = ClientId !== undefined || AccessToken !== undefined
  const isSignIn = signInOperations.has(operation)
  const validationData = isSignIn
    ? ClientMetadata
    : ValidationData && Object.fromEntries(ValidationData.map(({ Name, Value }) => [Name, Value]))
  return {
    clientId: hasClient ? clientId : 'CLIENT_ID_NOT_APPLICABLE',
    ...(ClientMetadata && !isSignIn && { clientMetadata: ClientMetadata }),
    ...(validationData && { validationData }),
  }
}
