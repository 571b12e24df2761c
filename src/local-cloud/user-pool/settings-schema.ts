/**
 * The properties of a user pool and its client: what each may be, and what becomes of it here. A property is honored, passed
 * over with a consequence, or only shown; any other is a problem.
 */

import * as v from 'valibot'
import { attributeTypes, standardAttributes, verificationFlags } from './attribute-schema.ts'
import type { Treatment } from './cloudformation-template.ts'
import { didYouMean } from './did-you-mean.ts'
import {
  contactAttributes,
  explicitAuthFlows,
  firstAuthFactors,
  legacyAuthFlows,
  type MfaConfiguration,
  type MfaFactor,
  mfaConfigurations,
  mfaFactors,
  preTokenGenerationVersions,
  recoveryMechanisms,
  smsConfigurationNeeded,
  type TokenValidityUnit,
  tokenValidityUnits,
  type UserPoolTier,
  userPoolTiers,
  userVerifications,
  webAuthnFactorConfigurations,
} from './settings.ts'
import type { TriggerName } from './triggers/trigger-events.ts'
import type { TemplateNode } from './yaml-tree.ts'

/** What becomes of a property besides being honored. */
export interface Fate {
  /** not worked out, and not there for the schema */
  readonly isPassedOver?: true
  /** what follows from passing it over; `undefined` when nothing does */
  readonly toConsequence?: (node: TemplateNode) => string | undefined
  /** changes nothing that the API tells or does, so that a strict reader takes it too */
  readonly isHarmless?: true
  /** a trigger, which is honored when it has a function */
  readonly trigger?: TriggerName
  /** only shown: a stand-in does for what is not known */
  readonly isShown?: true
  /** a reference to a resource of the template is its logical name, and no stand-in */
  readonly isReference?: true
}

const fates = new WeakMap<object, Fate>()

function withFate<const Schema extends v.GenericSchema>(schema: Schema, fate: Fate) {
  const marked = v.pipe(schema, v.metadata({}))
  fates.set(marked, fate)
  return marked
}

/** A property that is not looked at. */
function passedOver(consequence: string | ((node: TemplateNode) => string | undefined)) {
  const toConsequence = typeof consequence === 'string' ? () => consequence : consequence
  return v.optional(withFate(v.unknown(), { isPassedOver: true, toConsequence }))
}

/** A property that is not looked at, and of which nothing would come. */
function withoutEffect(consequence: string) {
  const toConsequence = () => consequence
  return v.optional(withFate(v.unknown(), { isPassedOver: true, isHarmless: true, toConsequence }))
}

/** A property that is honored when it can be worked out, and else passed over. */
function ifKnown<const Schema extends v.GenericSchema>(schema: Schema, consequence: string) {
  return withFate(schema, { toConsequence: () => consequence })
}

/** A text that is only shown. */
function shown<const Schema extends v.GenericSchema>(schema: Schema) {
  return withFate(schema, { isShown: true })
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
        const meant = didYouMean(key, Object.keys(entries))
        addIssue({ message: `there is no such property${meant}`, path: [path] })
      }
    }),
  )
}

/** What several properties must fit together in. */
interface Rule<Properties> {
  /** it is not asked while one of these has a problem of its own, so that it tells nothing that follows from that */
  readonly reads: readonly (string & keyof Properties)[]
  /** the property that the problem is told of; without one it is the resource's */
  readonly path?: string & keyof Properties
  /** what AWS says, where that is known */
  readonly text: string
  /** what AWS does not say, for whoever wrote it */
  readonly cause?: string
  isMet(properties: Properties): boolean
}

/** @returns the rules that are broken, also by properties of which some have problems of their own */
export function findBrokenRules<const Schema extends v.GenericSchema>(
  schema: Schema,
  rules: readonly Rule<v.InferOutput<Schema>>[],
  value: unknown,
) {
  const broken = new Set(
    (v.safeParse(schema, value).issues ?? []).map(({ path }) => String(path?.[0]?.key)),
  )
  const entries = isObject(value) ? Object.entries(value) : []
  const sound = Object.fromEntries(entries.filter(([key]) => !broken.has(key)))
  const { success, output } = v.safeParse(schema, sound)
  if (!success) return []
  return rules.filter(({ reads, isMet }) => !reads.some((key) => broken.has(key)) && !isMet(output))
}

