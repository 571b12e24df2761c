/**
 * DescribeUserPoolClient: the app client's settings and its secret.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html
 */

import { assertClientId } from '../client-authentication.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const describeUserPoolClient = defineAdminOperation({
  parse: (body) => member.parseMembers({ ClientId: member.clientId }, body),
  run({ ClientId }, context) {
    const { settings, clientSecret, createdAtMs } = context
    const { readAttributes, writeAttributes, rotationGraceSeconds } = settings
    assertClientId(ClientId, context)
    return {
      UserPoolClient: {
        UserPoolId: settings.userPoolId,
        ClientName: settings.clientName,
        ClientId,
        ...(clientSecret !== undefined && { ClientSecret: clientSecret }),
        LastModifiedDate: createdAtMs / 1000,
        CreationDate: createdAtMs / 1000,
        ...settings.tokenValidity,
        ...(readAttributes && { ReadAttributes: [...readAttributes] }),
        ...(writeAttributes && { WriteAttributes: [...writeAttributes] }),
        ExplicitAuthFlows: [...settings.explicitAuthFlows],
        PreventUserExistenceErrors: settings.preventsUserExistenceErrors ? 'ENABLED' : 'LEGACY',
        AllowedOAuthFlowsUserPoolClient: false,
        EnableTokenRevocation: settings.revokesTokens,
        EnablePropagateAdditionalUserContextData: false,
        AuthSessionValidity: settings.authSessionSeconds / 60,
        RefreshTokenRotation:
          rotationGraceSeconds === undefined
            ? { Feature: 'DISABLED' }
            : { Feature: 'ENABLED', RetryGracePeriodSeconds: rotationGraceSeconds },
      },
    }
  },
})
