/**
 * What Cognito hands to the function of the custom message trigger.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
 */

import type { JsonObject } from './cognito-api.ts'

export const riderSub = 'f4a814f8-2091-70e2-6cbd-96b4a4fa8b4e'

export interface CustomMessageParts {
  readonly triggerSource?: string
  readonly userName?: unknown
  readonly userAttributes?: unknown
  readonly clientMetadata?: unknown
  readonly request?: JsonObject
}

/** @param parts what differs from a sign-up in a pool whose riders sign in by email */
export function createCustomMessageEvent({
  triggerSource = 'CustomMessage_SignUp',
  userName = riderSub,
  userAttributes = { sub: riderSub, email: 'rider@example.com', email_verified: 'false' },
  clientMetadata,
  request,
}: CustomMessageParts = {}): JsonObject {
  const isInvitation = triggerSource === 'CustomMessage_AdminCreateUser'
  return {
    version: '1',
    triggerSource,
    region: 'us-east-1',
    userPoolId: 'us-east-1_AbCdEf123',
    userName,
    callerContext: {
      awsSdkVersion: 'aws-sdk-unknown-unknown',
      clientId: '1h57kf5cpq17m0eml12EXAMPLE',
    },
    request: {
      userAttributes,
      codeParameter: '{####}',
      usernameParameter: isInvitation ? '{username}' : null,
      ...(clientMetadata !== undefined && { clientMetadata }),
      ...request,
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  }
}