function withRules<const Schema extends v.GenericSchema>(
  schema: Schema,
  rules: readonly Rule<v.InferOutput<Schema>>[],
) {
  return v.pipe(
    schema,
    v.rawCheck(({ dataset, addIssue }) => {
      const { value } = dataset
      for (const { path: key, ...problem } of findBrokenRules(schema, rules, value)) {
        const message = toProblemText(problem)
        if (key === undefined) addIssue({ message })
        else {
          const input = isObject(value) ? { ...value } : {}
          const at = { type: 'object', origin: 'value', input, key, value: input[key] } as const
          addIssue({ message, path: [at] })
        }
      }
    }),
  )
}

/** @returns the words of AWS and the cause as one text, for whoever reads a template */
export function toProblemText({ text: words, cause }: { text: string; cause?: string }): string {
  return cause === undefined ? words : `${words.replace(/\.$/, '')}: ${cause}`
}

/** One of a closed set of texts. What AWS knows besides and this pool does not is refused with a reason. */
function oneOf<const Options extends readonly string[]>(
  options: Options,
  refusals: Readonly<Record<string, string>> = {},
) {
  return v.picklist(options, ({ input }) => {
    const name = String(input)
    if (Object.hasOwn(refusals, name)) return `${refusals[name]}`
    const expected = options.length > 2 ? `one of ${options.join(', ')}` : options.join(' or ')
    return `expected ${expected}${didYouMean(name, options)}`
  })
}

/** CloudFormation makes a text of every scalar before it hands it on: "true" and true are one. */
const flag = v.pipe(
  v.union(
    [
      v.boolean(),
      v.pipe(v.string(), v.regex(/^(true|false|yes|no|on|off)$/i, 'expected true or false')),
    ],
    'expected true or false',
  ),
  v.transform((value) => /^(true|yes|on)$/i.test(String(value))),
)
const text = v.pipe(
  v.union([v.string(), v.number(), v.boolean()], 'expected a text'),
  v.transform(String),
)
const number = v.pipe(
  v.union(
    [v.number(), v.pipe(v.string(), v.regex(/^-?[0-9]+$/, 'expected a number'))],
    'expected a number',
  ),
  v.transform(Number),
)
const count = (min: number, max: number) =>
  v.pipe(
    number,
    v.check(
      (value) => Number.isInteger(value) && value >= min && value <= max,
      `expected a whole number from ${min} to ${max}`,
    ),
  )

