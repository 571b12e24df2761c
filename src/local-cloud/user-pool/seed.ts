/** Users and groups that a pool begins with, as `--seed FILE` and `startUserPool` take them. */

import * as v from 'valibot'
import { SettingsError } from '../../shared/settings-error.ts'
import { toNewAttributes } from './attributes.ts'
import { CognitoError } from './cognito-error.ts'
import { findContactAttribute } from './contacts.ts'
import type { OperationContext, UserPool } from './context.ts'
import { didYouMean } from './did-you-mean.ts'
import { toProblems } from './input-problems.ts'
import { commit } from './operations/operation.ts'
import * as member from './operations/request-schema.ts'
import {
  allowsNoPassword,
  assertPassword,
  createCredentials,
  createPasswordlessCredentials,
  createTemporaryCredentials,
  passwordPolicyMessages,
} from './passwords.ts'
import { usernameModels } from './settings.ts'
import type { User, UserGroup } from './store/store.ts'
import { insertUser, resolveUsername } from './users.ts'

const attributeValue = v.pipe(
  v.union([v.string(), v.number(), v.boolean()], 'expected a text, a number, true or false'),
  v.transform(String),
)
const group = v.strictObject({
  name: member.groupName,
  description: member.groupMembers.Description,
  precedence: member.groupMembers.Precedence,
  roleArn: member.groupMembers.RoleArn,
})
/** A name alone is enough. */
const namedGroup = v.pipe(
  v.unknown(),
  v.transform((one) => (typeof one === 'string' ? { name: one } : one)),
  group,
)
const user = v.strictObject({
  username: v.optional(member.username),
  email: v.optional(v.pipe(v.string(), v.regex(/^[^\s@]+@[^\s@]+$/, 'expected an email address'))),
  password: v.optional(member.newPassword),
  temporaryPassword: v.optional(member.newPassword),
  attributes: v.optional(v.record(v.string(), attributeValue), {}),
  groups: v.optional(v.array(member.groupName), []),
  confirmed: v.optional(v.boolean(), true),
  enabled: v.optional(v.boolean(), true),
  sub: v.optional(v.pipe(v.string(), v.uuid('expected a uuid'))),
})
const seed = v.strictObject({
  users: v.optional(v.array(user), []),
  groups: v.optional(v.array(namedGroup)),
})

export type Seed = v.InferOutput<typeof seed>
type SeedUser = Seed['users'][number]

/**
 * @param setting for messages: the file, or the name of the option
 * @throws {SettingsError} naming everything that is not as it should be, each with its place
 */
export function parseSeed(value: unknown, setting: string): Seed {
  const parsed = v.safeParse(seed, value)
  if (parsed.success) return parsed.output
  throw seedError(setting, toProblems(parsed.issues, [seed, user, group]))
}

/**
 * Puts users and groups into the pool, all of them or none. Those that it has already stay as they are.
 *
 * @throws {SettingsError} naming every user that this pool could not have, and why
 */
export async function plantSeed(pool: UserPool, seeds: Seed, setting: string): Promise<void> {
  await commit(pool, (context) => {
    const problems: string[] = []
    const groups = seeds.groups ?? toNamedGroups(seeds.users)
    for (const one of groups) insertGroup(one, context)
    for (const [index, one] of seeds.users.entries()) {
      const place = `users.${index} (${one.username ?? one.email ?? 'without a name'})`
      try {
        problems.push(...plantUser(one, context).map((problem) => `${place}: ${problem}`))
      } catch (error) {
        if (!(error instanceof CognitoError)) throw error
        problems.push(`${place}: ${error.message.trim()}`)
      }
    }
    if (problems.length > 0) throw seedError(setting, problems)
    return {}
  })
}

/** Groups that only users name: where the seed does not say which groups there are, it means these. */
function toNamedGroups(users: readonly SeedUser[]): readonly v.InferOutput<typeof group>[] {
  return [...new Set(users.flatMap(({ groups }) => groups))].map((name) => ({ name }))
}

