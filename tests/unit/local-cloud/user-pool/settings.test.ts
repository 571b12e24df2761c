/** Settings of the local pool, read from a CloudFormation template. */

import { describe, expect, test } from 'vitest'
import { standardAttributes } from '../../../../src/local-cloud/user-pool/attribute-schema.ts'
import { parseTemplate } from '../../../../src/local-cloud/user-pool/cloudformation-template.ts'
import { readSettings } from '../../../../src/local-cloud/user-pool/read-settings.ts'
import { passwordPolicy } from '../../../../src/shared/password-policy.ts'
import { SettingsError } from '../../../../src/shared/settings-error.ts'
import { templateSettings } from '../../../support/template-settings.ts'

interface Properties {
  readonly pool?: string
  readonly client?: string
}

/** Reads as strictly as the site's own template is read. */
function readPool({ pool = '{}', client = '{}' }: Properties) {
  const template = `
Resources:
  Pool: { Type: AWS::Cognito::UserPool, Properties: ${pool} }
  Client: { Type: AWS::Cognito::UserPoolClient, Properties: ${client.replace(/^\{/, '{ UserPoolId: !Ref Pool, ')} }
`
  return readSettings(parseTemplate(template, 'test.yaml'), { isStrict: true }).settings
}

test('settings: user-pool.yaml gives the documented settings', () => {
  expect(templateSettings).toEqual({
    region: 'us-east-1',
    userPoolId: 'us-east-1_WildRydes',
    userPoolClientId: 'wildrydeswebapplocal000000',
    userPoolName: 'WildRydes',
    tier: 'ESSENTIALS',
    clientName: 'WildRydesWebApp',
    usernameModel: 'username',
    hasPreferredUsernameAlias: false,
    attributeSchema: standardAttributes,
    temporaryPasswordDays: 7,
    verifiedBeforeUpdate: new Set(['email'] as const),
    recoveryMechanisms: ['verified_email'] as const,
    mfaConfiguration: 'OPTIONAL',
    mfaFactors: new Set(['SOFTWARE_TOKEN_MFA']),
    firstAuthFactors: new Set(['PASSWORD']),
    webAuthn: {
      relyingPartyId: undefined,
      userVerification: 'preferred',
      factorConfiguration: 'SINGLE_FACTOR',
    },
    deletionProtection: 'ACTIVE',
    emailSendingAccount: 'COGNITO_DEFAULT',
    clientHasSecret: false,
    readAttributes: undefined,
    writeAttributes: new Set(['email', 'locale']),
    passwordPolicy: {
      MinimumLength: 8,
      RequireLowercase: true,
      RequireUppercase: true,
      RequireNumbers: true,
      RequireSymbols: true,
    },
    caseSensitive: false,
    autoVerifiedAttributes: new Set(['email'] as const),
    allowsSignUp: true,
    preTokenGenerationVersion: 'V1_0',
    preventsUserExistenceErrors: true,
    explicitAuthFlows: new Set(['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
    revokesTokens: true,
    tokenValidity: {
      AccessTokenValidity: 60,
      IdTokenValidity: 60,
      RefreshTokenValidity: 24,
      TokenValidityUnits: { AccessToken: 'minutes', IdToken: 'minutes', RefreshToken: 'hours' },
    },
    accessTokenSeconds: 3600,
    idTokenSeconds: 3600,
    refreshTokenSeconds: 86_400,
    authSessionSeconds: 900,
    rotationGraceSeconds: undefined,
    verificationEmail: {
      subject: 'Your Wild Rydes code',
      text: expect.stringContaining('<h2>{####}</h2>'),
    },
    invitationEmail: {
      subject: 'Your Wild Rydes account',
      text: expect.stringContaining('<h2>{username}</h2>'),
    },
    signInEmail: {
      subject: 'Your authentication code',
      text: 'Your authentication code is {####}.',
    },
    recoversByMfaPhone: false,
    sendsSms: false,
    verificationLink: undefined,
    verificationSms: 'Your verification code is {####}.',
    invitationSms: 'Your username is {username} and temporary password is {####}.',
    signInSms: 'Your authentication code is {####}.',
  })
})

test('settings: user-pool.yaml has the password policy that the pages show', () => {
  expect(templateSettings.passwordPolicy).toEqual(passwordPolicy)
})

test('settings: an empty template gives the defaults of Cognito', () => {
  expect(readPool({})).toMatchObject({
    caseSensitive: true,
    autoVerifiedAttributes: new Set<'email'>(),
    allowsSignUp: true,
    preventsUserExistenceErrors: false,
    explicitAuthFlows: new Set([
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_CUSTOM_AUTH',
    ]),
    revokesTokens: true,
    tokenValidity: { RefreshTokenValidity: 30, TokenValidityUnits: {} },
    accessTokenSeconds: 3600,
    idTokenSeconds: 3600,
    refreshTokenSeconds: 30 * 86_400,
    authSessionSeconds: 180,
    tier: 'ESSENTIALS',
    mfaConfiguration: 'OFF',
    mfaFactors: new Set(),
    firstAuthFactors: new Set(['PASSWORD']),
    rotationGraceSeconds: undefined,
    passwordPolicy: { MinimumLength: 8, RequireLowercase: true, RequireSymbols: true },
  })
})

describe('app client settings', () => {
  test.each([
    [
      'AccessTokenValidity: 5, TokenValidityUnits: { AccessToken: minutes }',
      { accessTokenSeconds: 300 },
    ],
    ['IdTokenValidity: 1, TokenValidityUnits: { IdToken: days }', { idTokenSeconds: 86_400 }],
    ['RefreshTokenValidity: 10', { refreshTokenSeconds: 864_000 }],
    [
      'TokenValidityUnits: { AccessToken: minutes, RefreshToken: hours }',
      { accessTokenSeconds: 3600, refreshTokenSeconds: 30 * 86_400 },
    ],
    [
      'RefreshTokenValidity: 3600, TokenValidityUnits: { RefreshToken: seconds }',
      { refreshTokenSeconds: 3600 },
    ],
    ['AuthSessionValidity: 15', { authSessionSeconds: 900 }],
    ['RefreshTokenValidity: 0', { refreshTokenSeconds: 30 * 86_400 }],
    ['GenerateSecret: true', { clientHasSecret: true }],
    ['ReadAttributes: [email]', { readAttributes: new Set(['email']) }],
    ['WriteAttributes: [email, name]', { writeAttributes: new Set(['email', 'name']) }],
    [
      'ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_ADMIN_USER_PASSWORD_AUTH]',
      {
        explicitAuthFlows: new Set(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_ADMIN_USER_PASSWORD_AUTH']),
      },
    ],
    ['ExplicitAuthFlows: [ALLOW_USER_AUTH]', { explicitAuthFlows: new Set(['ALLOW_USER_AUTH']) }],
    ['EnableTokenRevocation: false', { revokesTokens: false }],
    ['PreventUserExistenceErrors: LEGACY', { preventsUserExistenceErrors: false }],
    ['RefreshTokenRotation: { Feature: ENABLED }', { rotationGraceSeconds: 0 }],
    [
      'RefreshTokenRotation: { Feature: ENABLED, RetryGracePeriodSeconds: 10 }',
      { rotationGraceSeconds: 10 },
    ],
    [
      'RefreshTokenRotation: { Feature: DISABLED, RetryGracePeriodSeconds: 10 }',
      { rotationGraceSeconds: undefined },
    ],
  ])('app client setting %s is read', (written, settings) => {
    expect(readPool({ client: `{ ${written} }` })).toMatchObject(settings)
  })
})

const sender = 'EmailConfiguration: { EmailSendingAccount: DEVELOPER }'
const emailMfa = `MfaConfiguration: OPTIONAL, EnabledMfas: [EMAIL_OTP], ${sender}`
const toRecovery = (name: string) =>
  `AccountRecoverySetting: { RecoveryMechanisms: [{ Name: ${name}, Priority: 1 }] }`
const sms = 'SmsConfiguration: { SnsCallerArn: x }'
const adminRecovery = toRecovery('admin_only')
const factors = (name: string) =>
  `Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, ${name}] } }`

describe('user pool settings', () => {
  test.each([
    ['UsernameConfiguration: { CaseSensitive: false }', { caseSensitive: false }],
    ['AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }', { allowsSignUp: false }],
    ['UsernameAttributes: [email]', { usernameModel: 'email' }],
    [
      'AliasAttributes: [email]',
      { usernameModel: 'email-alias', hasPreferredUsernameAlias: false },
    ],
    [
      'AliasAttributes: [preferred_username]',
      { usernameModel: 'username', hasPreferredUsernameAlias: true },
    ],
    ['UsernameAttributes: [], AliasAttributes: []', { usernameModel: 'username' }],
    ['UsernameAttributes: [phone_number]', { usernameModel: 'phone', sendsSms: false }],
    ['UsernameAttributes: [phone_number, email]', { usernameModel: 'email-or-phone' }],
    ['AliasAttributes: [phone_number]', { usernameModel: 'phone-alias' }],
    [
      'AliasAttributes: [phone_number, email, preferred_username]',
      { usernameModel: 'email-and-phone-alias', hasPreferredUsernameAlias: true },
    ],
    [
      `AutoVerifiedAttributes: [phone_number], ${sms}`,
      {
        autoVerifiedAttributes: new Set(['phone_number']),
        sendsSms: true,
        recoveryMechanisms: ['verified_phone_number', 'verified_email'],
        recoversByMfaPhone: true,
      },
    ],
    [
      `${sms}, AccountRecoverySetting: { RecoveryMechanisms: [{ Name: verified_phone_number, Priority: 2 }, { Name: verified_email, Priority: 1 }] }`,
      {
        recoveryMechanisms: ['verified_email', 'verified_phone_number'],
        recoversByMfaPhone: false,
      },
    ],
    [
      `${sms}, UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [phone_number] }`,
      { verifiedBeforeUpdate: new Set(['phone_number']) },
    ],
    [
      `${sms}, MfaConfiguration: OPTIONAL, EnabledMfas: [SMS_MFA, SOFTWARE_TOKEN_MFA]`,
      { mfaFactors: new Set(['SMS_MFA', 'SOFTWARE_TOKEN_MFA']) },
    ],
    // Without a named factor MFA is by SMS.
    [`${sms}, MfaConfiguration: "ON"`, { mfaFactors: new Set(['SMS_MFA']) }],
    [`${sms}, ${factors('SMS_OTP')}`, { firstAuthFactors: new Set(['PASSWORD', 'SMS_OTP']) }],
    [
      `${sms}, SmsVerificationMessage: "code {####}", SmsAuthenticationMessage: "sign in {####}"`,
      { verificationSms: 'code {####}', signInSms: 'sign in {####}' },
    ],
    [
      `${sms}, SmsVerificationMessage: "code {####}", VerificationMessageTemplate: { SmsMessage: "it is {####}" }, AdminCreateUserConfig: { InviteMessageTemplate: { SMSMessage: "{username} {####}" } }`,
      { verificationSms: 'it is {####}', invitationSms: '{username} {####}' },
    ],
    [
      'VerificationMessageTemplate: { DefaultEmailOption: CONFIRM_WITH_LINK, EmailMessageByLink: "{##Here##}", EmailSubjectByLink: Link }',
      { verificationLink: { subject: 'Link', text: '{##Here##}' } },
    ],
    [
      'VerificationMessageTemplate: { DefaultEmailOption: CONFIRM_WITH_LINK }',
      {
        verificationLink: {
          subject: 'Your verification link',
          text: 'Click the link below to verify your email address. {##Verify Email##}',
        },
      },
    ],
    [
      'VerificationMessageTemplate: { EmailMessageByLink: "{##Here##}" }',
      { verificationLink: undefined },
    ],
    [
      'MfaConfiguration: OPTIONAL, EnabledMfas: [SOFTWARE_TOKEN_MFA]',
      { mfaConfiguration: 'OPTIONAL' },
    ],
    ['MfaConfiguration: "ON", EnabledMfas: [SOFTWARE_TOKEN_MFA]', { mfaConfiguration: 'ON' }],
    [`${emailMfa}, ${adminRecovery}`, { mfaFactors: new Set(['EMAIL_OTP']) }],
    // Without AccountRecoverySetting, AWS recovers by phone first.
    [
      emailMfa,
      { mfaFactors: new Set(['EMAIL_OTP']), recoveryMechanisms: ['verified_email'] as const },
    ],
    [
      `MfaConfiguration: OPTIONAL, EnabledMfas: [SOFTWARE_TOKEN_MFA], EmailAuthenticationMessage: "{####}!", EmailAuthenticationSubject: Hello, ${sender}`,
      {
        mfaFactors: new Set(['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP']),
        signInEmail: { subject: 'Hello', text: '{####}!' },
      },
    ],
    [
      'Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, EMAIL_OTP, WEB_AUTHN] } }',
      { firstAuthFactors: new Set(['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN']) },
    ],
    [
      `MfaConfiguration: OPTIONAL, EnabledMfas: [SOFTWARE_TOKEN_MFA], ${factors('EMAIL_OTP')}`,
      { firstAuthFactors: new Set(['PASSWORD', 'EMAIL_OTP']), mfaConfiguration: 'OPTIONAL' },
    ],
    [
      'WebAuthnRelyingPartyID: example.com, WebAuthnUserVerification: required, WebAuthnFactorConfiguration: MULTI_FACTOR_WITH_USER_VERIFICATION',
      {
        webAuthn: {
          relyingPartyId: 'example.com',
          userVerification: 'required',
          factorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION',
        },
      },
    ],
    [
      `MfaConfiguration: "ON", EnabledMfas: [SOFTWARE_TOKEN_MFA], WebAuthnFactorConfiguration: MULTI_FACTOR_WITH_USER_VERIFICATION, ${factors('WEB_AUTHN')}`,
      { firstAuthFactors: new Set(['PASSWORD', 'WEB_AUTHN']), mfaConfiguration: 'ON' },
    ],
    ['UserPoolTier: LITE', { tier: 'LITE' }],
    ['UserPoolTier: PLUS', { tier: 'PLUS' }],
    [
      'UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [email] }',
      { verifiedBeforeUpdate: new Set(['email'] as const) },
    ],
    [
      'AccountRecoverySetting: { RecoveryMechanisms: [{ Name: admin_only, Priority: 1 }] }',
      { recoveryMechanisms: ['admin_only'] as const },
    ],
    [
      'Policies: { PasswordPolicy: { TemporaryPasswordValidityDays: 3 } }',
      { temporaryPasswordDays: 3 },
    ],
    [
      'EmailVerificationSubject: Hello, EmailVerificationMessage: "It is {####}"',
      { verificationEmail: { subject: 'Hello', text: 'It is {####}' } },
    ],
    [
      'AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage: "{username}, {####}" } }',
      { invitationEmail: { subject: 'Your temporary password', text: '{username}, {####}' } },
    ],
    ['AutoVerifiedAttributes: [email]', { autoVerifiedAttributes: new Set(['email'] as const) }],
    [
      'Policies: { PasswordPolicy: { MinimumLength: 15 } }',
      { passwordPolicy: { MinimumLength: 15 } },
    ],
  ])('user pool setting %s is read', (written, settings) => {
    expect(readPool({ pool: `{ ${written} }` })).toMatchObject(settings)
  })
})

describe('unsupported settings', () => {
  test.each([
    ['pool', 'UsernameAttributes: [phone]', 'UsernameAttributes.0: expected email or phone_number'],
    [
      'pool',
      'UsernameAttributes: [email], AliasAttributes: [email]',
      'UsernameAttributes or AliasAttributes, not both',
    ],
    ['pool', 'LambdaConfig: { PreSignUp: x }', 'Pool.LambdaConfig.PreSignUp: not honored here'],
    ['pool', 'WebAuthnRelyingPartyID: ""', 'WebAuthnRelyingPartyID: expected 1 to 127 characters'],
    ['pool', 'WebAuthnUserVerification: discouraged', 'WebAuthnUserVerification: expected'],
    ['pool', 'WebAuthnFactorConfiguration: TWO', 'WebAuthnFactorConfiguration: expected'],
    [
      'pool',
      'MfaConfiguration: "ON"',
      'SMS configuration and Auto verification for phone_number are required when MFA is required/optional',
    ],
    ['pool', 'MfaConfiguration: "YES"', 'MfaConfiguration: expected one of OFF, OPTIONAL, ON'],
    [
      'pool',
      'MfaConfiguration: OPTIONAL, EnabledMfas: [SMS_MFA]',
      'expected SmsConfiguration, or EnabledMfas with another factor',
    ],
    [
      'pool',
      `MfaConfiguration: "ON", ${sms}, ${factors('SMS_OTP')}`,
      'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled',
    ],
    ['pool', `SmsAuthenticationMessage: no code, ${sms}`, 'SmsAuthenticationMessage: expected'],
    ['pool', `SmsVerificationMessage: "{####}${'x'.repeat(140)}", ${sms}`, 'expected 6 to 140'],
    [
      'pool',
      `AdminCreateUserConfig: { InviteMessageTemplate: { SMSMessage: "{####}" } }, ${sms}`,
      'SMSMessage: expected {username} in it',
    ],
    [
      'pool',
      'VerificationMessageTemplate: { DefaultEmailOption: CONFIRM_WITH_LINK, EmailMessageByLink: no link }',
      'EmailMessageByLink: expected {##text##} in it, for the link',
    ],
    // What AWS says, measured where a source is known: see the known differences.
    [
      'pool',
      'MfaConfiguration: "OFF", EnabledMfas: [SOFTWARE_TOKEN_MFA]',
      "can't turn off MFA and configure an MFA together.",
    ],
    [
      'pool',
      'MfaConfiguration: OPTIONAL, EnabledMfas: [EMAIL_OTP]',
      'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT',
    ],
    [
      'pool',
      'EmailAuthenticationMessage: "{####}!"',
      'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains',
    ],
    [
      'pool',
      `${emailMfa}, ${toRecovery('verified_email')}`,
      'cannot use verified_email as a recovery mechanism when Email MFA is configured.',
    ],
    [
      'pool',
      `MfaConfiguration: "ON", EnabledMfas: [SOFTWARE_TOKEN_MFA], ${factors('EMAIL_OTP')}`,
      'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled',
    ],
    [
      'pool',
      `MfaConfiguration: "ON", EnabledMfas: [SOFTWARE_TOKEN_MFA], ${factors('WEB_AUTHN')}`,
      'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
    ],
    [
      'pool',
      `UserPoolTier: LITE, ${factors('EMAIL_OTP')}`,
      'The following features need to be disabled for the LITE pricing tier configured: Passwordless Sign-In',
    ],
    [
      'pool',
      `UserPoolTier: LITE, ${emailMfa}`,
      'need to be disabled for the LITE pricing tier configured: Email MFA',
    ],
    ['pool', factors('SMS_OTP'), 'AllowedFirstAuthFactors.SMS_OTP: not honored here'],
    [
      'pool',
      'Policies: { SignInPolicy: { AllowedFirstAuthFactors: [EMAIL_OTP] } }',
      'Policies.SignInPolicy.AllowedFirstAuthFactors: expected PASSWORD among them',
    ],
    ['pool', `EmailAuthenticationMessage: no code, ${sender}`, 'EmailAuthenticationMessage'],
    ['pool', `EmailAuthenticationSubject: ${'x'.repeat(141)}`, 'EmailAuthenticationSubject'],
    ['pool', 'DeviceConfiguration: {}', 'DeviceConfiguration: not honored here'],
    ['pool', 'Schema: [{ Name: tier, AttributeDataType: Text }]', 'Schema.0.AttributeDataType'],
    [
      'pool',
      'AutoVerifiedAttributes: [phone_number]',
      'SMS configuration is required when phone_number is selected for auto verification',
    ],
    [
      'pool',
      'Policies: { PasswordPolicy: { PasswordHistorySize: 5 } }',
      'PasswordPolicy.PasswordHistorySize',
    ],
    [
      'pool',
      'Policies: { PasswordPolicy: { MinimumLength: 5 } }',
      'PasswordPolicy.MinimumLength: expected a whole number from 6 to 99',
    ],
    ['pool', 'VerificationMessageTemplate: { EmailMessage: no code }', 'EmailMessage'],
    [
      'pool',
      `VerificationMessageTemplate: { EmailMessage: "{####}${'x'.repeat(20_000)}" }`,
      'EmailMessage',
    ],
    ['pool', 'VerificationMessageTemplate: { EmailMessage: "{####} \\u0007" }', 'EmailMessage'],
    ['pool', `EmailVerificationSubject: ${'x'.repeat(141)}`, 'EmailVerificationSubject'],
    [
      'pool',
      'AdminCreateUserConfig: { InviteMessageTemplate: { EmailMessage: "no name {####}" } }',
      'EmailMessage',
    ],
    ['client', 'ExplicitAuthFlows: [ALLOW_EVERYTHING]', 'ExplicitAuthFlows.0'],
    ['client', 'CallbackURLs: ["https://example.com"]', 'Client.CallbackURLs: not honored here'],
    [
      'client',
      'SupportedIdentityProviders: [Google]',
      'SupportedIdentityProviders: not honored here: there is no sign-in by Google here',
    ],
    [
      'client',
      'AuthSessionValidity: 16',
      'AuthSessionValidity: expected a whole number from 3 to 15',
    ],
    ['client', 'toString: x', 'Client.toString: there is no such property'],
  ])('unsupported %s setting %s is named at start', (part, written, name) => {
    const read = () => readPool({ [part]: `{ ${written} }` })

    expect(read).toThrow(SettingsError)
    expect(read).toThrow(name)
    expect(read).toThrow('src/local-cloud/README.md')
  })

  test('UserPoolTier LITE with ALLOW_USER_AUTH in the client is named at start', () => {
    const read = () =>
      readPool({
        pool: '{ UserPoolTier: LITE }',
        client: '{ ExplicitAuthFlows: [ALLOW_USER_AUTH] }',
      })

    expect(read).toThrow(SettingsError)
    expect(read).toThrow(
      'Client.ExplicitAuthFlows: expected no ALLOW_USER_AUTH while UserPoolTier is LITE',
    )
  })

  test('unsupported settings are all named at once', () => {
    const read = () =>
      readPool({
        pool: '{ DeviceConfiguration: {}, MfaConfiguration: "YES" }',
        client: '{ AuthSessionValidity: 99 }',
      })

    expect(read).toThrow(/DeviceConfiguration.*\n.*MfaConfiguration.*\n.*AuthSessionValidity/)
  })
})

describe('attribute schema', () => {
  test('custom attributes have their prefix and their bounds as numbers', () => {
    const { attributeSchema } = readPool({
      pool: `{ Schema: [
        { Name: tier, AttributeDataType: String, Mutable: false, StringAttributeConstraints: { MinLength: "1", MaxLength: "8" } },
        { Name: rides, AttributeDataType: Number, NumberAttributeConstraints: { MaxValue: "99" } } ] }`,
    })

    expect(attributeSchema.get('custom:tier')).toEqual({
      type: 'String',
      required: false,
      mutable: false,
      min: 1,
      max: 8,
    })
    expect(attributeSchema.get('custom:rides')).toMatchObject({ type: 'Number', max: 99 })
    expect(attributeSchema.get('email')).toEqual(standardAttributes.get('email'))
  })

  test('standard attributes can be required', () => {
    const { attributeSchema } = readPool({ pool: '{ Schema: [{ Name: email, Required: true }] }' })

    expect(attributeSchema.get('email')).toMatchObject({ required: true, mutable: true, max: 2048 })
    expect(attributeSchema.has('custom:email')).toBe(false)
  })
})