/** Cognito's limits for the emails of a pool: length, and letters, marks, symbols, numbers, punctuation and space. */
const emailSubject = v.pipe(
  text,
  v.regex(
    /^[\p{L}\p{M}\p{S}\p{N}\p{P}\s]{1,140}$/u,
    'expected 1 to 140 characters that can be read',
  ),
)
const emailText = v.pipe(
  text,
  v.regex(
    /^[\p{L}\p{M}\p{S}\p{N}\p{P}\s]{6,20000}$/u,
    'expected 6 to 20,000 characters that can be read',
  ),
)
const codeText = v.pipe(emailText, v.includes('{####}', 'expected {####} in it, for the code'))
const invitationText = v.pipe(
  emailText,
  v.includes('{####}', 'expected {####} in it, for the temporary password'),
  v.includes('{username}', 'expected {username} in it'),
)
const linkText = v.pipe(
  emailText,
  v.regex(/\{##.*?##\}/s, 'expected {##text##} in it, for the link'),
)
/** Cognito's limits for an SMS of a pool. */
const smsText = v.pipe(
  text,
  v.check(({ length }) => length >= 6 && length <= 140, 'expected 6 to 140 characters'),
  v.includes('{####}', 'expected {####} in it, for the code'),
)
const invitationSms = v.pipe(smsText, v.includes('{username}', 'expected {username} in it'))
/** @see https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html */
const resourceName = v.pipe(
  text,
  v.regex(
    /^[\w\s+=,.@-]{1,128}$/,
    'expected 1 to 128 letters, digits, spaces or any of + = , . @ - _',
  ),
)
/** CloudFormation's type for the bounds of constraints is String. */
const bound = v.optional(number)

const challengesAlone =
  'sign-in is by the challenge triggers alone, and they do not run here, so that nobody could sign in; --trigger NAME=FILE runs each'

const passwordPolicySchema = strictObject({
  MinimumLength: v.optional(count(6, 99), 8),
  RequireLowercase: v.optional(flag, true),
  RequireUppercase: v.optional(flag, true),
  RequireNumbers: v.optional(flag, true),
  RequireSymbols: v.optional(flag, true),
  PasswordHistorySize: passedOver((node) =>
    node.kind === 'scalar' && Number(node.value) === 0
      ? undefined
      : 'an earlier password may be chosen again',
  ),
  TemporaryPasswordValidityDays: v.optional(count(0, 365)),
})

const schemaAttribute = v.pipe(
  strictObject({
    Name: v.pipe(
      text,
      v.regex(/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,27}$/u, 'expected 1 to 20 characters without spaces'),
    ),
    AttributeDataType: v.optional(oneOf(attributeTypes), 'String'),
    DeveloperOnlyAttribute: v.optional(
      v.pipe(flag, v.literal(false, 'there are no developer-only attributes here; write false')),
    ),
    Mutable: v.optional(flag, true),
    Required: v.optional(flag, false),
    StringAttributeConstraints: v.optional(
      strictObject({ MinLength: bound, MaxLength: bound }),
      {},
    ),
    NumberAttributeConstraints: v.optional(strictObject({ MinValue: bound, MaxValue: bound }), {}),
  }),
  v.check(
    ({ Name }) => standardAttributes.has(Name) || toCustomName(Name).length <= 20,
    'expected a name of at most 20 characters, not counting custom:',
  ),
  // The rules of AWS, in its words where they are known.
  v.check(
    ({ Name, Required }) => standardAttributes.has(Name) || !Required,
    'Required custom attributes are not supported currently.',
  ),
  v.check(({ Name, AttributeDataType }) => {
    const standard = standardAttributes.get(Name)
    // What looks like a date is text, as OpenID Connect writes it.
    return (
      !standard ||
      standard.type === AttributeDataType ||
      AttributeDataType === 'DateTime' ||
      (AttributeDataType === 'String' && standard.type !== 'String')
    )
  }, 'expected the type that Cognito gives this attribute'),
)

/** @returns the name of a custom attribute without its prefix */
export function toCustomName(name: string): string {
  return name.replace(/^custom:/, '')
}

const noFunction = (what: string) => passedOver(`no function runs here: ${what}`)

/** A trigger. Its ARN is not looked at: the function that runs is the one that was given. */
function trigger(name: TriggerName, what: string) {
  const toConsequence = () => `no function runs here: ${what}; --trigger ${name}=FILE runs one`
  return v.optional(withFate(v.unknown(), { isPassedOver: true, toConsequence, trigger: name }))
}
const lambdaConfigSchema = strictObject({
  PreSignUp: trigger('PreSignUp', 'nobody is refused or confirmed by it at sign-up'),
  PostConfirmation: trigger('PostConfirmation', 'what it does after a confirmation is not done'),
  PreAuthentication: trigger('PreAuthentication', 'nobody is refused by it at sign-in'),
  PostAuthentication: trigger('PostAuthentication', 'what it does after a sign-in is not done'),
  PreTokenGeneration: trigger('PreTokenGeneration', 'tokens lack what it adds'),
  PreTokenGenerationConfig: v.optional(
    strictObject({
      LambdaArn: trigger('PreTokenGeneration', 'tokens lack what it adds'),
      LambdaVersion: v.optional(oneOf(preTokenGenerationVersions), 'V1_0'),
    }),
  ),
  CustomMessage: trigger('CustomMessage', "emails have the template's texts"),
  UserMigration: trigger('UserMigration', 'users of the other directory are not found'),
  DefineAuthChallenge: trigger('DefineAuthChallenge', 'the flow CUSTOM_AUTH is off'),
  CreateAuthChallenge: trigger('CreateAuthChallenge', 'the flow CUSTOM_AUTH is off'),
  VerifyAuthChallengeResponse: trigger(
    'VerifyAuthChallengeResponse',
    'the flow CUSTOM_AUTH is off',
  ),
  CustomEmailSender: noFunction('emails are in the inbox all the same'),
  CustomSMSSender: noFunction('SMS are in the inbox all the same'),
  InboundFederation: noFunction('there is no sign-in by another provider'),
  KMSKeyID: withoutEffect('codes are not encrypted for a function of your own'),
})

const emailDelivery = 'emails are in the inbox, whoever would send them'
const smsDelivery = 'SMS are in the inbox, whoever would send them'
const noThreatProtection = 'no sign-in is judged by its risk'

/** What says which second factors there are. */
const mfaProperties = [
  'EnabledMfas',
  'EmailAuthenticationSubject',
  'EmailAuthenticationMessage',
] as const

/** The properties of `AWS::Cognito::UserPool`, each by itself. */
export const userPoolProperties = strictObject({
  UserPoolName: v.optional(shown(resourceName), 'local'),
  UserPoolTags: withoutEffect('tags change nothing here'),
  UserPoolTier: v.optional(oneOf(userPoolTiers), 'ESSENTIALS'),
  UserPoolAddOns: passedOver(noThreatProtection),
  DeviceConfiguration: passedOver('no device is remembered, so none skips a second factor'),
  KeyConfiguration: passedOver('data is not encrypted with a key of your own'),
  IssuerConfiguration: passedOver("tokens have Cognito's usual issuer"),
  LambdaConfig: v.optional(
    ifKnown(lambdaConfigSchema, 'its functions are not known here; --trigger NAME=FILE runs one'),
  ),
  SmsConfiguration: v.optional(
    ifKnown(
      strictObject({
        SnsCallerArn: withoutEffect(smsDelivery),
        ExternalId: withoutEffect(smsDelivery),
        SnsRegion: withoutEffect(smsDelivery),
      }),
      'it is not known, so that no SMS is sent',
    ),
  ),
  SmsVerificationMessage: v.optional(shown(smsText)),
  SmsAuthenticationMessage: v.optional(shown(smsText)),
  EmailConfiguration: v.optional(
    ifKnown(
      strictObject({
        EmailSendingAccount: v.optional(
          ifKnown(oneOf(['COGNITO_DEFAULT', 'DEVELOPER']), emailDelivery),
          'COGNITO_DEFAULT',
        ),
        From: withoutEffect(emailDelivery),
        SourceArn: withoutEffect(emailDelivery),
        ReplyToEmailAddress: withoutEffect(emailDelivery),
        ConfigurationSet: withoutEffect(emailDelivery),
      }),
      emailDelivery,
    ),
    {},
  ),
  DeletionProtection: v.optional(
    ifKnown(oneOf(['ACTIVE', 'INACTIVE']), 'Describe says INACTIVE, and nothing rests on it'),
    'INACTIVE',
  ),
  UsernameConfiguration: v.optional(strictObject({ CaseSensitive: v.optional(flag, true) }), {}),
  UsernameAttributes: v.optional(v.array(oneOf(contactAttributes)), []),
  AliasAttributes: v.optional(v.array(oneOf([...contactAttributes, 'preferred_username'])), []),
  AutoVerifiedAttributes: v.optional(v.array(oneOf(contactAttributes)), []),
  Schema: v.optional(v.array(schemaAttribute), []),
  UserAttributeUpdateSettings: v.optional(
    strictObject({ AttributesRequireVerificationBeforeUpdate: v.array(oneOf(contactAttributes)) }),
    { AttributesRequireVerificationBeforeUpdate: [] },
  ),
  AccountRecoverySetting: v.optional(
    strictObject({
      RecoveryMechanisms: v.array(
        strictObject({ Name: oneOf(recoveryMechanisms), Priority: count(1, 2) }),
      ),
    }),
  ),
  AdminCreateUserConfig: v.optional(
    strictObject({
      AllowAdminCreateUserOnly: v.optional(flag, false),
      /** the older TemporaryPasswordValidityDays */
      UnusedAccountValidityDays: v.optional(count(0, 365)),
      InviteMessageTemplate: v.optional(
        strictObject({
          EmailSubject: v.optional(shown(emailSubject)),
          EmailMessage: v.optional(shown(invitationText)),
          SMSMessage: v.optional(shown(invitationSms)),
        }),
        {},
      ),
    }),
    {},
  ),
  MfaConfiguration: v.optional(oneOf(mfaConfigurations)),
  EnabledMfas: v.optional(v.array(oneOf(mfaFactors)), []),
  EmailAuthenticationSubject: v.optional(shown(emailSubject)),
  EmailAuthenticationMessage: v.optional(shown(codeText)),
  Policies: v.optional(
    strictObject({
      PasswordPolicy: v.optional(passwordPolicySchema, {}),
      SignInPolicy: v.optional(
        strictObject({
          AllowedFirstAuthFactors: v.pipe(
            v.array(oneOf(firstAuthFactors)),
            v.includes('PASSWORD', 'expected PASSWORD among them'),
          ),
        }),
        { AllowedFirstAuthFactors: ['PASSWORD'] },
      ),
    }),
    {},
  ),
  WebAuthnRelyingPartyID: v.optional(
    v.pipe(
      text,
      v.check(({ length }) => length >= 1 && length <= 127, 'expected 1 to 127 characters'),
    ),
  ),
  WebAuthnUserVerification: v.optional(oneOf(userVerifications), 'preferred'),
  WebAuthnFactorConfiguration: v.optional(oneOf(webAuthnFactorConfigurations), 'SINGLE_FACTOR'),
  EmailVerificationSubject: v.optional(shown(emailSubject)),
  EmailVerificationMessage: v.optional(shown(codeText)),
  VerificationMessageTemplate: v.optional(
    strictObject({
      DefaultEmailOption: v.optional(oneOf(['CONFIRM_WITH_CODE', 'CONFIRM_WITH_LINK'])),
      EmailSubject: v.optional(shown(emailSubject)),
      EmailMessage: v.optional(shown(codeText)),
      EmailSubjectByLink: v.optional(shown(emailSubject)),
      EmailMessageByLink: v.optional(shown(linkText)),
      SmsMessage: v.optional(shown(smsText)),
    }),
    {},
  ),
})

/** What AWS refuses of a pool's properties together, in its words. */
const userPoolRules: readonly Rule<PoolProperties>[] = [
  {
    reads: ['UsernameAttributes', 'AliasAttributes'],
    text: 'expected UsernameAttributes or AliasAttributes, not both',
    isMet: ({ UsernameAttributes, AliasAttributes }) =>
      UsernameAttributes.length === 0 || AliasAttributes.length === 0,
  },
  {
    reads: ['AutoVerifiedAttributes', 'SmsConfiguration'],
    text: 'SMS configuration is required when phone_number is selected for auto verification',
    isMet: ({ AutoVerifiedAttributes, SmsConfiguration }) =>
      !AutoVerifiedAttributes.includes('phone_number') || SmsConfiguration !== undefined,
  },
  {
    reads: ['MfaConfiguration', 'SmsConfiguration', ...mfaProperties],
    text: `${smsConfigurationNeeded}: expected SmsConfiguration, or EnabledMfas with another factor`,
    isMet: (pool) => !toMfaFactors(pool).includes('SMS_MFA') || pool.SmsConfiguration !== undefined,
  },
  {
    reads: ['MfaConfiguration', ...mfaProperties],
    text: "Invalid MFA configuration given, can't turn off MFA and configure an MFA together.",
    isMet: (pool) => pool.MfaConfiguration !== 'OFF' || toMfaFactors(pool).length === 0,
  },
  {
    reads: ['EmailConfiguration', ...mfaProperties],
    text: 'Cannot set EmailMfaConfiguration when user pool EmailConfiguration contains an EmailSendingAccount of COGNITO_DEFAULT',
    isMet: (pool) =>
      !toMfaFactors(pool).includes('EMAIL_OTP') ||
      pool.EmailConfiguration.EmailSendingAccount === 'DEVELOPER',
  },
  {
    reads: ['AccountRecoverySetting', ...mfaProperties],
    text: 'Account Recovery Setting cannot use verified_email as a recovery mechanism when Email MFA is configured.',
    isMet: (pool) =>
      !toMfaFactors(pool).includes('EMAIL_OTP') ||
      pool.AccountRecoverySetting?.RecoveryMechanisms.every(
        ({ Name }) => Name !== 'verified_email',
      ) !== false,
  },
  {
    reads: ['MfaConfiguration', 'Policies'],
    text: 'Only PASSWORD and WEB_AUTHN (if configured) can be enabled as an auth factor if MFA is enabled',
    isMet: ({ MfaConfiguration, Policies }) =>
      MfaConfiguration !== 'ON' ||
      !Policies.SignInPolicy.AllowedFirstAuthFactors.some((factor) => factor.endsWith('_OTP')),
  },
  {
    reads: ['MfaConfiguration', 'Policies', 'WebAuthnFactorConfiguration'],
    text: 'Cannot set WebAuthn factor configuration to SINGLE_FACTOR if MFA is required and WebAuthn is an allowed first auth factor',
    isMet: ({ MfaConfiguration, Policies, WebAuthnFactorConfiguration }) =>
      MfaConfiguration !== 'ON' ||
      WebAuthnFactorConfiguration !== 'SINGLE_FACTOR' ||
      !Policies.SignInPolicy.AllowedFirstAuthFactors.includes('WEB_AUTHN'),
  },
  {
    reads: ['UserPoolTier', 'Policies'],
    text: 'The following features need to be disabled for the LITE pricing tier configured: Passwordless Sign-In',
    isMet: ({ UserPoolTier, Policies }) =>
      UserPoolTier !== 'LITE' || Policies.SignInPolicy.AllowedFirstAuthFactors.length === 1,
  },
  {
    reads: ['UserPoolTier', ...mfaProperties],
    text: 'The following features need to be disabled for the LITE pricing tier configured: Email MFA',
    isMet: (pool) => pool.UserPoolTier !== 'LITE' || !toMfaFactors(pool).includes('EMAIL_OTP'),
  },
]

/** The properties of `AWS::Cognito::UserPool`. */
export const userPoolSchema = withRules(userPoolProperties, userPoolRules)

/** The text of its email switches MFA by email on, as in AWS; MFA without a named factor is MFA by SMS. */
export function toMfaFactors(pool: {
  EnabledMfas: readonly MfaFactor[]
  EmailAuthenticationSubject?: string | undefined
  EmailAuthenticationMessage?: string | undefined
  MfaConfiguration?: MfaConfiguration | undefined
}): readonly MfaFactor[] {
  const { EnabledMfas, EmailAuthenticationSubject, EmailAuthenticationMessage } = pool
  const hasEmailText = (EmailAuthenticationSubject ?? EmailAuthenticationMessage) !== undefined
  const named = hasEmailText ? [...EnabledMfas, 'EMAIL_OTP' as const] : EnabledMfas
  const isOff = (pool.MfaConfiguration ?? 'OFF') === 'OFF'
  return named.length === 0 && !isOff ? ['SMS_MFA'] : named
}

export type PoolProperties = v.InferOutput<typeof userPoolProperties>

export const secondsPerUnit = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const
const unitSchema = oneOf(tokenValidityUnits)

const noHostedUi = 'there is no hosted UI here; sign-in by API is not touched'
const noTokenEndpoint =
  'there is no hosted UI and no token endpoint here, so client_credentials gets no token'
const oneDay = secondsPerUnit.days

/** The properties of `AWS::Cognito::UserPoolClient`, each by itself. */
export const userPoolClientProperties = strictObject({
  // Read where the clients of the pool are looked for.
  UserPoolId: passedOver(() => undefined),
  ClientName: v.optional(shown(resourceName), 'local'),
  GenerateSecret: v.optional(flag, false),
  ExplicitAuthFlows: v.optional(
    v.pipe(
      v.array(oneOf([...explicitAuthFlows, ...legacyAuthFlows])),
      v.check(
        (flows) =>
          flows.every((flow) => flow.startsWith('ALLOW_')) ||
          !flows.some((flow) => flow.startsWith('ALLOW_')),
        'expected names that all begin with ALLOW_, or none that does',
      ),
    ),
  ),
  SupportedIdentityProviders: passedOver((node) => {
    const others = listProviders(node).filter((name) => name !== 'COGNITO')
    return others.length === 0
      ? undefined
      : `there is no sign-in by ${others.join(', ')} here; users of the pool sign in by API all the same`
  }),
  AllowedOAuthFlowsUserPoolClient: passedOver(noHostedUi),
  AllowedOAuthFlows: passedOver((node) =>
    hasScalar(node, 'client_credentials') ? noTokenEndpoint : noHostedUi,
  ),
  AllowedOAuthScopes: passedOver(noHostedUi),
  CallbackURLs: passedOver(noHostedUi),
  LogoutURLs: passedOver(noHostedUi),
  DefaultRedirectURI: passedOver(noHostedUi),
  AnalyticsConfiguration: passedOver('nothing is counted for Pinpoint'),
  EnablePropagateAdditionalUserContextData: passedOver(noThreatProtection),
  PreventUserExistenceErrors: v.optional(oneOf(['ENABLED', 'LEGACY']), 'LEGACY'),
  EnableTokenRevocation: v.optional(flag, true),
  ReadAttributes: v.optional(v.array(text)),
  WriteAttributes: v.optional(v.array(text)),
  AuthSessionValidity: v.optional(count(3, 15), 3),
  AccessTokenValidity: v.optional(number),
  IdTokenValidity: v.optional(number),
  RefreshTokenValidity: v.optional(number),
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
      Feature: oneOf(['ENABLED', 'DISABLED']),
      RetryGracePeriodSeconds: v.optional(count(0, 60), 0),
    }),
  ),
})

