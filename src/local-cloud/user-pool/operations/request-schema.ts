/**
 * The members of requests, with the limits of the service model and Cognito's error messages.
 *
 * @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html
 */

import * as v from 'valibot'
import { deliveryMediums } from '../../ports.ts'
import { attributeTypes } from '../attribute-schema.ts'
import { CognitoError } from '../cognito-error.ts'
import {
  explicitAuthFlows,
  legacyAuthFlows,
  mfaConfigurations,
  tokenValidityUnits,
} from '../settings.ts'

const nonEmptyPattern = /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u
const tokenPattern = /^[A-Za-z0-9-_=.]+$/

/**
 * Members whose value appears in an error message. The service model marks others as sensitive; ClientId and UserCode
 * too, whose values AWS was recorded to echo all the same.
 */
const echoedMembers = new Set([
  ...['UserPoolId', 'Limit', 'AuthFlow', 'ChallengeName'],
  ...['ClientId', 'UserCode'],
])

function text(limits: { min?: number; max: number; pattern?: RegExp }) {
  const { min = 1, max, pattern } = limits
  return v.pipe(
    v.string(),
    // Before the length, as AWS reports them.
    v.check(
      (value) => pattern === undefined || pattern.test(value),
      `Member must satisfy regular expression pattern: ${pattern ? toModelPattern(pattern) : ''}`,
    ),
    v.minLength(min, `Member must have length greater than or equal to ${min}`),
    v.maxLength(max, `Member must have length less than or equal to ${max}`),
  )
}

export const username = text({ max: 128, pattern: nonEmptyPattern })
export const clientId = text({ max: 128, pattern: /^[\w+]+$/ })
export const userPoolId = text({ max: 55, pattern: /^[\w-]+_[0-9a-zA-Z]+$/ })
const minPasswordLength = 6
/** A password to be set: at least as long as the laxest policy asks. */
export const newPassword = text({ min: minPasswordLength, max: 256 })
/** The same where a user may have no password; blank stands for none. */
export const newPasswordOrBlank = v.pipe(
  v.string(),
  v.check(
    (value) => value === '' || value.length >= minPasswordLength,
    `Member must have length greater than or equal to ${minPasswordLength}`,
  ),
  v.maxLength(256, 'Member must have length less than or equal to 256'),
)
export const password = text({ max: 256 })
export const secretHash = text({ max: 128, pattern: /^[\w+=/]+$/ })
export const clientSecret = text({ max: 64, pattern: /^[\w+]+$/ })
export const session = text({ min: 20, max: 2048 })
export const userCode = text({ min: 6, max: 6, pattern: /^[0-9]+$/ })
export const friendlyDeviceName = text({ min: 0, max: 131_072 })
export const attributeName = text({ max: 32, pattern: nonEmptyPattern })
export const boolean = v.boolean()
export const confirmationCode = text({ max: 2048, pattern: /^[\S]+$/ })
export const token = text({ max: 16_384, pattern: tokenPattern })

/** Any JSON value, which the model calls a document. */
export const document = v.unknown()
export const credentialId = text({ max: 131_072 })

export const attributes = v.array(
  v.object({
    Name: attributeName,
    Value: v.optional(text({ min: 0, max: 2048 })),
  }),
)
/** AuthParameters and ChallengeResponses; members that are null count as absent. */
export const stringMap = v.record(v.string(), v.string())

export const attributeNames = v.array(attributeName)
export const filter = text({ min: 0, max: 256 })
export const paginationToken = text({ max: 1024, pattern: /^[\S]+$/ })

/** The members of a list in pages. */
export const pageMembers = {
  Limit: v.optional(integer({ min: 0, max: 60 })),
  NextToken: v.optional(paginationToken),
}
export const groupName = text({ max: 128, pattern: nonEmptyPattern })
/** The members of a group that CreateGroup and UpdateGroup share. */
export const groupMembers = {
  GroupName: groupName,
  Description: v.optional(text({ min: 0, max: 2048 })),
  RoleArn: v.optional(
    text({
      min: 20,
      max: 2048,
      pattern:
        /^arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?$/,
    }),
  ),
  Precedence: v.optional(integer({ min: 0, max: 2 ** 31 - 1 })),
}

/** The settings of one MFA factor. */
const mfaSettings = v.object({
  Enabled: v.optional(v.boolean(), false),
  PreferredMfa: v.optional(v.boolean(), false),
})

