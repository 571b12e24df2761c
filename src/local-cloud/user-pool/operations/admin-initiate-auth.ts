/**
 * AdminInitiateAuth: begins a sign-in from the pool owner's own server.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminInitiateAuth.html
 */

import { beginSignIn } from '../sign-in/flows.ts'
import { signInStart } from './initiate-auth.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const adminInitiateAuth = defineAdminOperation({
  parse: (body) => member.parseMembers(signInStart, body),
  run: (start, context) => beginSignIn(start, 'owner', context),
})
