/**
 * AdminInitiateAuth: starts a sign-in from a server with IAM credentials.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html
 */

import { startAuthFlow } from '../sign-in/auth-flows.ts'
import { initiateAuthMembers } from './initiate-auth.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminInitiateAuth = defineAdminOperation({
  parse: (body) => member.parseMembers(initiateAuthMembers, body),
  run: (request, context) => startAuthFlow(request, 'iam', context),
})