/** The members that SetUserMFAPreference and AdminSetUserMFAPreference share; a missing factor stays as it is. */
export const mfaPreference = {
  SMSMfaSettings: v.optional(mfaSettings),
  EmailMfaSettings: v.optional(mfaSettings),
  SoftwareTokenMfaSettings: v.optional(mfaSettings),
  WebAuthnMfaSettings: v.optional(v.object({ Enabled: v.optional(v.boolean(), false) })),
}

/** The older MFA settings, of SetUserSettings and AdminSetUserSettings. */
export const mfaOptions = v.array(
  v.object({
    DeliveryMedium: v.optional(oneOf(deliveryMediums)),
    AttributeName: v.optional(attributeName),
  }),
)

/** CustomAttributes of AddCustomAttributes; bounds are numbers written as text. */
const boundText = v.optional(
  v.pipe(text({ min: 0, max: 131_072, pattern: /^-?[0-9]+$/ }), v.transform(Number)),
)
export const customAttributes = v.pipe(
  v.array(
    v.object({
      Name: text({ max: 20, pattern: nonEmptyPattern }),
      AttributeDataType: v.optional(oneOf(attributeTypes), 'String'),
      DeveloperOnlyAttribute: v.optional(v.boolean(), false),
      Mutable: v.optional(v.boolean(), true),
      Required: v.optional(v.boolean(), false),
      StringAttributeConstraints: v.optional(
        v.object({ MinLength: boundText, MaxLength: boundText }),
        {},
      ),
      NumberAttributeConstraints: v.optional(
        v.object({ MinValue: boundText, MaxValue: boundText }),
        {},
      ),
    }),
  ),
  v.minLength(1, 'Member must have length greater than or equal to 1'),
  v.maxLength(25, 'Member must have length less than or equal to 25'),
)

