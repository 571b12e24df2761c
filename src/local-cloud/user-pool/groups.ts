/** Groups of users, and what they put into tokens. */

import { CognitoError } from './cognito-error.ts'
import type { OperationContext } from './context.ts'
import type { UserGroup } from './store/store.ts'

/** @throws {CognitoError} ResourceNotFoundException */
export function requireGroup(name: string, { store }: OperationContext): UserGroup {
  const group = store.findGroup(name)
  if (!group) throw new CognitoError('ResourceNotFoundException', 'Group not found.')
  return group
}

/** @returns the API's GroupType; dates are epoch seconds */
export function toGroupType(group: UserGroup, { settings }: OperationContext) {
  const { name, description, roleArn, precedence, createdAtMs, modifiedAtMs } = group
  return {
    GroupName: name,
    UserPoolId: settings.userPoolId,
    ...(description !== undefined && { Description: description }),
    ...(roleArn !== undefined && { RoleArn: roleArn }),
    ...(precedence !== undefined && { Precedence: precedence }),
    LastModifiedDate: modifiedAtMs / 1000,
    CreationDate: createdAtMs / 1000,
  }
}

/** The claims about groups; absent, not empty, for a user who is in none. */
export interface GroupClaims {
  /** in both tokens */
  readonly groups: { readonly 'cognito:groups'?: readonly string[] }
  /** in the ID token */
  readonly roles: {
    readonly 'cognito:roles'?: readonly string[]
    readonly 'cognito:preferred_role'?: string
  }
}

export const groupClaimNames: ReadonlySet<string> = new Set([
  'cognito:groups',
  'cognito:roles',
  'cognito:preferred_role',
])

/**
 * @param groups of one user, ordered by precedence
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GroupType.html `Precedence`
 */
export function toGroupClaims(groups: readonly UserGroup[]): GroupClaims {
  if (groups.length === 0) return { groups: {}, roles: {} }
  const roles = toRoles(groups)
  const preferred = toPreferredRole(groups)
  return {
    groups: { 'cognito:groups': groups.map(({ name }) => name) },
    roles: {
      ...(roles.length > 0 && { 'cognito:roles': roles }),
      ...(preferred !== undefined && { 'cognito:preferred_role': preferred }),
    },
  }
}

/** @returns the role of the group that takes precedence; `undefined` when several groups do, with different roles */
function toPreferredRole(groups: readonly UserGroup[]): string | undefined {
  const withRole = groups.filter(({ roleArn }) => roleArn !== undefined)
  const [first] = withRole
  const [role, ...others] = toRoles(
    withRole.filter(({ precedence }) => precedence === first?.precedence),
  )
  return others.length === 0 ? role : undefined
}

function toRoles(groups: readonly UserGroup[]): readonly string[] {
  return [...new Set(groups.flatMap(({ roleArn }) => (roleArn === undefined ? [] : [roleArn])))]
}
