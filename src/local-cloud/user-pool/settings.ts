/** Settings of the user pool and its client, read from the CloudFormation template that also configures AWS. */

import * as v from 'valibot'
import type { PasswordPolicy } from '../../shared/password-policy.ts'
import { SettingsError } from '../../shared/settings-error.ts'
import {
  type AttributeRule,
  type AttributeSchema,
  attributeTypes,
  standardAttributes,
} from './attribute-schema.ts'
import type { Template } from './cloudformation-template.ts'
import { localPool } from './local-pool.ts'

/**
 * What users sign in with: a user name; a user name or a verified email address (`AliasAttributes`); an email
 * address (`UsernameAttributes`).
 */
export type UsernameModel = 'username' | 'email-alias' | 'email'

export const mfaConfigurations = ['OFF', 'OPTIONAL', 'ON'] as const
export type MfaConfiguration = (typeof mfaConfigurations)[number]

/** What `SignInPolicy.AllowedFirstAuthFactors` can allow here. */
export const firstAuthFactors = ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] as const
export type FirstAuthFactor = (typeof firstAuthFactors)[number]

/** What `EnabledMfas` can enable here. */
export const mfaFactors = ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const
export type MfaFactor = (typeof mfaFactors)[number]

const userPoolTiers = ['LITE', 'ESSENTIALS', 'PLUS'] as const
export type UserPoolTier = (typeof userPoolTiers)[number]

export const explicitAuthFlows = [
  'ALLOW_USER_AUTH',
  'ALLOW_USER_SRP_AUTH',
  'ALLOW_USER_PASSWORD_AUTH',
  'ALLOW_ADMIN_USER_PASSWORD_AUTH',
  'ALLOW_REFRESH_TOKEN_AUTH',
  'ALLOW_CUSTOM_AUTH',
] as const
export type ExplicitAuthFlow = (typeof explicitAuthFlows)[number]

/** What `SignInPolicy.AllowedFirstAuthFactors` can allow here. */
export const firstAuthFactors = ['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN'] as const
export type FirstAuthFactor = (typeof firstAuthFactors)[number]

export const userVerifications = ['required', 'preferred'] as const
export const webAuthnFactorConfigurations = [
  'SINGLE_FACTOR',
  'MULTI_FACTOR_WITH_USER_VERIFICATION',
] as const

/** Settings of passkeys. */
export interface WebAuthnSettings {
  /** domain that passkeys are made for; `undefined`: none is named, so that none can be made */
  readonly relyingPartyId: string | undefined
  /** whether an authenticator must verify its user, by a PIN or a finger, or only should */
  readonly userVerification: (typeof userVerifications)[number]
  /** whether a passkey whose user was verified can count as MFA */
  readonly factorConfiguration: (typeof webAuthnFactorConfigurations)[number]
}

/** An email of the pool. Placeholders: `{####}` for the code or temporary password, `{username}`. */
export interface EmailTemplate {
  readonly subject: string
  readonly text: string
}

/** The members of a client about the lifetimes of its tokens; what is not set is absent, but for the refresh token. */
export interface TokenValidity {
  readonly AccessTokenValidity?: number
  readonly IdTokenValidity?: number
  readonly RefreshTokenValidity: number
  readonly TokenValidityUnits: Readonly<
    Partial<Record<'AccessToken' | 'IdToken' | 'RefreshToken', TokenValidityUnit>>
  >
}

