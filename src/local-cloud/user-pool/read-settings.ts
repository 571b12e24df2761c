/** Reads the settings of a pool and its client from a CloudFormation template, and tells what it does not honor. */

import * as v from 'valibot'
import { toClientId } from './app-clients.ts'
import { type AttributeRule, type AttributeSchema, standardAttributes } from './attribute-schema.ts'
import { type ChosenClientId, type ChosenIds, toRegion } from './chosen-ids.ts'
import { toClientSettings } from './client-settings.ts'
import {
  type Resolution,
  type Resource,
  type StandIn,
  type Template,
  TemplateValueError,
} from './cloudformation-template.ts'
import { didYouMean } from './did-you-mean.ts'
import { localPool } from './local-pool.ts'
import type {
  ClientSettings,
  RecoveryMechanism,
  UsernameModel,
  UserPoolSettings,
} from './settings.ts'
import {
  type ClientPool,
  type ClientProperties,
  findClientProblems,
  findFate,
  groupAttachmentProperties,
  type PoolProperties,
  toCustomName,
  toMfaFactors,
  toProblemText,
  toTreatment,
  userPoolClientProperties,
  userPoolClientSchema,
  userPoolGroupProperties,
  userPoolProperties,
  userPoolSchema,
  userPoolUserProperties,
} from './settings-schema.ts'
import type { TemplateGroup } from './template-groups.ts'
import {
  groupNotes,
  type NamedResource,
  type NoteKind,
  type TemplateReport,
  toTemplateError,
} from './template-report.ts'
import type { TemplateMembership, TemplateUser } from './template-users.ts'
import type { TriggerName } from './triggers/trigger-events.ts'
import type { TemplateRemark } from './yaml-tree.ts'

const poolType = 'AWS::Cognito::UserPool'
const clientType = 'AWS::Cognito::UserPoolClient'
const groupType = 'AWS::Cognito::UserPoolGroup'
const userType = 'AWS::Cognito::UserPoolUser'
const attachmentType = 'AWS::Cognito::UserPoolUserToGroupAttachment'

/** What becomes of Cognito's other resources. */
const otherResources: ReadonlyMap<string, string> = new Map([
  ['AWS::Cognito::UserPoolIdentityProvider', 'there is no sign-in by another provider here'],
  ['AWS::Cognito::UserPoolDomain', 'there is no hosted UI here'],
  ['AWS::Cognito::UserPoolUICustomizationAttachment', 'there is no hosted UI here'],
  ['AWS::Cognito::ManagedLoginBranding', 'there is no hosted UI here'],
  ['AWS::Cognito::Terms', 'there is no hosted UI here'],
  ['AWS::Cognito::UserPoolResourceServer', 'there are no scopes of your own here'],
  ['AWS::Cognito::UserPoolRiskConfigurationAttachment', 'no sign-in is judged by its risk'],
  ['AWS::Cognito::LogDeliveryConfiguration', 'requests are in the console'],
  ['AWS::Cognito::UserPoolRegionalConfigurationAttachment', 'there is one region here'],
  ['AWS::Cognito::UserPoolReplica', 'there is one region here'],
  ['AWS::Cognito::IdentityPool', 'there are no identity pools here'],
  ['AWS::Cognito::IdentityPoolPrincipalTag', 'there are no identity pools here'],
  ['AWS::Cognito::IdentityPoolRoleAttachment', 'there are no identity pools here'],
])

export interface ReadOptions {
  /** whether everything that is passed over or stood in is a problem */
  readonly isStrict?: boolean
  /** logical name of the pool; needed when the template has several */
  readonly pool?: string | undefined
  /** in place of the ids that the site uses */
  readonly ids?: ChosenIds
  /** Lambda triggers that have a function; none by default */
  readonly triggers?: readonly TriggerName[]
}

export interface PoolTemplate {
  /** of the pool and its first client */
  readonly settings: UserPoolSettings
  /** of the pool and each other client, in the order of the template */
  readonly otherClients: readonly UserPoolSettings[]
  readonly groups: readonly TemplateGroup[]
  readonly users: readonly TemplateUser[]
  readonly memberships: readonly TemplateMembership[]
  readonly report: TemplateReport
}

