/** Settings of the user pool and its client, as the pool works by them. */

import type { PasswordPolicy } from '../../shared/password-policy.ts'
import type { AttributeSchema } from './attribute-schema.ts'

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

export const userPoolTiers = ['LITE', 'ESSENTIALS', 'PLUS'] as const
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

/**
 * The older names of flows, which are given without the others. Refresh is on beside them, and SRP too, but for the
 * last.
 */
export const legacyAuthFlows = [
  'ADMIN_NO_SRP_AUTH',
  'USER_PASSWORD_AUTH',
  'CUSTOM_AUTH_FLOW_ONLY',
] as const

/** Versions of the event of PreTokenGeneration. */
export const preTokenGenerationVersions = ['V1_0', 'V2_0', 'V3_0'] as const
export type PreTokenGenerationVersion = (typeof preTokenGenerationVersions)[number]

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

export const tokenValidityUnits = ['seconds', 'minutes', 'hours', 'days'] as const
export type TokenValidityUnit = (typeof tokenValidityUnits)[number]

/** The members of a client about the lifetimes of its tokens; what is not set is absent, but for the refresh token. */
export interface TokenValidity {
  readonly AccessTokenValidity?: number
  readonly IdTokenValidity?: number
  readonly RefreshTokenValidity: number
  readonly TokenValidityUnits: Readonly<
    Partial<Record<'AccessToken' | 'IdToken' | 'RefreshToken', TokenValidityUnit>>
  >
}

/** What each client of the pool has of its own. */
export interface ClientSettings {
  readonly userPoolClientId: string
  readonly clientName: string
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
}

/** Those of the pool, with those of one client. */
export interface UserPoolSettings extends ClientSettings {
  readonly region: string
  readonly userPoolId: string
  readonly userPoolName: string
  readonly tier: UserPoolTier
  readonly usernameModel: UsernameModel
  /** whether users can also sign in by `preferred_username` (`AliasAttributes`), which is unique then */
  readonly hasPreferredUsernameAlias: boolean
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
  readonly webAuthn: WebAuthnSettings
  readonly deletionProtection: 'ACTIVE' | 'INACTIVE'
  /** who sends the emails on AWS: Cognito's own sender, or a verified identity of SES */
  readonly emailSendingAccount: 'COGNITO_DEFAULT' | 'DEVELOPER'
  readonly verificationEmail: EmailTemplate
  readonly invitationEmail: EmailTemplate
  /** with the code of the challenge EMAIL_OTP */
  readonly signInEmail: EmailTemplate
  readonly preTokenGenerationVersion: PreTokenGenerationVersion
}
