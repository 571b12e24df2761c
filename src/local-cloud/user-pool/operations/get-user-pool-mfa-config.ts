/**
 * GetUserPoolMfaConfig: which second factors the pool has, and whether sign-in asks for one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
 */

import { toMfaConfig } from '../mfa-config.ts'
import { defineAdminOperation } from './operation.ts'

export const getUserPoolMfaConfig = defineAdminOperation({
  parse: () => ({}),
  run: (_, { settings }) => toMfaConfig(settings),
})