/** What a template has said to the reader. */
interface Findings {
  readonly isStrict: boolean
  /** those that have a function */
  readonly triggers: readonly TriggerName[]
  /** those that the template names */
  readonly namedTriggers: Set<TriggerName>
  readonly problems: TemplateRemark[]
  readonly notes: { kind: NoteKind; line: number; resource: string; path: string; text: string }[]
}

interface Part {
  /** of a resource; empty for the resource itself */
  readonly path: string
  readonly line: number
  readonly resource: string
}

/** @throws {SettingsError} naming everything that stands in the way, each with its line */
export function readSettings(
  template: Template,
  { isStrict = false, pool: wantedPool, ids = {}, triggers = [] }: ReadOptions = {},
): PoolTemplate {
  const findings: Findings = {
    isStrict,
    triggers,
    namedTriggers: new Set(),
    problems: [...template.problems],
    notes: [],
  }
  const { problems } = findings
  for (const { line, place, text } of template.warnings) {
    findings.notes.push({
      kind: 'warning',
      line,
      resource: place,
      path: '',
      text: `${text} (line ${line})`,
    })
  }
  const pool = findPool(template, wantedPool, findings)
  if (!pool) throw toTemplateError(template.path, problems)
  const clients = findClients(template, pool, findings)
  const groups = readGroups(template, pool, findings)
  const users = readUsers(template, pool, findings)
  const memberships = readMemberships(template, pool, { groups, users, findings })
  const clientIds = toClientIds(clients, ids.clients ?? [], findings)
  passOverResources(template, findings)
  const { properties: poolProperties, ...poolParts } = readProperties(
    template,
    pool,
    poolSchemas,
    findings,
  )
  const challenges = {
    areNamed: challengeTriggers.some((name) => findings.namedTriggers.has(name)),
    run: challengeTriggers.every((name) => triggers.includes(name)),
  }
  noteUnnamedTriggers(pool, findings)
  const clientPool = {
    attributes: toAttributeNames(poolParts),
    tier: poolParts.sound.UserPoolTier,
    challenges,
  }
  const read = clients.flatMap((client, index) => {
    const { sound, properties, value, lineOf } = readProperties(
      template,
      client,
      clientSchemas,
      findings,
    )
    for (const { path, ...problem } of findClientProblems(sound, clientPool)) {
      problems.push({
        line: lineOf(path),
        place: `${client.id}.${path}`,
        text: toProblemText(problem),
      })
    }
    if (!properties) return []
    const clientId = clientIds[index] ?? localPool.userPoolClientId
    // CloudFormation makes a name of it, too, which ends with random letters.
    const ClientName = isThere(value, 'ClientName')
      ? properties.ClientName
      : client.id.slice(0, 128)
    return [
      {
        properties: { ...properties, ClientName },
        named: { id: client.id, line: client.line, clientId },
      },
    ]
  })
  if (!poolProperties || problems.length > 0) throw toTemplateError(template.path, problems)
  const [first, ...others] = read
  const toSettings = (client: ClientProperties, userPoolClientId: string): UserPoolSettings => ({
    ...toPoolSettings(poolProperties, ids.userPoolId),
    ...toClientSettings(client),
    userPoolClientId,
  })
  return {
    settings: toSettings(
      first?.properties ?? v.parse(userPoolClientSchema, {}),
      clientIds[0] ?? localPool.userPoolClientId,
    ),
    otherClients: others.map(({ properties, named }) => toSettings(properties, named.clientId)),
    groups: groups.map(({ group }) => group),
    users,
    memberships,
    report: {
      path: template.path,
      pool: { id: pool.id, line: pool.line },
      clients: read.map(({ named }) => named),
      groups: groups.map(({ id, line }) => ({ id, line })),
      notes: groupNotes(findings.notes),
    },
  }
}

/** Without one of them there is no sign-in by custom challenges. */
const challengeTriggers = [
  'DefineAuthChallenge',
  'CreateAuthChallenge',
  'VerifyAuthChallengeResponse',
] as const satisfies readonly TriggerName[]