export type ClientProperties = v.InferOutput<typeof userPoolClientProperties>

type TokenName = 'AccessToken' | 'IdToken' | 'RefreshToken'
interface Validities {
  readonly AccessTokenValidity?: number | undefined
  readonly IdTokenValidity?: number | undefined
  readonly RefreshTokenValidity?: number | undefined
  readonly TokenValidityUnits: { readonly [Token in TokenName]?: TokenValidityUnit | undefined }
}

/** The lifetime of a token in seconds. For a refresh token 0 means the default, as on AWS. */
export function toTokenSeconds(client: Validities, token: TokenName): number {
  const isRefresh = token === 'RefreshToken'
  const defaultSeconds = isRefresh ? 30 * secondsPerUnit.days : secondsPerUnit.hours
  const validity = client[`${token}Validity`]
  if (validity === undefined || (isRefresh && validity === 0)) return defaultSeconds
  const unit = client.TokenValidityUnits[token] ?? (isRefresh ? 'days' : 'hours')
  return validity * secondsPerUnit[unit]
}

/** What AWS refuses of a client by itself, in its words where they are known. */
export const userPoolClientRules: readonly Rule<ClientProperties>[] = [
  toRangeRule('AccessToken', { min: 300, max: oneDay, range: '5 minutes to 1 day' }),
  toRangeRule('IdToken', { min: 300, max: oneDay, range: '5 minutes to 1 day' }),
  toRangeRule('RefreshToken', { min: 3600, max: 3650 * oneDay, range: '60 minutes to 3650 days' }),
  {
    reads: ['RefreshTokenRotation', 'ExplicitAuthFlows'],
    path: 'RefreshTokenRotation',
    text: 'expected no ALLOW_REFRESH_TOKEN_AUTH beside rotation, which Cognito refuses',
    isMet: ({ RefreshTokenRotation, ExplicitAuthFlows = [] }) =>
      RefreshTokenRotation?.Feature !== 'ENABLED' ||
      !ExplicitAuthFlows.includes('ALLOW_REFRESH_TOKEN_AUTH'),
  },
]

