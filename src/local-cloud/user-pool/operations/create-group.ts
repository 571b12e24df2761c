/**
 * CreateGroup: a group of users, whose name and role are in their tokens.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html
 */

import { CognitoError } from '../cognito-error.ts'
import { toGroupType } from '../groups.ts'
import { GroupTakenError, type UserGroup } from '../store/store.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

export const createGroup = defineAdminOperation({
  parse: (body) => member.parseMembers(member.groupMembers, body),
  run({ GroupName, Description, RoleArn, Precedence }, context) {
    const nowMs = context.clock.nowMs()
    const group: UserGroup = {
      name: GroupName,
      description: Description,
      roleArn: RoleArn,
      precedence: Precedence,
      createdAtMs: nowMs,
      modifiedAtMs: nowMs,
    }
    try {
      context.store.insertGroup(group)
    } catch (error) {
      if (!(error instanceof GroupTakenError)) throw error
      throw new CognitoError('GroupExistsException', 'A group with the name already exists.', {
        cause: error,
      })
    }
    return { Group: toGroupType(group, context) }
  },
})
