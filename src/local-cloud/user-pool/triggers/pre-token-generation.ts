/**
 * PreTokenGeneration: a function changes claims, scopes and groups of the tokens.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */

import * as v from 'valibot'
import type { OperationContext } from '../context.ts'
import { type GroupClaims, groupClaimNames } from '../groups.ts'
import type { User } from '../store/store.ts'
import type { TokenClaims } from '../tokens/tokens.ts'
import type { TriggerEvents } from './trigger-events.ts'
import { toUserRequest } from './user-attributes.ts'

export type TokenGenerationSource = TriggerEvents['PreTokenGeneration']['triggerSource']

/** Claims that stay as they are. A function that names them is not refused: they are passed over. */
const reserved = [
  ...['acr', 'amr', 'at_hash', 'auth_time', 'azp', 'exp', 'iat', 'iss', 'jti', 'nbf', 'nonce'],
  ...['origin_jti', 'sub', 'token_use'],
]
const reservedInId: ReadonlySet<string> = new Set([
  ...reserved,
  'aud',
  'cognito:username',
  'identities',
])
const reservedInAccess: ReadonlySet<string> = new Set([
  ...reserved,
  'client_id',
  'device_key',
  'event_id',
  'scope',
  'username',
  'version',
])
const reservedPrefix = 'cognito:'

const names = v.nullish(v.array(v.string()))
const groupOverride = v.nullish(
  v.object({
    groupsToOverride: names,
    iamRolesToOverride: names,
    preferredRole: v.nullish(v.string()),
  }),
)
/** The first version has texts only. */
const textClaims = {
  claimsToAddOrOverride: v.nullish(v.record(v.string(), v.string())),
  claimsToSuppress: names,
}
const anyClaims = {
  claimsToAddOrOverride: v.nullish(v.record(v.string(), v.unknown())),
  claimsToSuppress: names,
}
const firstVersion = v.object({
  claimsOverrideDetails: v.nullish(
    v.object({ ...textClaims, groupOverrideDetails: groupOverride }),
  ),
})
const laterVersions = v.object({
  claimsAndScopeOverrideDetails: v.nullish(
    v.object({
      idTokenGeneration: v.nullish(v.object(anyClaims)),
      accessTokenGeneration: v.nullish(
        v.object({ ...anyClaims, scopesToAdd: names, scopesToSuppress: names }),
      ),
      groupOverrideDetails: groupOverride,
    }),
  ),
})

type ClaimChanges = {
  claimsToAddOrOverride?: Readonly<Record<string, unknown>> | null | undefined
  claimsToSuppress?: readonly string[] | null | undefined
}

/** What a function changes, whatever the version of its event. */
interface TokenChanges {
  readonly id: ClaimChanges
  readonly access: ClaimChanges & {
    scopesToAdd?: readonly string[] | null | undefined
    scopesToSuppress?: readonly string[] | null | undefined
  }
  /** `null` for none; `undefined`: as they are */
  readonly groups: v.InferOutput<typeof groupOverride>
}

const noChanges: TokenChanges = { id: {}, access: {}, groups: undefined }

/**
 * @param groups of the user, as they are in `claims`
 * @throws {CognitoError} those of a trigger: there are no tokens
 */
export function customizeClaims(
  claims: TokenClaims,
  { user, groups, source }: { user: User; groups: GroupClaims; source: TokenGenerationSource },
  context: OperationContext,
): TokenClaims {
  if (!context.triggers.has('PreTokenGeneration')) return claims
  const {
    id,
    access,
    groups: newGroups,
  } = askPreTokenGeneration({ user, groups, source, scope: String(claims.access.scope) }, context)
  const withGroups = (old: TokenClaims['id'], isId: boolean) =>
    newGroups === undefined ? old : replaceGroups(old, newGroups, isId)
  return {
    id: changeClaims(withGroups(claims.id, true), id, reservedInId),
    access: changeScope(
      changeClaims(withGroups(claims.access, false), access, reservedInAccess),
      access,
    ),
  }
}