/** A trigger that the template does not name runs here all the same. */
function noteUnnamedTriggers({ id, line }: Resource, findings: Findings): void {
  const { triggers, namedTriggers, notes } = findings
  // What it names is not known when it could not be worked out.
  if (notes.some(({ path }) => path === 'LambdaConfig')) return
  for (const name of triggers.filter((one) => !namedTriggers.has(one))) {
    notes.push({
      kind: 'warning',
      line,
      resource: `trigger ${name}`,
      path: '',
      text: `its function runs here, and not on AWS: ${id}.LambdaConfig does not name it`,
    })
  }
}

/** Passes a part over: a note, or a problem for a strict reader. */
function passOver({ resource, path, line }: Part, text: string, findings: Findings): void {
  if (findings.isStrict) {
    const place = [resource, path].filter((part) => part !== '').join('.')
    findings.problems.push({ line, place, text: `not honored here: ${text}` })
  } else {
    findings.notes.push({ kind: 'passed-over', line, resource, path, text })
  }
}

function findResources(
  template: Template,
  type: string,
  { problems }: Findings,
): readonly Resource[] {
  try {
    return template.findResources((one) => one === type)
  } catch (error) {
    if (!(error instanceof TemplateValueError)) throw error
    problems.push({ line: error.line, place: `a Condition of ${type}`, text: error.message })
    return []
  }
}

function findPool(
  template: Template,
  wanted: string | undefined,
  findings: Findings,
): Resource | undefined {
  const { problems } = findings
  const before = problems.length
  const pools = findResources(template, poolType, findings)
  if (problems.length > before) return undefined
  const [first, second] = pools
  const names = pools.map(({ id }) => id)
  if (wanted !== undefined) {
    const found = pools.find(({ id }) => id === wanted)
    if (found) {
      for (const { id, line } of pools) {
        const part = { resource: `${id} (${poolType})`, path: '', line }
        if (id !== wanted) passOver(part, `the pool here is ${wanted}`, findings)
      }
      return found
    }
    const meant = didYouMean(wanted, names)
    const text = `there is no such pool${meant}; the template has ${names.join(', ') || 'none'}`
    problems.push({ line: first?.line ?? 1, place: `--pool ${wanted}`, text })
    return undefined
  }
  if (first && !second) return first
  problems.push(
    first
      ? {
          line: first.line,
          place: names.join(', '),
          text: `there are ${names.length} pools: name the one to start with --pool, such as --pool ${first.id}`,
        }
      : { line: 1, place: 'Resources', text: `expected a resource of type ${poolType}` },
  )
  return undefined
}

/** The clients of the pool. Those of other pools are passed over. */
function findClients(template: Template, pool: Resource, findings: Findings): readonly Resource[] {
  const { problems } = findings
  const clients = findResources(template, clientType, findings)
  const own = clients.filter((client) => isOfPool(client, 'client', { template, pool, findings }))
  if (own.length === 0 && problems.length === 0) {
    const text = 'there is no client of this pool: one with the defaults of Cognito stands in'
    if (findings.isStrict) problems.push({ line: pool.line, place: pool.id, text })
    else {
      const note = { line: pool.line, resource: 'client', path: '', text }
      findings.notes.push({ ...note, kind: 'stood-in' })
    }
  }
  return own
}

/**
 * The first client is known by the id that the site uses, each other one by its logical name, unless one is chosen.
 *
 * @returns the id of each client; one where the template has none, for the client that stands in
 */
function toClientIds(
  clients: readonly Resource[],
  chosen: readonly ChosenClientId[],
  { problems }: Findings,
): readonly string[] {
  const names = clients.map(({ id }) => id)
  const { line } = clients[0] ?? { line: 1 }
  for (const { name, id } of chosen) {
    if (name === undefined || names.includes(name)) continue
    const text = `there is no client ${name} of this pool${didYouMean(name, names)}; the template has ${names.join(', ') || 'none'}`
    problems.push({ line, place: `--client-id ${name}=${id}`, text })
  }
  const ids = (names.length === 0 ? [undefined] : names).map((name, index) => {
    const own = chosen.filter((one) => (one.name === undefined ? index === 0 : one.name === name))
    const [first, second] = own
    if (second) {
      const text = `${name ?? 'the client'} is given ${own.map(({ id }) => id).join(' and ')}: choose one`
      problems.push({ line, place: '--client-id', text })
    }
    if (first) return first.id
    return index === 0 || name === undefined ? localPool.userPoolClientId : toClientId(name)
  })
  const double = ids.find((id, index) => ids.indexOf(id) !== index)
  if (double !== undefined) {
    const text = `${double} is the id of two clients: each needs its own`
    problems.push({ line, place: '--client-id', text })
  }
  return ids
}

