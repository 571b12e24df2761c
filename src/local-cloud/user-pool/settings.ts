/** Settings of the user pool and its client, as the pool works by them. */

import type { PasswordPolicy } from '../../shared/password-policy.ts'
import type { AttributeSchema } from './attribute-schema.ts'

/** The attributes that messages go to. */
export const contactAttributes = ['email', 'phone_number'] as const
export type ContactAttribute = (typeof contactAttributes)[number]

/**
 * What users sign in with: a user name; a user name or something verified of theirs (`AliasAttributes`); an email
 * address or a phone number (`UsernameAttributes`).
 */
export type UsernameModel =
  | 'username'
  | 'email-alias'
  | 'phone-alias'
  | 'email-and-phone-alias'
  | 'email'
  | 'phone'
  | 'email-or-phone'

export interface UsernameModelRules {
  /** attributes that users sign in with, in the order in which a user is named by them */
  readonly contacts: readonly ContactAttribute[]
  /** whether they stand for the user name; else they are aliases, once they are verified */
  readonly areUsernames: boolean
}

export const usernameModels: Readonly<Record<UsernameModel, UsernameModelRules>> = {
  username: { contacts: [], areUsernames: false },
  'email-alias': { contacts: ['email'], areUsernames: false },
  'phone-alias': { contacts: ['phone_number'], areUsernames: false },
  'email-and-phone-alias': { contacts: ['email', 'phone_number'], areUsernames: false },
  email: { contacts: ['email'], areUsernames: true },
  phone: { contacts: ['phone_number'], areUsernames: true },
  'email-or-phone': { contacts: ['email', 'phone_number'], areUsernames: true },
}

/** How a password can be reset. */
export const recoveryMechanisms = ['verified_email', 'verified_phone_number', 'admin_only'] as const
export type RecoveryMechanism = (typeof recoveryMechanisms)[number]

export const mfaConfigurations = ['OFF', 'OPTIONAL', 'ON'] as const
export type MfaConfiguration = (typeof mfaConfigurations)[number]

/** What AWS says of a pool that is to send SMS without the role for it. */
export const smsConfigurationNeeded =
  'SMS configuration and Auto verification for phone_number are required when MFA is required/optional'

/** What `SignInPolicy.AllowedFirstAuthFactors` can allow here. */
export const firstAuthFactors = ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'] as const
export type FirstAuthFactor = (typeof firstAuthFactors)[number]

/** What `EnabledMfas` can enable here. */
export const mfaFactors = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] as const
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

/**
 * An email of the pool. Placeholders: `{####}` for the code or temporary password, `{username}`, `{##text of a link##}`.
 */
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
  /** what SignUp sends a code to: the phone number, where there is one, else the email address */
  readonly autoVerifiedAttributes: ReadonlySet<ContactAttribute>
  /** what takes effect only once it is verified, when it is changed */
  readonly verifiedBeforeUpdate: ReadonlySet<ContactAttribute>
  /** whether SMS are sent: AWS needs `SmsConfiguration` for it */
  readonly sendsSms: boolean
  readonly allowsSignUp: boolean
  /** in their order; without a verified address or phone number among them only administrators reset passwords */
  readonly recoveryMechanisms: readonly RecoveryMechanism[]
  /** whether the phone number that is a user's second factor can reset their password */
  readonly recoversByMfaPhone: boolean
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
  /** the email of a sign-up with a link in place of a code; `undefined`: it has a code */
  readonly verificationLink: EmailTemplate | undefined
  readonly invitationEmail: EmailTemplate
  /** with the code of the challenge EMAIL_OTP */
  readonly signInEmail: EmailTemplate
  /** texts of SMS, with the placeholders of emails */
  readonly verificationSms: string
  readonly invitationSms: string
  /** with the code of the challenges SMS_MFA and SMS_OTP */
  readonly signInSms: string
  readonly preTokenGenerationVersion: PreTokenGenerationVersion
}