/** The members of SetUserPoolMfaConfig. */
export const mfaConfig = {
  MfaConfiguration: v.optional(oneOf(mfaConfigurations)),
  SoftwareTokenMfaConfiguration: v.optional(v.object({ Enabled: v.optional(v.boolean(), false) })),
  SmsMfaConfiguration: v.optional(
    v.object({
      SmsAuthenticationMessage: v.optional(text({ min: 6, max: 140, pattern: /^.*\{####\}.*$/ })),
      SmsConfiguration: v.optional(
        v.object({
          SnsCallerArn: text({ min: 20, max: 2048 }),
          ExternalId: v.optional(text({ min: 0, max: 131_072 })),
          SnsRegion: v.optional(text({ min: 5, max: 32 })),
        }),
      ),
    }),
  ),
  EmailMfaConfiguration: v.optional(v.unknown()),
  WebAuthnConfiguration: v.optional(v.unknown()),
}

const url = text({ max: 1024, pattern: nonEmptyPattern })
const names = v.array(text({ max: 2048 }))

/** @param max of items */
function list<const Item extends v.GenericSchema>(item: Item, max: number) {
  return v.pipe(
    v.array(item),
    v.maxLength(max, `Member must have length less than or equal to ${max}`),
  )
}

/** The members that CreateUserPoolClient and UpdateUserPoolClient share. */
export const appClientMembers = {
  RefreshTokenValidity: v.optional(integer({ min: 0, max: 315_360_000 })),
  AccessTokenValidity: v.optional(integer({ min: 1, max: 86_400 })),
  IdTokenValidity: v.optional(integer({ min: 1, max: 86_400 })),
  TokenValidityUnits: v.optional(
    v.object({
      AccessToken: v.optional(oneOf(tokenValidityUnits)),
      IdToken: v.optional(oneOf(tokenValidityUnits)),
      RefreshToken: v.optional(oneOf(tokenValidityUnits)),
    }),
  ),
  ReadAttributes: v.optional(names),
  WriteAttributes: v.optional(names),
  ExplicitAuthFlows: v.optional(
    someOf([...explicitAuthFlows, ...legacyAuthFlows, 'CUSTOM_AUTH_FLOW_ONLY']),
  ),
  SupportedIdentityProviders: v.optional(v.array(text({ max: 32, pattern: nonEmptyPattern }))),
  CallbackURLs: v.optional(list(url, 100)),
  LogoutURLs: v.optional(list(url, 100)),
  DefaultRedirectURI: v.optional(url),
  AllowedOAuthFlows: v.optional(list(oneOf(['code', 'implicit', 'client_credentials']), 3)),
  AllowedOAuthScopes: v.optional(
    list(text({ max: 256, pattern: /^[\x21\x23-\x5B\x5D-\x7E]+$/ }), 50),
  ),
  AllowedOAuthFlowsUserPoolClient: v.optional(v.boolean()),
  AnalyticsConfiguration: v.optional(v.record(v.string(), v.unknown())),
  PreventUserExistenceErrors: v.optional(oneOf(['LEGACY', 'ENABLED'])),
  EnableTokenRevocation: v.optional(v.boolean()),
  EnablePropagateAdditionalUserContextData: v.optional(v.boolean()),
  AuthSessionValidity: v.optional(integer({ min: 3, max: 15 })),
  RefreshTokenRotation: v.optional(
    v.object({
      Feature: oneOf(['ENABLED', 'DISABLED']),
      RetryGracePeriodSeconds: v.optional(integer({ min: 0, max: 60 })),
    }),
  ),
}
export const clientName = text({ max: 128, pattern: /^[\w\s+=,.@-]+$/ })
/** A secret that the caller has chosen. */
export const chosenClientSecret = text({ min: 24, max: 64, pattern: /^[\w+]+$/ })

/** The members that name the client and the user. */
export const clientMembers = {
  ClientId: clientId,
  Username: username,
  SecretHash: v.optional(secretHash),
}

/** An optional member. */
export const optional = v.optional

/** A list of some of `values`. */
export function someOf<const Values extends readonly string[]>(values: Values) {
  return v.array(oneOf(values))
}

/** One of `values`. */
export function oneOf<const Values extends readonly string[]>(values: Values) {
  return v.picklist(values, `Member must satisfy enum value set: [${values.join(', ')}]`)
}

/** An integer from `min` to `max`. */
export function integer({ min, max }: { min: number; max: number }) {
  return v.pipe(
    v.number(),
    v.integer(),
    v.minValue(min, `Member must have value greater than or equal to ${min}`),
    v.maxValue(max, `Member must have value less than or equal to ${max}`),
  )
}

/**
 * Parses a request body. Like the service, it ignores unknown members, treats null as absent, and reports all
 * problems in one message.
 *
 * @throws {CognitoError} SerializationException for a wrong JSON type, else InvalidParameterException
 */
export function parseMembers<Entries extends v.ObjectEntries>(
  entries: Entries,
  body: unknown,
): v.InferOutput<v.ObjectSchema<Entries, undefined>> {
  const parsed = v.safeParse(v.object(entries), withoutNulls(body))
  if (parsed.success) return parsed.output

  const wrongType = parsed.issues.find(
    (issue) => issue.kind === 'schema' && !isMissing(issue) && issue.type !== 'picklist',
  )
  if (wrongType) {
    throw new CognitoError(
      'SerializationException',
      `${toJsonType(wrongType.input)} can not be converted to ${wrongType.expected === 'string' ? 'a String' : wrongType.type}`,
    )
  }
  const problems = parsed.issues.map((issue) => {
    const path = issue.path?.map(({ key }) => toLowerCamel(String(key))).join('.') ?? 'body'
    const constraint = isMissing(issue) ? 'Member must not be null' : issue.message
    return `${toValuePrefix(issue)} at '${path}' failed to satisfy constraint: ${constraint}`
  })
  const count = problems.length
  throw new CognitoError(
    'InvalidParameterException',
    `${count} validation error${count === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
  )
}

/**
 * @param value of a member that only some users may leave out
 * @throws {CognitoError} InvalidParameterException, as for a member that nobody may leave out
 */
export function requirePassword(value: string | undefined, member: string): string {
  if (value) return value
  const [given, constraint] =
    value === undefined
      ? ['Value null', 'Member must not be null']
      : ['Value', `Member must have length greater than or equal to ${minPasswordLength}`]
  throw new CognitoError(
    'InvalidParameterException',
    `1 validation error detected: ${given} at '${toLowerCamel(member)}' failed to satisfy constraint: ${constraint}`,
  )
}

function isMissing(issue: v.BaseIssue<unknown>): boolean {
  return issue.input === undefined
}

function toValuePrefix(issue: v.BaseIssue<unknown>): string {
  if (isMissing(issue)) return 'Value null'
  const member = String(issue.path?.at(-1)?.key)
  return echoedMembers.has(member) ? `Value '${String(issue.input)}'` : 'Value'
}

function toLowerCamel(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1)
}

/** @returns the pattern as the service model writes it, without anchors */
function toModelPattern(pattern: RegExp): string {
  return pattern.source.replace(/^\^|\$$/g, '')
}

function toJsonType(value: unknown): string {
  if (Array.isArray(value)) return 'START_ARRAY'
  return typeof value === 'object' ? 'START_OBJECT' : `${typeof value}_VALUE`.toUpperCase()
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  )
}