type ResourceKind = 'client' | 'group' | 'user' | 'membership'

/** The resources of a type that are this pool's. One whose condition is not known is passed over. */
function findResourcesOfPool(
  template: Template,
  type: string,
  kind: ResourceKind,
  { pool, findings }: { pool: Resource; findings: Findings },
): readonly Resource[] {
  return template
    .findResources((one) => one === type, true)
    .filter((resource) => {
      const { id, line, unknownCondition } = resource
      if (unknownCondition === undefined) {
        return isOfPool(resource, kind, { template, pool, findings })
      }
      const text = `it is not made here, because its Condition ${unknownCondition}`
      passOver({ resource: `${id} (${type})`, path: '', line }, text, findings)
      return false
    })
}

/** Whether a property of a resource was passed over. */
function isPassedOver(id: string, path: RegExp, { notes }: Findings): boolean {
  return notes.some((note) => note.resource === id && path.test(note.path))
}

/** Whether a resource is this pool's. One of another pool is passed over, one without a pool is a problem. */
function isOfPool(
  { id, line, properties }: Resource,
  kind: ResourceKind,
  { template, pool, findings }: { template: Template; pool: Resource; findings: Findings },
): boolean {
  const node = properties.kind === 'map' ? properties.entries.get('UserPoolId')?.node : undefined
  const place = `${id}.UserPoolId`
  if (!node) {
    findings.problems.push({ line, place, text: 'is required' })
    // Whatever else is wrong with it is told as well.
    return true
  }
  const { value, problems } = template.resolve(node, () => 'text')
  if (value === pool.id || value === `${pool.id}.UserPoolId`) return true
  if (problems.length > 0) {
    findings.problems.push(...problems.map((problem) => ({ ...problem, place })))
    return true
  }
  passOver({ resource: id, path: '', line }, `it is a ${kind} of another pool`, findings)
  return false
}

/** The groups of the pool, by their logical names. */
function readGroups(
  template: Template,
  pool: Resource,
  findings: Findings,
): readonly (NamedResource & { readonly group: TemplateGroup })[] {
  const groups = findResourcesOfPool(template, groupType, 'group', { pool, findings }).flatMap(
    (resource) => {
      const { id, line } = resource
      const { properties } = readProperties(template, resource, groupSchemas, findings)
      if (!properties || isPassedOver(id, /^GroupName$/, findings)) return []
      const { GroupName: name = id, Description, RoleArn, Precedence } = properties
      const group = { name, description: Description, roleArn: RoleArn, precedence: Precedence }
      return [{ id, line, group }]
    },
  )
  const names = groups.map(({ group }) => group.name)
  for (const [index, { id, line, group }] of groups.entries()) {
    if (names.indexOf(group.name) === index) continue
    const text = `there is a group ${group.name} already`
    findings.problems.push({ line, place: `${id}.GroupName`, text })
  }
  return groups
}

function readUsers(
  template: Template,
  pool: Resource,
  findings: Findings,
): readonly TemplateUser[] {
  return findResourcesOfPool(template, userType, 'user', { pool, findings }).flatMap((resource) => {
    const { id, line } = resource
    const { properties } = readProperties(template, resource, userSchemas, findings)
    if (!properties || isPassedOver(id, /^(Username|UserAttributes)/, findings)) return []
    const { Username } = properties
    if (Username !== undefined) return [{ id, line, request: { ...properties, Username } }]
    passOver({ resource: `${id} (${userType})`, path: '', line }, 'it has no Username', findings)
    return []
  })
}