export interface UserPoolSettings {
  readonly region: string
  readonly userPoolId: string
  readonly userPoolClientId: string
  readonly userPoolName: string
  readonly tier: UserPoolTier
  readonly clientName: string
  readonly usernameModel: UsernameModel
  /** false: user names that differ only in case are the same */
  readonly caseSensitive: boolean
  readonly attributeSchema: AttributeSchema
  readonly passwordPolicy: PasswordPolicy
  /** validity of a temporary password */
  readonly temporaryPasswordDays: number
  /** whether SignUp sends a code to the email address */
  readonly autoVerifiesEmail: boolean
  /** whether a new email address takes effect only once it is verified */
  readonly verifiesEmailBeforeUpdate: boolean
  readonly allowsSignUp: boolean
  /** false: only administrators reset passwords */
  readonly recoversByEmail: boolean
  readonly mfaConfiguration: MfaConfiguration
  /** second factors that users can turn on while MFA is not off */
  readonly mfaFactors: ReadonlySet<MfaFactor>
  /** factors of choice-based sign-in, the flow USER_AUTH */
  readonly firstAuthFactors: ReadonlySet<FirstAuthFactor>
  readonly deletionProtection: 'ACTIVE' | 'INACTIVE'
  readonly clientHasSecret: boolean
  readonly preventsUserExistenceErrors: boolean
  readonly explicitAuthFlows: ReadonlySet<ExplicitAuthFlow>
  /** attributes that the client may read; `undefined`: all */
  readonly readAttributes: ReadonlySet<string> | undefined
  /** attributes that the client may write; `undefined`: all but the verification flags */
  readonly writeAttributes: ReadonlySet<string> | undefined
  readonly revokesTokens: boolean
  /** lifetimes as the template gives them, for DescribeUserPoolClient */
  readonly tokenValidity: TokenValidity
  readonly accessTokenSeconds: number
  readonly idTokenSeconds: number
  readonly refreshTokenSeconds: number
  /** lifetime of a challenge and its Session */
  readonly authSessionSeconds: number
  /** how long a rotated refresh token stays valid; `undefined`: no rotation */
  readonly rotationGraceSeconds: number | undefined
  readonly verificationEmail: EmailTemplate
  readonly invitationEmail: EmailTemplate
  /** with the code of the challenge EMAIL_OTP */
  readonly signInEmail: EmailTemplate
}

/** An object with these properties only. Every other property is an issue. */
function strictObject<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.pipe(
    v.looseObject(entries),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = dataset.value
      if (typeof input !== 'object' || input === null) return
      for (const [key, value] of Object.entries(input)) {
        if (Object.hasOwn(entries, key)) continue
        const path = { type: 'object', origin: 'value', input: { ...input }, key, value } as const
        addIssue({ message: 'not to be there', path: [path] })
      }
    }),
  )
}

/** Cognito's limits for the emails of a pool: length, and letters, marks, symbols, numbers, punctuation and space. */
const emailSubject = v.pipe(v.string(), v.regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}\s]{1,140}$/u))
const emailText = v.pipe(v.string(), v.regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}\s]{6,20000}$/u))
const codeText = v.pipe(emailText, v.includes('{####}'))
const invitationText = v.pipe(emailText, v.includes('{####}'), v.includes('{username}'))
const count = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max))
/** CloudFormation's type for the bounds of constraints is String. */
const bound = v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(Number)))

const passwordPolicySchema = strictObject({
  MinimumLength: v.optional(count(6, 99), 8),
  RequireLowercase: v.optional(v.boolean(), true),
  RequireUppercase: v.optional(v.boolean(), true),
  RequireNumbers: v.optional(v.boolean(), true),
  RequireSymbols: v.optional(v.boolean(), true),
  PasswordHistorySize: v.optional(v.literal(0)),
  TemporaryPasswordValidityDays: v.optional(count(0, 365), 7),
})

const schemaAttribute = strictObject({
  Name: v.string(),
  AttributeDataType: v.optional(v.picklist(attributeTypes), 'String'),
  DeveloperOnlyAttribute: v.optional(v.literal(false)),
  Mutable: v.optional(v.boolean(), true),
  Required: v.optional(v.boolean(), false),
  StringAttributeConstraints: v.optional(strictObject({ MinLength: bound, MaxLength: bound }), {}),
  NumberAttributeConstraints: v.optional(strictObject({ MinValue: bound, MaxValue: bound }), {}),
})

