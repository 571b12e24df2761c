/// <reference lib="esnext.disposable" preserve="true" />

/** A user pool in this process, for tests. */

import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { SettingsError } from '../../shared/settings-error.ts'
import { toMessage } from '../console/json.ts'
import { defaultWaitMs } from '../inbox.ts'
import type { InboxMessage } from '../inbox-message.ts'
import { createSystemClock } from '../ports.ts'
import { product, type TemplateSource } from '../product.ts'
import { isOrigin, parseHost } from '../request-guard.ts'
import { serveLocalCloud } from '../serve.ts'
import { parseClientId, parseUserPoolId } from '../user-pool/chosen-ids.ts'
import { toProblems } from '../user-pool/input-problems.ts'
import { cognitoLimits, type Limits, noLimits, parseLimits } from '../user-pool/limits.ts'
import { parseQuotas } from '../user-pool/quotas.ts'
import { parseSeed } from '../user-pool/seed.ts'
import { parseSigningKey } from '../user-pool/tokens/signing-keys.ts'
import { type TriggerHandlers, triggerNames } from '../user-pool/triggers/trigger-events.ts'
import { cognitoDefaults } from './cognito-defaults.ts'

/** A group that the pool begins with. */
export interface SeedGroup {
  readonly name: string
  readonly description?: string | undefined
  /** the lowest takes precedence */
  readonly precedence?: number | undefined
  /** ARN of an IAM role, for the claims `cognito:roles` and `cognito:preferred_role` */
  readonly roleArn?: string | undefined
}

/** A user whom the pool begins with. They need a `username` or an `email`, whichever the pool signs in by. */
export interface SeedUser {
  readonly username?: string | undefined
  /** the attribute `email`, and the username where there is none */
  readonly email?: string | undefined
  /** by the pool's policy; left out only where the pool lets people in without one */
  readonly password?: string | undefined
  /** in place of `password`: the user is in FORCE_CHANGE_PASSWORD, and chooses one at the first sign-in */
  readonly temporaryPassword?: string | undefined
  /** standard and `custom:` ones. Addresses of a confirmed user count as verified, unless these say otherwise */
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined
  /** names of groups; where `groups` is left out beside the users, these are made */
  readonly groups?: readonly string[] | undefined
  /** false: UNCONFIRMED, until ConfirmSignUp or AdminConfirmSignUp. True by default */
  readonly confirmed?: boolean | undefined
  /** true by default */
  readonly enabled?: boolean | undefined
  /** a uuid; a random one by default */
  readonly sub?: string | undefined
}

export interface UserPoolOptions {
  /**
   * CloudFormation template with the pool's settings: the path of a file or its URL, the text itself (it begins with "{"
   * or has a line break), or an object. Left out: everything as Cognito has it by default.
   */
  readonly template?: string | URL | object | undefined
  /** values of the template's parameters */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** logical name of the pool, where the template has several */
  readonly pool?: string | undefined
  /** whether everything that the pool does not honor is an error. False by default */
  readonly strict?: boolean | undefined
  /** such as `eu-west-1_AbCdEf123` */
  readonly userPoolId?: string | undefined
  /** id of the first client, or ids by the clients' logical names in the template */
  readonly clientId?: string | Readonly<Record<string, string>> | undefined
  readonly users?: readonly SeedUser[] | undefined
  /** names, or more */
  readonly groups?: readonly (string | SeedGroup)[] | undefined
  /** whether everything is in memory, and gone at the end. True, unless there is a `dataFolder` */
  readonly memory?: boolean | undefined
  /** path of a folder that keeps the data */
  readonly dataFolder?: string | undefined
  /**
   * private RSA key that signs all tokens: PEM, or JWK as text or object. Left out: two keys are generated, which takes
   * about half a second
   */
  readonly signingKey?: string | object | undefined
  /** tells the time in milliseconds since the Unix epoch; the system's by default */
  readonly clock?: (() => number) | undefined
  /** any free one by default */
  readonly port?: number | undefined
  /** address to listen on; this machine alone by default */
  readonly host?: string | undefined
  /** names by which it may be called beside localhost, such as `cognito` */
  readonly allowHosts?: readonly string[] | undefined
  /** origins whose pages may call the API, such as `http://localhost:3000` */
  readonly allowOrigins?: readonly string[] | undefined
  /** whether `iss` of the tokens is the pool's own address, from which clients find its keys. False by default: AWS's */
  readonly issuer?: boolean | undefined
  /** false: no lockout and no limit of calls; else limits by their names as `--limit` has them. Cognito's by default */
  readonly limits?: false | Readonly<Record<string, number | 'off'>> | undefined
  /** quotas of an AWS account: all of AWS's, or requests a second by the names as `--quota` has them. None by default */
  readonly quotas?: 'aws' | Readonly<Record<string, number | 'off'>> | undefined
  /**
   * functions of Lambda triggers by the trigger's name, each with Lambda's handler shape and Cognito's event, such as
   * `{ PreSignUp: async (event) => ({ ...event, response: { ...event.response, autoConfirmUser: true } }) }`
   */
  readonly triggers?: TriggerHandlers | undefined
  /** gets each line that the command would print */
  readonly log?: ((line: string) => void) | undefined
}