function readMemberships(
  template: Template,
  pool: Resource,
  {
    groups,
    users,
    findings,
  }: {
    groups: readonly (NamedResource & { readonly group: TemplateGroup })[]
    users: readonly TemplateUser[]
    findings: Findings
  },
): readonly TemplateMembership[] {
  const found = findResourcesOfPool(template, attachmentType, 'membership', { pool, findings })
  return found.flatMap((resource) => {
    const { id, line } = resource
    const { properties } = readProperties(template, resource, attachmentSchemas, findings)
    if (!properties) return []
    const { GroupName, Username } = properties
    return [
      {
        id,
        line,
        groupName: groups.find((one) => one.id === GroupName)?.group.name ?? GroupName,
        username: users.find((one) => one.id === Username)?.request.Username ?? Username,
      },
    ]
  })
}

function passOverResources(template: Template, findings: Findings): void {
  // A strict reader looks at the pool and its clients alone.
  if (findings.isStrict) return
  for (const [type, text] of otherResources) {
    for (const { id, line } of template.findResources((one) => one === type, true)) {
      passOver({ resource: `${id} (${type})`, path: '', line }, text, findings)
    }
  }
}

/** How the properties of a resource are read: with the rules between them, and each by itself. */
const poolSchemas = { whole: userPoolSchema, each: userPoolProperties }
const clientSchemas = { whole: userPoolClientSchema, each: userPoolClientProperties }
const groupSchemas = { whole: userPoolGroupProperties, each: userPoolGroupProperties }
const userSchemas = { whole: userPoolUserProperties, each: userPoolUserProperties }
const attachmentSchemas = { whole: groupAttachmentProperties, each: groupAttachmentProperties }

type ResourceProperties =
  | typeof userPoolProperties
  | typeof userPoolClientProperties
  | typeof userPoolGroupProperties
  | typeof userPoolUserProperties
  | typeof groupAttachmentProperties

interface ReadProperties<Properties> {
  /** `undefined` when there are problems */
  readonly properties: Properties | undefined
  /** the properties that have no problems, with the defaults of the others: what other resources are held against */
  readonly sound: Properties
  /** what was worked out, before it was checked */
  readonly value: unknown
  readonly lineOf: Resolution['lineOf']
}

function readProperties<Each extends ResourceProperties>(
  template: Template,
  { id, properties }: Resource,
  { whole, each }: { whole: v.GenericSchema<unknown, v.InferOutput<Each>>; each: Each },
  findings: Findings,
): ReadProperties<v.InferOutput<Each>> {
  const resolution = template.resolve(properties, (path) => toTreatment(each, path))
  const { problems } = findings
  for (const { line, place, text } of resolution.problems) {
    problems.push({ line, place: [id, place].filter((part) => part !== '').join('.'), text })
  }
  for (const { path, entry } of resolution.passedOver) {
    const { toConsequence, isHarmless, trigger } = findFate(each, path)
    if (trigger) findings.namedTriggers.add(trigger)
    if (trigger && findings.triggers.includes(trigger)) continue
    const text = toConsequence?.(entry.node)
    if (text === undefined || (isHarmless && findings.isStrict)) continue
    passOver({ resource: id, path, line: entry.line }, text, findings)
  }
  const value = passOverUnsentSms(id, resolution, findings)
  const parsed = v.safeParse(whole, value)
  // A text that is not known may lack what it must have, such as the place of a code: Cognito's own is sent then.
  const unknown = (parsed.issues ?? [])
    .map((issue) => v.getDotPath(issue) ?? '')
    .filter((path) => resolution.standIns.some((standIn) => standIn.path === path))
  for (const standIn of resolution.standIns) {
    const { isReference = false } = findFate(each, standIn.path)
    const isResource = isReference && standIn.name === standIn.text
    if (isThere(value, standIn.path) && !unknown.includes(standIn.path) && !isResource) {
      noteStandIn(id, standIn, findings)
    }
  }
  for (const path of new Set(unknown)) {
    const part = { resource: id, path, line: resolution.lineOf(path) }
    passOver(part, "its text is not known here, so that Cognito's own is used", findings)
  }
  const known = [...unknown].reduce((rest, path) => removeAt(rest, path.split('.')), value)
  const { success, output, issues = [] } = v.safeParse(whole, known)
  for (const issue of issues) {
    const path = v.getDotPath(issue) ?? ''
    // What follows from a value that could not be worked out is no problem of its own.
    if (resolution.problems.some(({ place }) => isAround(place, path) || isAround(path, place)))
      continue
    const place = [id, path].filter((part) => part !== '').join('.')
    problems.push({ line: resolution.lineOf(path), place, text: toProblem(issue) })
  }
  const broken = new Set(
    [
      ...issues.map((issue) => v.getDotPath(issue) ?? ''),
      ...resolution.problems.map(({ place }) => place),
    ].map((path) => path.split('.')[0]),
  )
  const entries = isObject(known) ? Object.entries(known) : []
  const sound = Object.fromEntries(entries.filter(([name]) => !broken.has(name)))
  return {
    properties: success && resolution.problems.length === 0 ? output : undefined,
    sound: v.parse(each, sound),
    value: known,
    lineOf: resolution.lineOf,
  }
}

