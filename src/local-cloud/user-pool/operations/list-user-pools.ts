/**
 * ListUserPools: the user pools of the account and region, of which there is one.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html
 */

import { toLambdaConfig } from '../triggers/lambda-config.ts'
import { defineIamOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const listUserPools = defineIamOperation({
  parse: (body) => member.parseMembers({ MaxResults: member.integer({ min: 1, max: 60 }) }, body),
  run: (_, context) => ({
    UserPools: [
      {
        Id: context.settings.userPoolId,
        Name: context.settings.userPoolName,
        LambdaConfig: toLambdaConfig(context),
        LastModifiedDate: context.createdAtMs / 1000,
        CreationDate: context.createdAtMs / 1000,
      },
    ],
  }),
})