/** The supported properties of a user pool; any other is an error. */
const userPoolSchema = v.pipe(
  strictObject({
    UserPoolName: v.optional(v.string(), 'local'),
    // Accepted without effect.
    UserPoolTags: v.optional(v.unknown()),
    UserPoolTier: v.optional(v.picklist(userPoolTiers), 'ESSENTIALS'),
    EmailConfiguration: v.optional(
      v.looseObject({
        EmailSendingAccount: v.optional(
          v.picklist(['COGNITO_DEFAULT', 'DEVELOPER']),
          'COGNITO_DEFAULT',
        ),
      }),
      {},
    ),
    DeletionProtection: v.optional(v.picklist(['ACTIVE', 'INACTIVE']), 'INACTIVE'),
    UsernameConfiguration: v.optional(strictObject({ CaseSensitive: v.boolean() }), {
      CaseSensitive: true,
    }),
    UsernameAttributes: v.optional(v.array(v.literal('email')), []),
    AliasAttributes: v.optional(v.array(v.literal('email')), []),
    AutoVerifiedAttributes: v.optional(v.array(v.literal('email')), []),
    Schema: v.optional(v.array(schemaAttribute), []),
    UserAttributeUpdateSettings: v.optional(
      strictObject({ AttributesRequireVerificationBeforeUpdate: v.array(v.literal('email')) }),
      { AttributesRequireVerificationBeforeUpdate: [] },
    ),
    AccountRecoverySetting: v.optional(
      strictObject({
        RecoveryMechanisms: v.array(
          strictObject({
            Name: v.picklist(['verified_email', 'admin_only']),
            Priority: count(1, 2),
          }),
        ),
      }),
    ),
    AdminCreateUserConfig: v.optional(
      strictObject({
        AllowAdminCreateUserOnly: v.optional(v.boolean(), false),
        InviteMessageTemplate: v.optional(
          strictObject({
            EmailSubject: v.optional(emailSubject),
            EmailMessage: v.optional(invitationText),
          }),
          {},
        ),
      }),
      {},
    ),
    MfaConfiguration: v.optional(v.picklist(mfaConfigurations)),
    EnabledMfas: v.optional(v.array(v.picklist(mfaFactors)), []),
    EmailAuthenticationSubject: v.optional(emailSubject),
    EmailAuthenticationMessage: v.optional(codeText),
    Policies: v.optional(
      strictObject({
        PasswordPolicy: v.optional(passwordPolicySchema, {}),
        SignInPolicy: v.optional(
          strictObject({
            AllowedFirstAuthFactors: v.pipe(
              v.array(v.picklist(firstAuthFactors)),
              v.includes('PASSWORD'),
            ),
          }),
          { AllowedFirstAuthFactors: ['PASSWORD'] },
        ),
      }),
      {},
    ),
    WebAuthnRelyingPartyID: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(127))),
    WebAuthnUserVerification: v.optional(v.picklist(userVerifications), 'preferred'),
    WebAuthnFactorConfiguration: v.optional(
      v.picklist(webAuthnFactorConfigurations),
      'SINGLE_FACTOR',
    ),
    EmailVerificationSubject: v.optional(emailSubject),
    EmailVerificationMessage: v.optional(codeText),
    VerificationMessageTemplate: v.optional(
      strictObject({
        DefaultEmailOption: v.optional(v.literal('CONFIRM_WITH_CODE')),
        EmailSubject: v.optional(emailSubject),
        EmailMessage: v.optional(codeText),
      }),
      {},
    ),
  }),
  v.check(
    ({ UsernameAttributes, AliasAttributes }) =>
      UsernameAttributes.length === 0 || AliasAttributes.length === 0,
    'UsernameAttributes or AliasAttributes, not both',
  ),
  v.check(
    ({ MfaConfiguration = 'OFF', EnabledMfas }) =>
      MfaConfiguration === 'OFF' || EnabledMfas.length > 0,
    'EnabledMfas: [SOFTWARE_TOKEN_MFA] while MfaConfiguration is not OFF',
  ),
  // The rules of AWS between several properties, in its words.
  v.check(
    (pool) => pool.MfaConfiguration !== 'OFF' || toMfaFactors(pool).length === 0,
    "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
  ),
  v.check(
    (pool) =>
      !toMfaFactors(pool).includes('EMAIL_OTP') ||
      pool.EmailConfiguration.EmailSendingAccount === 'DEVELOPER',
    'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT',
  ),
  v.check(
    (pool) =>
      !toMfaFactors(pool).includes('EMAIL_OTP') ||
      pool.AccountRecoverySetting?.RecoveryMechanisms.every(
        ({ Name }) => Name !== 'verified_email',
      ) !== false,
    'Account Recovery Setting cannot use verified_email as a recovery mechanism when Email MFA is configured.',
  ),
  v.check(
    ({ MfaConfiguration, Policies }) =>
      MfaConfiguration !== 'ON' ||
      !Policies.SignInPolicy.AllowedFirstAuthFactors.includes('EMAIL_OTP'),
    'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled',
  ),
  v.check(
    ({ MfaConfiguration, Policies }) =>
      MfaConfiguration !== 'ON' ||
      !Policies.SignInPolicy.AllowedFirstAuthFactors.includes('WEB_AUTHN'),
    'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
  ),
  v.check(
    ({ UserPoolTier, Policies }) =>
      UserPoolTier !== 'LITE' || Policies.SignInPolicy.AllowedFirstAuthFactors.length === 1,
    'The following features need to be disabled for the LITE pricing tier configured: Passwordless Sign-In',
  ),
  v.check(
    (pool) => pool.UserPoolTier !== 'LITE' || !toMfaFactors(pool).includes('EMAIL_OTP'),
    'The following features need to be disabled for the LITE pricing tier configured: Email MFA',
  ),
)