const namedAttributes = v.fallback(
  v.object({
    Schema: v.array(
      v.fallback(v.object({ Name: v.string(), Required: v.fallback(v.boolean(), false) }), {
        Name: '',
        Required: false,
      }),
    ),
  }),
  { Schema: [] },
)

/** @returns what the clients of the pool can read and write, also where something else is wrong with an attribute */
function toAttributeNames({
  value,
  sound,
}: Pick<ReadProperties<PoolProperties>, 'value' | 'sound'>): ClientPool['attributes'] {
  const attributes = new Map<string, { readonly required: boolean }>(
    toAttributeSchema(sound.Schema),
  )
  for (const { Name, Required } of v.parse(namedAttributes, value).Schema) {
    const name = toAttributeName(Name)
    attributes.set(name, { required: Required || attributes.get(name)?.required === true })
  }
  return attributes
}

function isAround(outer: string, inner: string): boolean {
  return outer === '' || outer === inner || inner.startsWith(`${outer}.`)
}

function toProblem({ message, expected, received }: v.BaseIssue<unknown>): string {
  if (message.startsWith('Invalid key: ')) return 'is required'
  if (!message.startsWith('Invalid type: ')) return message
  const kinds = new Map([
    ['Array', 'a list'],
    ['Object', 'properties'],
  ])
  return `expected ${kinds.get(expected ?? '') ?? expected}, and it is ${received}`
}

function noteStandIn(id: string, standIn: StandIn, findings: Findings): void {
  const { name, text, path, line, remedy = 'only a deployment knows the value', isPreset } = standIn
  if (findings.isStrict) {
    // What the site's own template is told is what a stack on this machine would be given.
    if (isPreset) return
    findings.problems.push({
      line,
      place: `${id}.${path}`,
      text: `${name} has no value: ${remedy}`,
    })
    return
  }
  findings.notes.push({
    kind: 'stood-in',
    line,
    resource: `${name} = ${JSON.stringify(text)}`,
    path: `${id}.${path}`,
    text: remedy,
  })
}

type Properties = Readonly<Record<string, unknown>>

const notSent = 'no SMS is sent without SmsConfiguration'

/** What has no effect in a pool that sends no SMS: items of lists, and texts. */
const smsItems = [
  {
    path: 'UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate',
    item: 'phone_number',
    isNeeded: false,
    text: `a new phone number takes effect at once: ${notSent}`,
  },
  {
    path: 'EnabledMfas',
    item: 'SMS_MFA',
    isNeeded: true,
    text: `SMS is no second factor: ${notSent}`,
  },
  {
    path: 'Policies.SignInPolicy.AllowedFirstAuthFactors',
    item: 'SMS_OTP',
    isNeeded: true,
    text: `SMS is no first factor: ${notSent}`,
  },
  {
    path: 'AccountRecoverySetting.RecoveryMechanisms',
    item: 'verified_phone_number',
    isNeeded: false,
    text: `nobody resets a password by SMS: ${notSent}`,
  },
] as const
const smsTexts = [
  'SmsVerificationMessage',
  'SmsAuthenticationMessage',
  'VerificationMessageTemplate.SmsMessage',
  'AdminCreateUserConfig.InviteMessageTemplate.SMSMessage',
] as const

