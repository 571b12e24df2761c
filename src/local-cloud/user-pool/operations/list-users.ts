/**
 * ListUsers: users ordered by user name, in pages, with an optional filter.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
 */

import type { AttributeMember } from '../attributes.ts'
import { CognitoError } from '../cognito-error.ts'
import { readPage, toPage } from '../pagination.ts'
import type { UserFilter } from '../store/store.ts'
import { toUserType } from '../users.ts'
import { defineAdminOperation } from './operation.ts'
import * as member from './request-schema.ts'

const searchableNames = new Set([
  ...['username', 'email', 'phone_number', 'name', 'given_name', 'family_name'],
  ...['preferred_username', 'sub', 'cognito:user_status', 'status'],
])

export const listUsers = defineAdminOperation({
  parse: (body) => {
    const members = member.parseMembers(
      {
        AttributesToGet: member.optional(member.attributeNames),
        Limit: member.pageMembers.Limit,
        PaginationToken: member.pageMembers.NextToken,
        Filter: member.optional(member.filter, ''),
      },
      body,
    )
    return {
      limit: members.Limit,
      token: members.PaginationToken,
      filter: parseFilter(members.Filter),
      attributeNames: members.AttributesToGet && new Set(members.AttributesToGet),
    }
  },
  run({ limit, token, filter, attributeNames }, context) {
    const { store, settings } = context
    if (
      attributeNames &&
      ![...attributeNames].every((name) => settings.attributeSchema.has(name))
    ) {
      throw noSuchAttributesError()
    }
    const page = readPage({ operation: 'ListUsers', limit, token }, context)
    const found = store.listUsers({ ...page, ...(filter && { filter }) })
    const { items, token: next } = toPage(page, found, ({ username }) => username, context)
    return {
      Users: items.map(toUserType).map(({ Attributes, ...user }) => ({
        ...user,
        Attributes: attributeNames ? selectAttributes(Attributes, attributeNames) : Attributes,
      })),
      ...(next !== undefined && { PaginationToken: next }),
    }
  },
})

/** @throws {CognitoError} InvalidParameterException for a user who lacks one of them, as the API reference says */
function selectAttributes(
  attributes: readonly AttributeMember[],
  names: ReadonlySet<string>,
): readonly AttributeMember[] {
  const selected = attributes.filter(({ Name }) => names.has(Name))
  if (selected.length < names.size) throw noSuchAttributesError()
  return selected
}

function noSuchAttributesError(): CognitoError {
  return new CognitoError(
    'InvalidParameterException',
    'One or more requested attributes do not exist.',
  )
}

/** @param text `name = "value"` or `name ^= "value"`, quotes in the value escaped; or blank */
function parseFilter(text: string): UserFilter | undefined {
  if (text.trim() === '') return undefined
  const clause = /^\s*"?([\w:]+)"?\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*$/.exec(text)
  const [, name, operator, value] = clause ?? []
  if (name === undefined || value === undefined) {
    throw new CognitoError('InvalidParameterException', 'Error while parsing filter')
  }
  if (!searchableNames.has(name)) {
    throw new CognitoError('InvalidParameterException', `Invalid search attribute: ${name}`)
  }
  return {
    name,
    match: operator === '=' ? 'equals' : 'starts-with',
    value: value.replace(/\\(.)/g, '$1'),
  }
}