function toRangeRule(
  token: TokenName,
  { min, max, range }: { min: number; max: number; range: string },
): Rule<ClientProperties> {
  return {
    reads: [`${token}Validity`, 'TokenValidityUnits'],
    path: `${token}Validity`,
    text: 'Invalid range for token validity.',
    cause: `expected ${range}`,
    isMet(client) {
      const seconds = toTokenSeconds(client, token)
      return seconds >= min && seconds <= max
    },
  }
}

/** The properties of `AWS::Cognito::UserPoolClient`. */
export const userPoolClientSchema = withRules(userPoolClientProperties, userPoolClientRules)

/** What a client's properties rest on in its pool. */
export interface ClientPool {
  readonly attributes: ReadonlyMap<string, { readonly required: boolean }>
  readonly tier: UserPoolTier
  /** whether the template names the challenge triggers, and whether all of them have a function */
  readonly challenges: { readonly areNamed: boolean; readonly run: boolean }
}

/** What is wrong with a client: `text` in the words of AWS where they are known, `cause` for whoever wrote it. */
export interface ClientProblem {
  readonly path: string
  readonly text: string
  readonly cause?: string
}

/**
 * What AWS refuses of a client and its pool together, and what nobody could sign in with here.
 *
 * @param verb what is done with the client, as AWS says it
 * @returns problems by the client's property path
 */
