/** Settings of the local user pool and its client, read from the template that AWS runs. */

import * as v from 'valibot'
import type { PasswordPolicy } from '../../shared/password-policy.ts'
import { SettingsError } from '../settings-error.ts'
import type { Template } from './template.ts'

/** The local pool's names for itself; on AWS the stack's outputs take their place. */
export const localPool = {
  region: 'us-east-1',
  userPoolId: 'us-east-1_WildRydes',
  userPoolClientId: 'wildrydeswebapplocal000000',
} as const

export interface UserPoolSettings {
  readonly region: string
  readonly userPoolId: string
  readonly userPoolClientId: string
  readonly passwordPolicy: PasswordPolicy
  /** false: user names that differ only in case are one user */
  readonly caseSensitive: boolean
  /** an e-mail address given at sign-up is sent a code */
  readonly autoVerifiesEmail: boolean
  readonly allowsSignUp: boolean
  readonly preventsUserExistenceErrors: boolean
  readonly explicitAuthFlows: ReadonlySet<string>
  readonly revokesTokens: boolean
  readonly accessTokenSeconds: number
  readonly idTokenSeconds: number
  readonly refreshTokenSeconds: number
  /** how long a challenge may wait for its answer */
  readonly authSessionSeconds: number
  /** `undefined` while refresh tokens are not rotated */
  readonly rotationGraceSeconds: number | undefined
  readonly verificationEmail: { readonly subject: string; readonly text: string }
}

const passwordPolicySchema = v.strictObject({
  MinimumLength: v.optional(v.pipe(v.number(), v.minValue(6), v.maxValue(99)), 8),
  RequireLowercase: v.optional(v.boolean(), true),
  RequireUppercase: v.optional(v.boolean(), true),
  RequireNumbers: v.optional(v.boolean(), true),
  RequireSymbols: v.optional(v.boolean(), true),
  TemporaryPasswordValidityDays: v.optional(v.number()),
})

/** The properties of a user pool that the local one honours; any other is named at start. */
const userPoolSchema = v.strictObject({
  UserPoolName: v.optional(v.string()),
  DeletionProtection: v.optional(v.string()),
  UsernameConfiguration: v.optional(v.strictObject({ CaseSensitive: v.boolean() }), {
    CaseSensitive: true,
  }),
  AutoVerifiedAttributes: v.optional(v.array(v.literal('email')), []),
  UserAttributeUpdateSettings: v.optional(
    v.strictObject({ AttributesRequireVerificationBeforeUpdate: v.array(v.literal('email')) }),
  ),
  AccountRecoverySetting: v.optional(
    v.strictObject({
      RecoveryMechanisms: v.array(
        v.strictObject({ Name: v.literal('verified_email'), Priority: v.number() }),
      ),
    }),
  ),
  AdminCreateUserConfig: v.optional(v.strictObject({ AllowAdminCreateUserOnly: v.boolean() }), {
    AllowAdminCreateUserOnly: false,
  }),
  MfaConfiguration: v.optional(v.literal('OFF')),
  Policies: v.optional(v.strictObject({ PasswordPolicy: passwordPolicySchema }), {
    PasswordPolicy: {},
  }),
  EmailConfiguration: v.optional(v.unknown()),
  VerificationMessageTemplate: v.optional(
    v.strictObject({
      DefaultEmailOption: v.optional(v.literal('CONFIRM_WITH_CODE')),
      EmailSubject: v.optional(v.string(), 'Your verification code'),
      EmailMessage: v.optional(
        v.pipe(v.string(), v.includes('{####}')),
        'Your verification code is {####}',
      ),
    }),
    {},
  ),
})

const secondsPerUnit = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const
const unitSchema = v.picklist(['seconds', 'minutes', 'hours', 'days'])

const userPoolClientSchema = v.strictObject({
  UserPoolId: v.optional(v.string()),
  ClientName: v.optional(v.string()),
  GenerateSecret: v.optional(v.literal(false)),
  ExplicitAuthFlows: v.optional(
    v.array(v.picklist(['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_CUSTOM_AUTH'])),
    ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_CUSTOM_AUTH'],
  ),
  PreventUserExistenceErrors: v.optional(v.picklist(['ENABLED', 'LEGACY']), 'LEGACY'),
  EnableTokenRevocation: v.optional(v.boolean(), true),
  AuthSessionValidity: v.optional(v.pipe(v.number(), v.minValue(3), v.maxValue(15)), 3),
  AccessTokenValidity: v.optional(v.number(), 1),
  IdTokenValidity: v.optional(v.number(), 1),
  RefreshTokenValidity: v.optional(v.number(), 30),
  TokenValidityUnits: v.optional(
    v.strictObject({
      AccessToken: v.optional(unitSchema, 'hours'),
      IdToken: v.optional(unitSchema, 'hours'),
      RefreshToken: v.optional(unitSchema, 'days'),
    }),
    {},
  ),
  RefreshTokenRotation: v.optional(
    v.strictObject({
      Feature: v.picklist(['ENABLED', 'DISABLED']),
      RetryGracePeriodSeconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(60)), 0),
    }),
  ),
})

/** @throws {SettingsError} naming every property that the local pool does not know or cannot honour */
export function readSettings(template: Template): UserPoolSettings {
  const pool = readProperties(template, 'AWS::Cognito::UserPool', userPoolSchema)
  const client = readProperties(template, 'AWS::Cognito::UserPoolClient', userPoolClientSchema)
  const units = client.TokenValidityUnits
  const rotation = client.RefreshTokenRotation
  const { TemporaryPasswordValidityDays: _, ...passwordPolicy } = pool.Policies.PasswordPolicy
  return {
    ...localPool,
    passwordPolicy,
    caseSensitive: pool.UsernameConfiguration.CaseSensitive,
    autoVerifiesEmail: pool.AutoVerifiedAttributes.includes('email'),
    allowsSignUp: !pool.AdminCreateUserConfig.AllowAdminCreateUserOnly,
    preventsUserExistenceErrors: client.PreventUserExistenceErrors === 'ENABLED',
    explicitAuthFlows: new Set(client.ExplicitAuthFlows),
    revokesTokens: client.EnableTokenRevocation,
    accessTokenSeconds: client.AccessTokenValidity * secondsPerUnit[units.AccessToken],
    idTokenSeconds: client.IdTokenValidity * secondsPerUnit[units.IdToken],
    refreshTokenSeconds: client.RefreshTokenValidity * secondsPerUnit[units.RefreshToken],
    authSessionSeconds: client.AuthSessionValidity * 60,
    rotationGraceSeconds:
      rotation?.Feature === 'ENABLED' ? rotation.RetryGracePeriodSeconds : undefined,
    verificationEmail: {
      subject: pool.VerificationMessageTemplate.EmailSubject,
      text: pool.VerificationMessageTemplate.EmailMessage,
    },
  }
}

function readProperties<Schema extends v.GenericSchema>(
  template: Template,
  type: string,
  schema: Schema,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, template.requireResource(type))
  if (parsed.success) return parsed.output
  const problems = parsed.issues.map(
    (issue) => `${v.getDotPath(issue) ?? 'Properties'} (expected ${issue.expected ?? 'nothing'})`,
  )
  throw new SettingsError(
    `${type} ${problems.join(', ')}`,
    'settings that the local user pool honours',
    'See "Supported settings" in src/local-cloud/README.md.',
  )
}