function insertGroup(
  { name, description, precedence, roleArn }: v.InferOutput<typeof group>,
  { store, clock }: OperationContext,
): void {
  if (store.findGroup(name)) return
  const nowMs = clock.nowMs()
  const added: UserGroup = {
    name,
    description,
    roleArn,
    precedence,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  }
  store.insertGroup(added)
}

/**
 * @returns what is wrong with the groups
 * @throws {CognitoError} for a user whom this pool could not have
 */
function plantUser(one: SeedUser, context: OperationContext): readonly string[] {
  const { store } = context
  const name = one.username ?? one.email
  if (name === undefined) return ['expected a username or an email']
  if (store.findUser(name) || (one.sub !== undefined && store.findUserBySub(one.sub))) return []
  const planted = toUser(one, name, context)
  insertUser(planted, 'User account already exists', context)
  const known = store.listGroups({ limit: Number.MAX_SAFE_INTEGER }).map((found) => found.name)
  return one.groups.flatMap((groupName) => {
    if (!known.includes(groupName)) {
      return [`there is no group ${groupName}${didYouMean(groupName, known)}`]
    }
    store.addToGroup({ groupName, sub: planted.sub })
    return []
  })
}

function toUser(one: SeedUser, name: string, context: OperationContext): User {
  const { settings, clock, random } = context
  const sub = one.sub ?? random.uuid()
  const given = { ...(one.email !== undefined && { email: one.email }), ...one.attributes }
  // A seed has no other way to verify an address.
  const verified = one.confirmed
    ? ['email', 'phone_number'].filter((name) => Object.hasOwn(given, name) || isNamedBy(name))
    : []
  const attributes = {
    ...Object.fromEntries(verified.map((attribute) => [`${attribute}_verified`, 'true'])),
    ...given,
  }
  const requested = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }))
  const resolved = resolveUsername(
    { username: name, sub },
    toNewAttributes(requested, 'iam', settings),
    context,
  )
  return {
    sub,
    ...resolved,
    enabled: one.enabled,
    ...toCredentials(one, resolved, context),
    createdAtMs: clock.nowMs(),
    modifiedAtMs: clock.nowMs(),
  }

  function isNamedBy(attribute: string): boolean {
    const { areUsernames } = usernameModels[settings.usernameModel]
    return areUsernames && findContactAttribute(name) === attribute
  }
}

function toCredentials(
  { password, temporaryPassword, confirmed }: SeedUser,
  { username, attributes }: Pick<User, 'username' | 'attributes'>,
  context: OperationContext,
): Pick<User, 'status' | 'saltHex' | 'verifierHex' | 'hasPassword' | 'temporaryUntilMs'> {
  const status = confirmed ? 'CONFIRMED' : 'UNCONFIRMED'
  const chosen = password ?? temporaryPassword
  if (chosen === undefined) {
    if (!allowsNoPassword({ attributes }, context.settings)) {
      throw new CognitoError('InvalidParameterException', 'expected a password')
    }
    return { status, ...createPasswordlessCredentials({ username }, context) }
  }
  if (password !== undefined && temporaryPassword !== undefined) {
    throw new CognitoError(
      'InvalidParameterException',
      'expected a password or a temporaryPassword, not both',
    )
  }
  assertPassword(chosen, context.settings, passwordPolicyMessages.admin)
  return password === undefined
    ? {
        status: 'FORCE_CHANGE_PASSWORD',
        ...createTemporaryCredentials({ username, password: chosen }, context),
      }
    : { status, ...createCredentials({ username, password: chosen }, context) }
}

function seedError(setting: string, problems: readonly string[]): SettingsError {
  const lines = problems.map((problem) => `\n  ${problem}`).join('')
  return new SettingsError(
    setting,
    'users and groups that this pool can have',
    `Correct them.${lines}`,
  )
}