export function findClientProblems(
  client: ClientProperties,
  { attributes, tier, challenges }: ClientPool,
  verb: 'creating' | 'updating' = 'creating',
): readonly ClientProblem[] {
  const { ReadAttributes, WriteAttributes, ExplicitAuthFlows = [] } = client
  const required = [...attributes].flatMap(([name, rule]) =>
    rule.required && name !== 'sub' ? [name] : [],
  )
  const findUnknown = (names: readonly string[] | undefined) =>
    names?.find((name) => !attributes.has(name))
  const missing = WriteAttributes && required.find((name) => !WriteAttributes.includes(name))
  const locked = WriteAttributes?.find((name) => name === 'sub' || verificationFlags.has(name))
  const refused = `attributes specified while ${verb} a client`
  const problems = [
    {
      path: 'ReadAttributes',
      cause: toCause(findUnknown(ReadAttributes), 'is no attribute of the pool'),
      text: `Invalid read ${refused}`,
    },
    {
      path: 'WriteAttributes',
      cause:
        toCause(findUnknown(WriteAttributes), 'is no attribute of the pool') ??
        toCause(locked, 'cannot be written by a client') ??
        toCause(missing, 'is required, so that nobody could register'),
      text: `Invalid write ${refused}`,
    },
  ].flatMap(({ cause, ...problem }) => (cause === undefined ? [] : [{ ...problem, cause }]))
  const isLite = tier === 'LITE' && ExplicitAuthFlows.includes('ALLOW_USER_AUTH')
  const isChallengesOnly =
    ExplicitAuthFlows.includes('CUSTOM_AUTH_FLOW_ONLY') ||
    (challenges.areNamed && ExplicitAuthFlows.includes('ALLOW_CUSTOM_AUTH'))
  const isByChallengesAlone =
    !challenges.run &&
    isChallengesOnly &&
    ExplicitAuthFlows.every((flow) => /CUSTOM|REFRESH/.test(flow))
  const path = 'ExplicitAuthFlows'
  return [
    ...problems,
    ...(isLite ? [{ path, text: 'expected no ALLOW_USER_AUTH while UserPoolTier is LITE' }] : []),
    ...(isByChallengesAlone ? [{ path, text: challengesAlone }] : []),
  ]
}