/**
 * Leaves out what goes by SMS where the pool has no SmsConfiguration: AWS sends none then.
 *
 * @returns the properties without it
 */
function passOverUnsentSms(id: string, resolution: Resolution, findings: Findings): unknown {
  let { value } = resolution
  if (isObject(value) && value.SmsConfiguration !== undefined) return value
  for (const { path, item, isNeeded, text } of smsItems) {
    value = changeAt(value, path.split('.'), (list) => {
      if (!Array.isArray(list)) return list
      const rest = list.filter((one) => one !== item && !(isObject(one) && one.Name === item))
      // Where nothing else is there, the schema says what AWS says.
      if (rest.length === list.length || (isNeeded && rest.length === 0)) return list
      const part = { resource: id, path: `${path}.${item}`, line: resolution.lineOf(path) }
      passOver(part, text, findings)
      return rest
    })
  }
  for (const path of smsTexts) {
    changeAt(value, path.split('.'), () => {
      passOver({ resource: id, path, line: resolution.lineOf(path) }, notSent, findings)
    })
    value = removeAt(value, path.split('.'))
  }
  return value
}

/** Whether a part of the properties is still there. */
function isThere(value: unknown, path: string): boolean {
  let found = value
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return false
    found = Reflect.get(found, name)
  }
  return true
}

/** @returns a copy with one property changed; the same where the property is not there */
function changeAt(
  value: unknown,
  [name, ...rest]: readonly string[],
  change: (found: unknown) => unknown,
): unknown {
  if (name === undefined) return change(value)
  if (!isObject(value) || !Object.hasOwn(value, name)) return value
  return { ...value, [name]: changeAt(value[name], rest, change) }
}

/** @returns a copy without the property at a path */
function removeAt(value: unknown, path: readonly string[]): unknown {
  const [name = ''] = path.slice(-1)
  return changeAt(value, path.slice(0, -1), (found) =>
    isObject(found)
      ? Object.fromEntries(Object.entries(found).filter(([key]) => key !== name))
      : found,
  )
}

function isObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function toPoolSettings(
  pool: PoolProperties,
  userPoolId: string = localPool.userPoolId,
): Omit<UserPoolSettings, keyof ClientSettings> {
  const { TemporaryPasswordValidityDays, ...policy } = pool.Policies.PasswordPolicy
  const temporaryPasswordDays =
    TemporaryPasswordValidityDays ?? pool.AdminCreateUserConfig.UnusedAccountValidityDays
  const verification = pool.VerificationMessageTemplate
  const invitation = pool.AdminCreateUserConfig.InviteMessageTemplate
  return {
    region: toRegion(userPoolId),
    userPoolId,
    userPoolName: pool.UserPoolName,
    tier: pool.UserPoolTier,
    usernameModel: toUsernameModel(pool),
    hasPreferredUsernameAlias: pool.AliasAttributes.includes('preferred_username'),
    caseSensitive: pool.UsernameConfiguration.CaseSensitive,
    attributeSchema: toAttributeSchema(pool.Schema),
    passwordPolicy: policy,
    // 0 means the default, as in AWS.
    temporaryPasswordDays: temporaryPasswordDays || 7,
    autoVerifiedAttributes: new Set(pool.AutoVerifiedAttributes),
    verifiedBeforeUpdate: new Set(
      pool.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate,
    ),
    sendsSms: pool.SmsConfiguration !== undefined,
    allowsSignUp: !pool.AdminCreateUserConfig.AllowAdminCreateUserOnly,
    recoveryMechanisms: toRecoveryMechanisms(pool),
    recoversByMfaPhone: pool.AccountRecoverySetting === undefined,
    mfaConfiguration: pool.MfaConfiguration ?? 'OFF',
    mfaFactors: new Set(toMfaFactors(pool)),
    firstAuthFactors: new Set(pool.Policies.SignInPolicy.AllowedFirstAuthFactors),
    webAuthn: {
      relyingPartyId: pool.WebAuthnRelyingPartyID,
      userVerification: pool.WebAuthnUserVerification,
      factorConfiguration: pool.WebAuthnFactorConfiguration,
    },
    deletionProtection: pool.DeletionProtection,
    emailSendingAccount: pool.EmailConfiguration.EmailSendingAccount,
    verificationEmail: {
      subject:
        verification.EmailSubject ?? pool.EmailVerificationSubject ?? 'Your verification code',
      text:
        verification.EmailMessage ??
        pool.EmailVerificationMessage ??
        'Your verification code is {####}',
    },
    verificationLink:
      verification.DefaultEmailOption === 'CONFIRM_WITH_LINK'
        ? {
            subject: verification.EmailSubjectByLink ?? 'Your verification link',
            text:
              verification.EmailMessageByLink ??
              'Click the link below to verify your email address. {##Verify Email##}',
          }
        : undefined,
    invitationEmail: {
      subject: invitation.EmailSubject ?? 'Your temporary password',
      text:
        invitation.EmailMessage ?? 'Your username is {username} and temporary password is {####}.',
    },
    signInEmail: {
      subject: pool.EmailAuthenticationSubject ?? 'Your authentication code',
      text: pool.EmailAuthenticationMessage ?? 'Your authentication code is {####}.',
    },
    verificationSms:
      verification.SmsMessage ?? pool.SmsVerificationMessage ?? 'Your verification code is {####}.',
    invitationSms:
      invitation.SMSMessage ?? 'Your username is {username} and temporary password is {####}.',
    signInSms: pool.SmsAuthenticationMessage ?? 'Your authentication code is {####}.',
    preTokenGenerationVersion: pool.LambdaConfig?.PreTokenGenerationConfig?.LambdaVersion ?? 'V1_0',
  }
}

function toUsernameModel({ UsernameAttributes, AliasAttributes }: PoolProperties): UsernameModel {
  const areUsernames = UsernameAttributes.length > 0
  const names: readonly string[] = areUsernames ? UsernameAttributes : AliasAttributes
  const [hasEmail, hasPhone] = [names.includes('email'), names.includes('phone_number')]
  if (hasEmail && hasPhone) return areUsernames ? 'email-or-phone' : 'email-and-phone-alias'
  if (hasEmail) return areUsernames ? 'email' : 'email-alias'
  if (hasPhone) return areUsernames ? 'phone' : 'phone-alias'
  return 'username'
}

/** Without a setting passwords are reset by phone, else by email, as in AWS. */
function toRecoveryMechanisms({
  AccountRecoverySetting,
  SmsConfiguration,
}: PoolProperties): readonly RecoveryMechanism[] {
  if (AccountRecoverySetting) {
    const names = AccountRecoverySetting.RecoveryMechanisms.toSorted(
      (a, b) => a.Priority - b.Priority,
    ).map(({ Name }) => Name)
    return names.length === 0 ? ['admin_only'] : names
  }
  return SmsConfiguration ? ['verified_phone_number', 'verified_email'] : ['verified_email']
}

function toAttributeSchema(attributes: PoolProperties['Schema']): AttributeSchema {
  const rules = attributes.map((attribute) => {
    const { Name, AttributeDataType: type, Required: required, Mutable: mutable } = attribute
    const { MinLength, MaxLength } = attribute.StringAttributeConstraints
    const { MinValue, MaxValue } = attribute.NumberAttributeConstraints
    const standard = standardAttributes.get(Name)
    const isText = type === 'String'
    const rule: AttributeRule = {
      type: standard?.type ?? type,
      required,
      mutable,
      min: (isText ? MinLength : MinValue) ?? standard?.min,
      max: (isText ? MaxLength : MaxValue) ?? standard?.max ?? (isText ? 2048 : undefined),
    }
    return [toAttributeName(Name), rule] as const
  })
  return new Map([...standardAttributes, ...rules])
}

/** @returns the name on the wire */
function toAttributeName(name: string): string {
  return standardAttributes.has(name) ? name : `custom:${toCustomName(name)}`
}