export interface UserPoolClient {
  /** logical name in the template; `undefined` where it has no client, and one with Cognito's defaults stands in */
  readonly name: string | undefined
  readonly clientId: string
  /** `undefined` for a client without one */
  readonly clientSecret: string | undefined
}

export interface UserPoolInbox {
  /**
   * The oldest message to this recipient that was not handed out before, by this or by `GET /console/inbox/next`. It waits
   * for one that is still to come, so it does not matter which is first.
   *
   * @param wanted `timeout` in milliseconds, 5000 by default
   * @throws {Error} `MessageTimeoutError`, which tells what the inbox has
   */
  next(wanted: { readonly to: string; readonly timeout?: number }): Promise<InboxMessage>
  /** @returns all messages, or those to one recipient; newest first */
  list(wanted?: { readonly to?: string }): readonly InboxMessage[]
}

export interface UserPoolClock {
  /** @returns milliseconds since the Unix epoch, as the pool takes them */
  now(): number
  /** Moves the pool's time forward: codes, sessions and tokens expire by it. */
  advance(seconds: number): void
}

/** A running user pool. */
export interface UserPool extends AsyncDisposable {
  /** `http://localhost:PORT`: endpoint of the API, and origin of the console */
  readonly endpoint: string
  readonly userPoolId: string
  /** in the order of the template */
  readonly clientIds: readonly string[]
  readonly clients: readonly UserPoolClient[]
  /** `iss` of the tokens */
  readonly issuer: string
  readonly inbox: UserPoolInbox
  readonly clock: UserPoolClock
  /** Empties the pool back to the users and groups that it began with, and its clock to the time. */
  reset(): Promise<void>
  close(): Promise<void>
}

const optionsSchema = v.strictObject({
  template: v.optional(
    v.custom<string | URL | object>(isTemplate, 'expected a path, a URL, a text or an object'),
  ),
  parameters: v.optional(v.record(v.string(), v.string()), {}),
  pool: v.optional(v.string()),
  strict: v.optional(v.boolean(), false),
  userPoolId: v.optional(v.string()),
  clientId: v.optional(
    v.union([v.string(), v.record(v.string(), v.string())], 'expected an id, or ids by name'),
  ),
  users: v.optional(v.array(v.unknown())),
  groups: v.optional(v.array(v.unknown())),
  memory: v.optional(v.boolean()),
  dataFolder: v.optional(v.string()),
  signingKey: v.optional(v.unknown()),
  clock: v.optional(v.custom<() => number>(isFunction, 'expected a function')),
  port: v.optional(
    v.pipe(
      v.number(),
      v.check(
        (port) => Number.isInteger(port) && port >= 0 && port <= 65_535,
        'expected 0 to 65535',
      ),
    ),
    0,
  ),
  host: v.optional(v.string()),
  allowHosts: v.optional(
    v.array(
      v.pipe(
        v.string(),
        v.check((host) => parseHost(host) !== undefined, 'expected a name or an address'),
        v.toLowerCase(),
      ),
    ),
    [],
  ),
  allowOrigins: v.optional(
    v.array(
      v.pipe(v.string(), v.check(isOrigin, 'expected an origin, such as http://localhost:3000')),
    ),
    [],
  ),
  issuer: v.optional(v.boolean(), false),
  limits: v.optional(
    v.union(
      [v.literal(false), v.record(v.string(), v.union([v.number(), v.literal('off')]))],
      'expected false, or a number or "off" for each name',
    ),
  ),
  quotas: v.optional(
    v.union(
      [v.literal('aws'), v.record(v.string(), v.union([v.number(), v.literal('off')]))],
      'expected "aws", or a number or "off" for each name',
    ),
    {},
  ),
  triggers: v.optional(
    v.custom<TriggerHandlers>(
      isTriggers,
      `expected functions by the names ${triggerNames.join(', ')}`,
    ),
  ),
  log: v.optional(
    v.custom<(line: string) => void>(isFunction, 'expected a function'),
    () => ignore,
  ),
})

/**
 * Starts a user pool in this process, by default in memory and on any free port of this machine. There may be several.
 *
 * @throws {SettingsError} naming everything that is wrong with the options, the template or the users
 * @example
 * const pool = await startUserPool({ users: [{ username: 'ada', password: 'Passw0rd!' }] })
 * // … sign in with any client at pool.endpoint
 * await pool.close()
 */
