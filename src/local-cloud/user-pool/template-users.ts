/**
 * The users of the template, and who of them is in which group. A start makes each once, as AdminCreateUser does, so that an
 * invitation is in the inbox; a user who was deleted at run time stays deleted.
 */

import * as v from 'valibot'
import { CognitoError } from './cognito-error.ts'
import type { UserPool } from './context.ts'
import { operations } from './operations/index.ts'
import type { UserProperties } from './settings-schema.ts'
import { storedNames } from './store/store.ts'
import type { NamedResource, TemplateNote } from './template-report.ts'

export interface TemplateUser extends NamedResource {
  /** members of AdminCreateUser */
  readonly request: UserProperties & { readonly Username: string }
}

export interface TemplateMembership extends NamedResource {
  readonly groupName: string
  readonly username: string
}

const storedKeys = v.array(v.string())

/** @returns a note for each one that the pool refuses, which the next start tries again */
export async function applyTemplateUsers(
  {
    users,
    memberships,
  }: {
    readonly users: readonly TemplateUser[]
    readonly memberships: readonly TemplateMembership[]
  },
  pool: UserPool,
): Promise<readonly TemplateNote[]> {
  const { store } = pool
  const stored = store.readSecret(storedNames.templateUsers)
  const done = new Set(stored === undefined ? [] : v.parse(storedKeys, JSON.parse(stored)))
  const notes: TemplateNote[] = []
  const steps = [
    ...users.map(({ request, ...resource }) => ({
      resource,
      key: JSON.stringify([request.Username]),
      operation: 'AdminCreateUser',
      body: request,
    })),
    ...memberships.map(({ groupName, username, ...resource }) => ({
      resource,
      key: JSON.stringify([username, groupName]),
      operation: 'AdminAddUserToGroup',
      body: { Username: username, GroupName: groupName },
    })),
  ]
  for (const { resource, key, operation, body } of steps) {
    if (done.has(key)) continue
    const refusal = await findRefusal(operation, body, pool)
    if (refusal === undefined) {
      done.add(key)
      store.writeSecret(storedNames.templateUsers, JSON.stringify([...done]))
    } else {
      const text = `the pool refuses it: ${refusal}`
      notes.push({ kind: 'passed-over', line: resource.line, subject: resource.id, text })
    }
  }
  return notes
}

/** @returns why the pool refuses the request; `undefined` when it is done */
async function findRefusal(
  operation: string,
  body: object,
  pool: UserPool,
): Promise<string | undefined> {
  const { userPoolId } = pool.settings
  try {
    await operations.get(operation)?.(
      { body: { ...body, UserPoolId: userPoolId }, isSigned: true },
      pool,
    )
    return undefined
  } catch (error) {
    if (error instanceof CognitoError) return error.message
    throw error
  }
}