function toCause(name: string | undefined, what: string): string | undefined {
  return name === undefined ? undefined : `${name} ${what}`
}

/** The properties of `AWS::Cognito::UserPoolGroup`. */
export const userPoolGroupProperties = strictObject({
  // Read where the groups of the pool are looked for.
  UserPoolId: passedOver(() => undefined),
  GroupName: v.optional(
    ifKnown(
      v.pipe(
        text,
        v.regex(
          /^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u,
          'expected 1 to 128 characters without spaces',
        ),
      ),
      'its name is not known here, so that it is not made',
    ),
  ),
  Description: v.optional(
    shown(
      v.pipe(
        text,
        v.check(({ length }) => length <= 2048, 'expected at most 2048 characters'),
      ),
    ),
  ),
  Precedence: v.optional(
    ifKnown(count(0, 2 ** 31 - 1), 'its precedence is not known here: it comes after all others'),
  ),
  RoleArn: v.optional(
    ifKnown(
      v.pipe(
        text,
        v.check(({ length }) => length >= 20 && length <= 2048, 'expected the ARN of a role'),
      ),
      'its role is not known here: tokens name none for it',
    ),
  ),
})

export type GroupProperties = v.InferOutput<typeof userPoolGroupProperties>

const notMade = 'it is not known here, so that the user is not made'