function askPreTokenGeneration(
  {
    user,
    groups,
    source,
    scope,
  }: {
    user: User
    groups: GroupClaims
    source: TokenGenerationSource
    scope: string
  },
  context: OperationContext,
): TokenChanges {
  const { triggers, settings } = context
  const version = settings.preTokenGenerationVersion
  const input = {
    version: version.slice(1, 2),
    triggerSource: source,
    userName: user.username,
  }
  const request = {
    ...toUserRequest(user, context),
    groupConfiguration: toGroupConfiguration(groups),
  }
  if (version === 'V1_0') {
    const response = { claimsOverrideDetails: null }
    const asked = triggers.call(
      'PreTokenGeneration',
      { ...input, request, response },
      withNotes(firstVersion, ({ claimsOverrideDetails: details }) => [
        ...listPassedOver(details, reservedInId),
      ]),
    )
    const details = asked?.claimsOverrideDetails
    return details ? { id: details, access: {}, groups: details.groupOverrideDetails } : noChanges
  }
  const asked = triggers.call(
    'PreTokenGeneration',
    {
      ...input,
      request: { ...request, scopes: scope.split(' ') },
      response: { claimsAndScopeOverrideDetails: null },
    },
    withNotes(laterVersions, ({ claimsAndScopeOverrideDetails: details }) => [
      ...listPassedOver(details?.idTokenGeneration, reservedInId),
      ...listPassedOver(details?.accessTokenGeneration, reservedInAccess),
    ]),
  )
  const details = asked?.claimsAndScopeOverrideDetails
  if (!details) return noChanges
  return {
    id: details.idTokenGeneration ?? {},
    access: details.accessTokenGeneration ?? {},
    groups: details.groupOverrideDetails,
  }
}

/** The schema, which names the claims that are passed over. */
function withNotes<Response>(
  schema: v.GenericSchema<unknown, Response>,
  list: (response: Response) => readonly string[],
) {
  const explain = (response: Response) => {
    const passedOver = [...new Set(list(response))]
    return passedOver.length === 0
      ? undefined
      : `Reserved claims stay as they are: ${passedOver.join(', ')}.`
  }
  return { ...schema, explain }
}

function listPassedOver(
  changes: ClaimChanges | null | undefined,
  fixed: ReadonlySet<string>,
): readonly string[] {
  const added = Object.keys(changes?.claimsToAddOrOverride ?? {})
  const suppressed = changes?.claimsToSuppress ?? []
  return [
    ...added.filter((name) => fixed.has(name) || name.startsWith(reservedPrefix)),
    ...suppressed.filter((name) => fixed.has(name)),
  ]
}

function toGroupConfiguration({ groups, roles }: GroupClaims) {
  return {
    groupsToOverride: [...(groups['cognito:groups'] ?? [])],
    iamRolesToOverride: [...(roles['cognito:roles'] ?? [])],
    preferredRole: roles['cognito:preferred_role'] ?? null,
  }
}

function replaceGroups(
  claims: TokenClaims['id'],
  groups: v.InferOutput<typeof groupOverride>,
  isId: boolean,
): TokenClaims['id'] {
  const others = Object.entries(claims).filter(([name]) => !groupClaimNames.has(name))
  const { groupsToOverride, iamRolesToOverride, preferredRole } = groups ?? {}
  return {
    ...Object.fromEntries(others),
    ...(groupsToOverride?.length && { 'cognito:groups': groupsToOverride }),
    ...(isId && iamRolesToOverride?.length && { 'cognito:roles': iamRolesToOverride }),
    ...(isId && preferredRole && { 'cognito:preferred_role': preferredRole }),
  }
}

/** A claim that is both added and suppressed is suppressed. */
function changeClaims(
  claims: TokenClaims['id'],
  { claimsToAddOrOverride, claimsToSuppress }: ClaimChanges,
  fixed: ReadonlySet<string>,
): TokenClaims['id'] {
  const suppressed = new Set(claimsToSuppress?.filter((name) => !fixed.has(name)))
  const added = Object.entries(claimsToAddOrOverride ?? {}).filter(
    ([name]) => !fixed.has(name) && !name.startsWith(reservedPrefix),
  )
  const all = Object.entries({ ...claims, ...Object.fromEntries(added) })
  return Object.fromEntries(all.filter(([name]) => !suppressed.has(name)))
}

function changeScope(
  claims: TokenClaims['access'],
  { scopesToAdd, scopesToSuppress }: TokenChanges['access'],
): TokenClaims['access'] {
  const suppressed = new Set(scopesToSuppress)
  const scopes = new Set([...String(claims.scope).split(' '), ...(scopesToAdd ?? [])])
  return { ...claims, scope: [...scopes].filter((name) => !suppressed.has(name)).join(' ') }
}