export async function startUserPool(options: UserPoolOptions = {}): Promise<UserPool> {
  const given = parseOptions(options)
  const clock = createSystemClock(given.clock)
  const { users, groups } = given
  const cloud = await serveLocalCloud({
    port: given.port,
    host: given.host,
    isIssuer: given.issuer,
    dataFolder: toDataFolder(given),
    testClock: true,
    clock,
    template: toTemplateSource(given.template),
    reading: {
      parameters: given.parameters,
      pool: given.pool,
      isStrict: given.strict,
      ids: {
        userPoolId: given.userPoolId === undefined ? undefined : parseUserPoolId(given.userPoolId),
        clients: toClientIds(given.clientId),
      },
    },
    seed:
      users || groups
        ? { content: parseSeed({ users, groups }, 'startUserPool'), setting: 'startUserPool' }
        : undefined,
    signingKey:
      given.signingKey === undefined ? undefined : parseSigningKey(given.signingKey, 'signingKey'),
    limits: toLimits(given.limits),
    quotas: parseQuotas(given.quotas === 'aws' ? ['aws'] : toAssignments(given.quotas)),
    triggers: given.triggers,
    allowedOrigins: new Set(given.allowOrigins),
    allowedHosts: new Set(given.allowHosts),
    print: given.log,
  })
  const { pool, report, inbox } = cloud
  const clients = pool.current.clients().map(({ settings, clientSecret }) => {
    const clientId = settings.userPoolClientId
    const name = report.clients.find((one) => one.clientId === clientId)?.id
    return { name, clientId, clientSecret }
  })
  let closed: Promise<void> | undefined
  const close = () => {
    closed ??= cloud.stop()
    return closed
  }
  return {
    endpoint: cloud.origin,
    userPoolId: pool.settings.userPoolId,
    clientIds: clients.map(({ clientId }) => clientId),
    clients,
    issuer: pool.issuer(),
    inbox: {
      next: async ({ to, timeout = defaultWaitMs }) =>
        toMessage(await inbox.next({ to, timeoutMs: timeout })),
      list: ({ to } = {}) =>
        pool.store
          .listMessages(allMessages)
          .filter((message) => to === undefined || message.to.toLowerCase() === to.toLowerCase())
          .map(toMessage),
    },
    clock: { now: clock.nowMs, advance: advanceBy(clock.advance) },
    async reset() {
      await cloud.reset()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** more than a pool keeps */
const allMessages = 10_000

function parseOptions(options: unknown): v.InferOutput<typeof optionsSchema> {
  const parsed = v.safeParse(optionsSchema, options)
  if (parsed.success) return parsed.output
  const problems = toProblems(parsed.issues, [optionsSchema]).map((problem) => `\n  ${problem}`)
  throw new SettingsError(
    'startUserPool',
    'options that there are',
    `Correct them.${problems.join('')}`,
  )
}

function toDataFolder({
  memory,
  dataFolder,
}: {
  memory?: boolean | undefined
  dataFolder?: string | undefined
}) {
  if (memory === true && dataFolder !== undefined) {
    throw new SettingsError('memory', 'no dataFolder beside it', 'Leave one of them out.')
  }
  return memory === false ? (dataFolder ?? product.defaultDataFolder) : dataFolder
}

function toTemplateSource(template: string | URL | object | undefined): TemplateSource {
  if (template === undefined) return cognitoDefaults
  if (template instanceof URL) return fileURLToPath(template)
  if (typeof template === 'object') return { name: 'template', text: JSON.stringify(template) }
  return /^\s*\{|\n/.test(template) ? { name: 'template', text: template } : template
}

function toClientIds(clientId: string | Readonly<Record<string, string>> | undefined) {
  if (clientId === undefined) return []
  if (typeof clientId === 'string') return [parseClientId(clientId)]
  return Object.entries(clientId).map(([name, id]) => parseClientId(`${name}=${id}`))
}

function toLimits(limits: false | Readonly<Record<string, number | 'off'>> | undefined): Limits {
  if (limits === false) return noLimits
  return parseLimits(toAssignments(limits ?? {}), cognitoLimits)
}

/** As the options of the command have them. */
function toAssignments(values: Readonly<Record<string, number | 'off'>>): readonly string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`)
}

function advanceBy(advance: (seconds: number) => void): UserPoolClock['advance'] {
  return (seconds) => {
    if (!Number.isFinite(seconds) || seconds < 0) {
      throw new RangeError(`clock.advance: expected seconds, none negative, not ${seconds}`)
    }
    advance(seconds)
  }
}

function isTemplate(value: unknown): boolean {
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isTriggers(value: unknown): boolean {
  const names: readonly string[] = triggerNames
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([name, handler]) => names.includes(name) && isFunction(handler))
  )
}

function ignore(): void {}