/** The properties of `AWS::Cognito::UserPoolUser`. */
export const userPoolUserProperties = strictObject({
  // Read where the users of the pool are looked for.
  UserPoolId: passedOver(() => undefined),
  Username: v.optional(ifKnown(text, notMade)),
  UserAttributes: v.optional(
    v.array(
      strictObject({
        Name: v.optional(ifKnown(text, notMade)),
        Value: v.optional(ifKnown(text, notMade)),
      }),
    ),
    [],
  ),
  DesiredDeliveryMediums: v.optional(v.array(oneOf(['EMAIL', 'SMS']))),
  MessageAction: v.optional(oneOf(['RESEND', 'SUPPRESS'])),
  ForceAliasCreation: v.optional(flag),
  ClientMetadata: passedOver('no function runs here that reads it'),
  ValidationData: passedOver('no function runs here that reads it'),
})

/** The properties of `AWS::Cognito::UserPoolUserToGroupAttachment`. */
export const groupAttachmentProperties = strictObject({
  UserPoolId: passedOver(() => undefined),
  GroupName: withFate(text, { isShown: true, isReference: true }),
  Username: withFate(text, { isShown: true, isReference: true }),
})

export type UserProperties = v.InferOutput<typeof userPoolUserProperties>

/** What to do with the property at a path, such as `Schema.0.Name`. */
export function toTreatment(schema: object, path: string): Treatment {
  const fate = findFate(schema, path)
  if (fate.isPassedOver) return 'pass-over'
  if (fate.isShown) return 'text'
  return fate.toConsequence ? 'or-pass-over' : 'value'
}

/** What becomes of the property at a path; nothing in particular for one that the schema does not have. */
export function findFate(schema: object, path: string): Fate {
  let found: unknown = schema
  for (const name of path === '' ? [] : path.split('.')) found = findChild(found, name)
  for (; isObject(found); found = found.wrapped) {
    const fate = fates.get(found)
    if (fate) return fate
  }
  return {}
}

/** @param schema any of valibot's: an object has `entries`, an array `item`, an optional one what it has `wrapped` */
function findChild(schema: unknown, name: string): unknown {
  let found = schema
  while (isObject(found) && isObject(found.wrapped)) found = found.wrapped
  if (!isObject(found)) return undefined
  if (isObject(found.entries)) {
    return Object.hasOwn(found.entries, name) ? found.entries[name] : undefined
  }
  return found.item
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** The names of providers, or of the resources that are referred to. */
function listProviders(node: TemplateNode): readonly string[] {
  switch (node.kind) {
    case 'scalar':
      return [String(node.value)]
    case 'list':
      return node.items.flatMap(listProviders)
    case 'map':
      return []
    case 'function': {
      if (node.name === 'Ref') {
        return listProviders(node.argument).filter((name) => name !== 'AWS::NoValue')
      }
      // The first argument of Fn::If is its condition.
      const isChoice = node.name === 'If' && node.argument.kind === 'list'
      return isChoice ? node.argument.items.slice(1).flatMap(listProviders) : [`Fn::${node.name}`]
    }
    default:
      return node satisfies never
  }
}

/** Whether a text stands anywhere in a part of the template. */
function hasScalar(node: TemplateNode, text: string): boolean {
  switch (node.kind) {
    case 'scalar':
      return node.value === text
    case 'list':
      return node.items.some((item) => hasScalar(item, text))
    case 'map':
      return [...node.entries.values()].some((entry) => hasScalar(entry.node, text))
    case 'function':
      return hasScalar(node.argument, text)
    default:
      return node satisfies never
  }
}