/** The text of its email switches MFA by email on, as in AWS. */
function toMfaFactors(pool: {
  EnabledMfas: readonly MfaFactor[]
  EmailAuthenticationSubject?: string | undefined
  EmailAuthenticationMessage?: string | undefined
}): readonly MfaFactor[] {
  const { EnabledMfas, EmailAuthenticationSubject, EmailAuthenticationMessage } = pool
  const hasEmailText = (EmailAuthenticationSubject ?? EmailAuthenticationMessage) !== undefined
  return hasEmailText ? [...EnabledMfas, 'EMAIL_OTP'] : EnabledMfas
}

const secondsPerUnit = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const
const unitSchema = v.picklist(['seconds', 'minutes', 'hours', 'days'])
export type TokenValidityUnit = v.InferOutput<typeof unitSchema>

const defaultRefreshTokenDays = 30

const userPoolClientSchema = strictObject({
  UserPoolId: v.optional(v.string()),
  ClientName: v.optional(v.string(), 'local'),
  GenerateSecret: v.optional(v.boolean(), false),
  ExplicitAuthFlows: v.optional(v.array(v.picklist(explicitAuthFlows)), [
    'ALLOW_USER_SRP_AUTH',
    'ALLOW_REFRESH_TOKEN_AUTH',
    'ALLOW_CUSTOM_AUTH',
  ]),
  SupportedIdentityProviders: v.optional(v.array(v.literal('COGNITO'))),
  PreventUserExistenceErrors: v.optional(v.picklist(['ENABLED', 'LEGACY']), 'LEGACY'),
  EnableTokenRevocation: v.optional(v.boolean(), true),
  ReadAttributes: v.optional(v.array(v.string())),
  WriteAttributes: v.optional(v.array(v.string())),
  AuthSessionValidity: v.optional(count(3, 15), 3),
  AccessTokenValidity: v.optional(v.number()),
  IdTokenValidity: v.optional(v.number()),
  RefreshTokenValidity: v.optional(v.number(), 0),
  TokenValidityUnits: v.optional(
    strictObject({
      AccessToken: v.optional(unitSchema),
      IdToken: v.optional(unitSchema),
      RefreshToken: v.optional(unitSchema),
    }),
    {},
  ),
  RefreshTokenRotation: v.optional(
    strictObject({
      Feature: v.picklist(['ENABLED', 'DISABLED']),
      RetryGracePeriodSeconds: v.optional(count(0, 60), 0),
    }),
  ),
})

/** @throws {SettingsError} naming every property and value that the local pool does not support */
export function readSettings(template: Template): UserPoolSettings {
  const pool = readProperties(template, 'AWS::Cognito::UserPool', userPoolSchema)
  const client = readProperties(template, 'AWS::Cognito::UserPoolClient', userPoolClientSchema)
  if (pool.UserPoolTier === 'LITE' && client.ExplicitAuthFlows.includes('ALLOW_USER_AUTH')) {
    throw unsupportedError('AWS::Cognito::UserPoolClient', [
      'ExplicitAuthFlows (expected no ALLOW_USER_AUTH while UserPoolTier is LITE)',
    ])
  }
  const units = client.TokenValidityUnits
  const rotation = client.RefreshTokenRotation
  const {
    TemporaryPasswordValidityDays,
    PasswordHistorySize: _,
    ...passwordPolicy
  } = pool.Policies.PasswordPolicy
  const verification = pool.VerificationMessageTemplate
  const invitation = pool.AdminCreateUserConfig.InviteMessageTemplate
  const recovery = pool.AccountRecoverySetting?.RecoveryMechanisms
  return {
    ...localPool,
    userPoolName: pool.UserPoolName,
    tier: pool.UserPoolTier,
    clientName: client.ClientName,
    usernameModel:
      pool.UsernameAttributes.length > 0
        ? 'email'
        : pool.AliasAttributes.length > 0
          ? 'email-alias'
          : 'username',
    caseSensitive: pool.UsernameConfiguration.CaseSensitive,
    attributeSchema: toAttributeSchema(pool.Schema),
    passwordPolicy,
    // 0 means the default, as in AWS.
    temporaryPasswordDays: TemporaryPasswordValidityDays || 7,
    autoVerifiesEmail: pool.AutoVerifiedAttributes.includes('email'),
    verifiesEmailBeforeUpdate:
      pool.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate.includes('email'),
    allowsSignUp: !pool.AdminCreateUserConfig.AllowAdminCreateUserOnly,
    recoversByEmail: !recovery || recovery.some(({ Name }) => Name === 'verified_email'),
    mfaConfiguration: pool.MfaConfiguration ?? 'OFF',
    mfaFactors: new Set(toMfaFactors(pool)),
    firstAuthFactors: new Set(pool.Policies.SignInPolicy.AllowedFirstAuthFactors),
    deletionProtection: pool.DeletionProtection,
    clientHasSecret: client.GenerateSecret,
    preventsUserExistenceErrors: client.PreventUserExistenceErrors === 'ENABLED',
    explicitAuthFlows: new Set(client.ExplicitAuthFlows),
    readAttributes: client.ReadAttributes && new Set(client.ReadAttributes),
    writeAttributes: client.WriteAttributes && new Set(client.WriteAttributes),
    revokesTokens: client.EnableTokenRevocation,
    tokenValidity: toTokenValidity(client),
    accessTokenSeconds:
      (client.AccessTokenValidity ?? 1) * secondsPerUnit[units.AccessToken ?? 'hours'],
    idTokenSeconds: (client.IdTokenValidity ?? 1) * secondsPerUnit[units.IdToken ?? 'hours'],
    // 0 means the default, as in AWS.
    refreshTokenSeconds:
      client.RefreshTokenValidity * secondsPerUnit[units.RefreshToken ?? 'days'] ||
      defaultRefreshTokenDays * secondsPerUnit.days,
    authSessionSeconds: client.AuthSessionValidity * 60,
    rotationGraceSeconds:
      rotation?.Feature === 'ENABLED' ? rotation.RetryGracePeriodSeconds : undefined,
    verificationEmail: {
      subject:
        verification.EmailSubject ?? pool.EmailVerificationSubject ?? 'Your verification code',
      text:
        verification.EmailMessage ??
        pool.EmailVerificationMessage ??
        'Your verification code is {####}',
    },
    invitationEmail: {
      subject: invitation.EmailSubject ?? 'Your temporary password',
      text:
        invitation.EmailMessage ?? 'Your username is {username} and temporary password is {####}.',
    },
    signInEmail: {
      subject: pool.EmailAuthenticationSubject ?? 'Your authentication code',
      text: pool.EmailAuthenticationMessage ?? 'Your authentication code is {####}.',
    },
  }
}

function toTokenValidity(client: v.InferOutput<typeof userPoolClientSchema>): TokenValidity {
  const { AccessTokenValidity, IdTokenValidity, RefreshTokenValidity } = client
  const { AccessToken, IdToken, RefreshToken } = client.TokenValidityUnits
  const isDefault = RefreshTokenValidity === 0
  return {
    ...(AccessTokenValidity !== undefined && { AccessTokenValidity }),
    ...(IdTokenValidity !== undefined && { IdTokenValidity }),
    RefreshTokenValidity: isDefault ? defaultRefreshTokenDays : RefreshTokenValidity,
    TokenValidityUnits: {
      ...(AccessToken && { AccessToken }),
      ...(IdToken && { IdToken }),
      // The default is in days, whatever unit is named.
      ...(RefreshToken && !isDefault && { RefreshToken }),
    },
  }
}

function toAttributeSchema(
  attributes: readonly v.InferOutput<typeof schemaAttribute>[],
): AttributeSchema {
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
    return [standard ? Name : `custom:${Name.replace(/^custom:/, '')}`, rule] as const
  })
  return new Map([...standardAttributes, ...rules])
}

function readProperties<Schema extends v.GenericSchema>(
  template: Template,
  type: string,
  schema: Schema,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, template.requireResource(type))
  if (parsed.success) return parsed.output
  const problems = parsed.issues.map(
    (issue) =>
      `${v.getDotPath(issue) ?? 'Properties'} (expected ${issue.expected ?? issue.message})`,
  )
  throw unsupportedError(type, problems)
}

function unsupportedError(type: string, problems: readonly string[]): SettingsError {
  return new SettingsError(
    `${type} ${problems.join(', ')}`,
    'settings that the local user pool honours',
    'See "Supported settings" in src/local-cloud/README.md.',
  )
}
