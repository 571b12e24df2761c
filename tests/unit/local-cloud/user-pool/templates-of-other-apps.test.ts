/** Templates of other apps: what starts, what is passed over or stood in, and what is refused, each with its line. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'
import { describe, expect, test } from 'vitest'
import {
  type ChosenIds,
  parseClientId,
  parseUserPoolId,
} from '../../../../src/local-cloud/user-pool/chosen-ids.ts'
import { parseTemplate } from '../../../../src/local-cloud/user-pool/cloudformation-template.ts'
import {
  type ReadOptions,
  readSettings,
} from '../../../../src/local-cloud/user-pool/read-settings.ts'
import {
  userPoolClientSchema,
  userPoolSchema,
} from '../../../../src/local-cloud/user-pool/settings-schema.ts'
import { parseParameterFile } from '../../../../src/local-cloud/user-pool/template-parameters.ts'
import { toReportLines } from '../../../../src/local-cloud/user-pool/template-report.ts'

const folder = fileURLToPath(new URL('../../../fixtures/pool-templates', import.meta.url))

interface Reading extends ReadOptions {
  readonly parameters?: Readonly<Record<string, string>>
}

function readText(text: string, { parameters = {}, ...options }: Reading = {}) {
  const { settings, report } = readSettings(
    parseTemplate(text, 'pool.yaml', { parameters }),
    options,
  )
  const [header = '', honored = '', ...notes] = toReportLines(report)
  return { settings, header, honored, notes }
}

function readFixture(name: string, reading?: Reading) {
  return readText(readFileSync(join(folder, name), 'utf8'), reading)
}

/** The lines of the error, without the first. */
function findProblems(text: string, reading?: Reading): readonly string[] {
  try {
    readText(text, reading)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim())
  }
  throw new Error('expected problems')
}

const noHostedUi = 'there is no hosted UI here; sign-in by API is not touched'
const noSms = 'no SMS is sent without SmsConfiguration'
const smsInInbox = 'SMS are in the inbox, whoever would send them'

const started: readonly (readonly [string, object, readonly string[]])[] = [
  [
    'hosted-ui-client.yaml',
    { usernameModel: 'email' },
    [
      `Passed over  LodgeWeb.AllowedOAuthFlowsUserPoolClient, AllowedOAuthFlows, AllowedOAuthScopes, CallbackURLs, LogoutURLs - ${noHostedUi}`,
    ],
  ],
  [
    'federated-provider.yaml',
    {},
    [
      'Passed over  Kite (AWS::Cognito::UserPoolIdentityProvider) - there is no sign-in by another provider here',
      'Passed over  HarbourWeb.SupportedIdentityProviders - there is no sign-in by Kite here; users of the pool sign in by API all the same',
    ],
  ],
  [
    'parameter-without-default.yaml',
    { userPoolName: 'orchard-Stage', clientName: 'orchard-web-Stage' },
    [
      'Stood in     parameter Stage = "Stage" in Orchard.UserPoolName, OrchardWeb.ClientName - --parameter Stage=VALUE sets it',
    ],
  ],
  [
    'lambda-trigger.yaml',
    {},
    [
      'Passed over  Garden.LambdaConfig.PostConfirmation - no function runs here: what it does after a confirmation is not done; --trigger PostConfirmation=FILE runs one',
    ],
  ],
  ['join-and-map.yaml', { userPoolName: 'tower-us-east-1' }, []],
  [
    'attribute-in-sub.yaml',
    {
      verificationEmail: expect.objectContaining({
        text: 'Your code is {####}, to be entered at https://Site.DomainName',
      }),
    },
    [
      'Stood in     Site.DomainName = "Site.DomainName" in Attic.EmailVerificationMessage - only a deployment knows the value',
    ],
  ],
  [
    'text-for-boolean-and-number.yaml',
    {
      allowsSignUp: true,
      clientHasSecret: false,
      refreshTokenSeconds: 7 * 86_400,
      passwordPolicy: {
        MinimumLength: 12,
        RequireLowercase: true,
        RequireUppercase: false,
        RequireNumbers: true,
        RequireSymbols: false,
      },
    },
    [],
  ],
  [
    'sms-texts.json',
    { recoveryMechanisms: ['verified_email'] as const },
    [
      `Passed over  Bakery.AccountRecoverySetting.RecoveryMechanisms.verified_phone_number - nobody resets a password by SMS: ${noSms}`,
      `Passed over  Bakery.SmsVerificationMessage, VerificationMessageTemplate.SmsMessage - ${noSms}`,
    ],
  ],
  [
    'phone-sign-in.yaml',
    {
      usernameModel: 'email-or-phone',
      autoVerifiedAttributes: new Set(['email', 'phone_number']),
      sendsSms: true,
      recoveryMechanisms: ['verified_phone_number', 'verified_email'],
    },
    [
      `Passed over  Taxi.SmsConfiguration.SnsCallerArn, SmsConfiguration.ExternalId - ${smsInInbox}`,
    ],
  ],
  [
    'sms-mfa.yaml',
    { mfaConfiguration: 'ON', mfaFactors: new Set(['SMS_MFA']), sendsSms: true },
    [
      `Passed over  Vault.SmsConfiguration.SnsCallerArn, SmsConfiguration.ExternalId - ${smsInInbox}`,
    ],
  ],
  ['retired-properties.yaml', { temporaryPasswordDays: 14, allowsSignUp: false }, []],
  [
    'serverless-resources.yaml',
    { userPoolName: 'service-stage' },
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the Serverless Framework fills this one in.
      'Stood in     ${self:service} = "service" in Barn.UserPoolName - only a deployment knows the value',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the Serverless Framework fills this one in.
      'Stood in     ${self:provider.stage} = "stage" in Barn.UserPoolName - only a deployment knows the value',
    ],
  ],
  [
    'all-honored.yaml',
    {
      accessTokenSeconds: 300,
      idTokenSeconds: 600,
      readAttributes: new Set(['email', 'custom:tier']),
    },
    [],
  ],
  [
    'parameter-in-what-is-ignored.yaml',
    {},
    ['Passed over  Meadow.UserPoolTags - tags change nothing here'],
  ],
  [
    'passwordless-user-auth.yaml',
    { firstAuthFactors: new Set(['PASSWORD', 'EMAIL_OTP', 'WEB_AUTHN']) },
    [],
  ],
  [
    'partial-password-policy.yaml',
    { passwordPolicy: { MinimumLength: 8, RequireLowercase: true, RequireSymbols: true } },
    [],
  ],
  [
    'preferred-username-alias.yaml',
    { usernameModel: 'email-alias', hasPreferredUsernameAlias: true },
    [],
  ],
  [
    'cdk-default.json',
    {
      allowsSignUp: false,
      recoveryMechanisms: ['verified_email'] as const,
      usernameModel: 'username',
    },
    [
      `Passed over  Pool4F65C1A0.AccountRecoverySetting.RecoveryMechanisms.verified_phone_number - nobody resets a password by SMS: ${noSms}`,
      `Passed over  Pool4F65C1A0.SmsVerificationMessage, VerificationMessageTemplate.SmsMessage - ${noSms}`,
      `Passed over  PoolClient8A3E5EB7.AllowedOAuthFlows, AllowedOAuthFlowsUserPoolClient, AllowedOAuthScopes, CallbackURLs - ${noHostedUi}`,
    ],
  ],
  [
    'sam.yaml',
    {
      userPoolName: 'local-Env-pool',
      allowsSignUp: false,
      deletionProtection: 'INACTIVE',
      readAttributes: new Set(['email', 'phone_number']),
    },
    [
      'Passed over  Pool.DeletionProtection - Describe says INACTIVE, and nothing rests on it',
      'Passed over  Pool.EmailConfiguration.SourceArn - emails are in the inbox, whoever would send them',
      'Passed over  Pool.LambdaConfig.PreSignUp - no function runs here: nobody is refused or confirmed by it at sign-up; --trigger PreSignUp=FILE runs one',
      'Stood in     AWS::StackName = "local" in Pool.UserPoolName - --parameter AWS::StackName=VALUE sets it',
      'Stood in     parameter Env = "Env" in Pool.UserPoolName - --parameter Env=VALUE sets it',
    ],
  ],
  [
    'serverless-fragment.yml',
    { userPoolName: 'stage-user-pool', clientName: 'stage-user-pool-client' },
    [
      `Passed over  CognitoUserPoolClient.AllowedOAuthFlows, CallbackURLs - ${noHostedUi}`,
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the Serverless Framework fills this one in.
      'Stood in     ${self:custom.stage} = "stage" in CognitoUserPool.UserPoolName, CognitoUserPoolClient.ClientName - only a deployment knows the value',
    ],
  ],
  [
    'two-clients.yaml',
    { clientName: 'FerryWeb', readAttributes: new Set(['email', 'name']), clientHasSecret: false },
    [],
  ],
]

const refused: readonly (readonly [string, readonly string[]])[] = [
  [
    'custom-auth-triggers.yaml',
    [
      'pool.yaml:14 RiddleWeb.ExplicitAuthFlows: sign-in is by the challenge triggers alone, and they do not run here, so that nobody could sign in; --trigger NAME=FILE runs each',
    ],
  ],
  [
    'two-pools.yaml',
    [
      'pool.yaml:3 Guests, Staff: there are 2 pools: name the one to start with --pool, such as --pool Guests',
    ],
  ],
  [
    'typing-error.yaml',
    [
      'pool.yaml:6 Slip.AutoVerifyAttributes: there is no such property; did you mean AutoVerifiedAttributes?',
    ],
  ],
  [
    'token-too-long.yaml',
    [
      'pool.yaml:10 CandleWeb.AccessTokenValidity: Invalid range for token validity: expected 5 minutes to 1 day',
      'pool.yaml:11 CandleWeb.IdTokenValidity: Invalid range for token validity: expected 5 minutes to 1 day',
      'pool.yaml:12 CandleWeb.RefreshTokenValidity: Invalid range for token validity: expected 60 minutes to 3650 days',
    ],
  ],
  [
    'required-custom-attribute.yaml',
    ['pool.yaml:6 Ladder.Schema.0: Required custom attributes are not supported currently.'],
  ],
  [
    'write-attributes-lack-required.yaml',
    [
      'pool.yaml:11 GateWeb.WriteAttributes: Invalid write attributes specified while creating a client: email is required, so that nobody could register',
    ],
  ],
  [
    'amplify.json',
    [
      'pool.yaml:43 UserPool.MfaConfiguration: needs a value for the parameter mfaConfiguration: give it a Default, or start with --parameter mfaConfiguration=VALUE',
      'pool.yaml:46 UserPool.Policies.PasswordPolicy.MinimumLength: needs a value for the parameter passwordPolicyMinLength: give it a Default, or start with --parameter passwordPolicyMinLength=VALUE',
      'pool.yaml:77 UserPoolClientWeb.RefreshTokenValidity: needs a value for the parameter userpoolClientRefreshTokenValidity: give it a Default, or start with --parameter userpoolClientRefreshTokenValidity=VALUE',
      'pool.yaml:86 UserPoolClient.GenerateSecret: needs a value for the parameter userpoolClientGenerateSecret: give it a Default, or start with --parameter userpoolClientGenerateSecret=VALUE',
      'pool.yaml:87 UserPoolClient.RefreshTokenValidity: needs a value for the parameter userpoolClientRefreshTokenValidity: give it a Default, or start with --parameter userpoolClientRefreshTokenValidity=VALUE',
    ],
  ],
]

describe('templates of other apps', () => {
  test('template: every fixture is here', () => {
    const named = [...started.map(([name]) => name), ...refused.map(([name]) => name)]
    expect(named.sort()).toEqual(readdirSync(folder).sort())
  })

  test.each(started)(
    'template: %s starts, and names what is not honored',
    (name, settings, notes) => {
      const read = readFixture(name)

      expect(read.notes).toEqual(notes)
      expect(read.settings).toMatchObject(settings)
      expect(read.honored).toBe(`Honored      ${notes.length === 0 ? 'all' : 'all else'}`)
    },
  )

  test.each(refused)('template: %s is refused with the reason and its line', (name, problems) => {
    expect(findProblems(readFileSync(join(folder, name), 'utf8'))).toEqual(problems)
  })

  test('template: a parameter that is given is no stand-in', () => {
    const read = readFixture('parameter-without-default.yaml', { parameters: { Stage: 'dev' } })

    expect(read.notes).toEqual([])
    expect(read.settings).toMatchObject({ userPoolName: 'orchard-dev' })
  })

  test("template: Amplify's own starts with its parameters.json; texts of emails that nobody gave are Cognito's", () => {
    const text = readFileSync(join(folder, 'amplify.json'), 'utf8')
    const fileParameters = parseParameterFile(
      JSON.stringify({
        userPoolName: 'riders',
        mfaConfiguration: 'OFF',
        passwordPolicyMinLength: 10,
        passwordPolicyCharacters: [],
        userpoolClientRefreshTokenValidity: 30,
        userpoolClientGenerateSecret: false,
        resourceName: 'riders',
      }),
      'parameters.json',
    )
    const { settings, report } = readSettings(parseTemplate(text, 'pool.json', { fileParameters }))
    const lines = toReportLines(report)

    expect(settings).toMatchObject({
      userPoolName: 'riders-env',
      passwordPolicy: { MinimumLength: 10 },
      verificationEmail: { text: 'Your verification code is {####}' },
    })
    expect(lines).toContain(
      "Passed over  UserPool.SmsAuthenticationMessage, EmailVerificationMessage - its text is not known here, so that Cognito's own is used",
    )
    expect(lines.at(-1)).toMatch(/^Warning +parameter resourceName - the template has no such/)
  })

  test('template: --pool chooses one of several pools, with its own client', () => {
    const { header, settings, notes } = readFixture('two-pools.yaml', { pool: 'Staff' })

    expect(header).toBe('pool.yaml: pool Staff (line 6), client StaffWeb (line 12)')
    expect(settings.userPoolName).toBe('staff')
    expect(notes).toEqual([
      'Passed over  Guests (AWS::Cognito::UserPool) - the pool here is Staff',
      'Passed over  GuestsWeb - it is a client of another pool',
    ])
    const text = readFileSync(join(folder, 'two-pools.yaml'), 'utf8')
    expect(findProblems(text, { pool: 'Guest' })).toEqual([
      'pool.yaml:3 --pool Guest: there is no such pool; did you mean Guests?; the template has Guests, Staff',
    ])
  })

  test.each(
    started.filter(([, , notes]) => notes.length > 0 && !/Tags|SMS are in/.test(String(notes))),
  )('template: %s is refused with --strict for what is passed over', (name) => {
    expect(() => readFixture(name, { isStrict: true })).toThrow(/expected settings/)
  })
})

test.each([
  ['client', ''],
  ['client', 'UserPoolId: !Ref Pol, '],
  ['group', 'UserPoolId: !GetAtt Pol.UserPoolId, '],
])(
  'template: a %s whose pool is missing or misspelled is refused, with all else that is wrong',
  (kind, poolId) => {
    const [type, property] =
      kind === 'client'
        ? ['UserPoolClient', 'AuthSessionValidity: 1']
        : ['UserPoolGroup', 'Precedence: -1']
    const text = `Resources:
  Pool: { Type: AWS::Cognito::UserPool }
  Other: { Type: AWS::Cognito::${type}, Properties: { ${poolId}${property} } }
`
    const problems = findProblems(text)

    expect(problems).toHaveLength(2)
    expect(problems[0]).toMatch(
      poolId === '' ? /Other\.UserPoolId: is required$/ : /Other\.UserPoolId: .*Pol\b.*/,
    )
    expect(problems[1]).toContain(`Other.${property.split(':')[0]}: `)
  },
)

/** A template with these properties, which begin in lines 4 and 7. */
function toTemplate({ pool = '{}', client = '' }): string {
  return `Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: ${pool}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref Pool, ${client} }
`
}

describe('what is passed over', () => {
  test.each([
    [
      'client',
      'AllowedOAuthFlows: [client_credentials]',
      'Client.AllowedOAuthFlows',
      'gets no token',
    ],
    [
      'client',
      'AnalyticsConfiguration: { ApplicationId: !Ref Nowhere }',
      'Client.Analytics',
      'Pinpoint',
    ],
    [
      'client',
      'SupportedIdentityProviders: [COGNITO, !If [Nowhere, !Ref Kite, !Ref AWS::NoValue], Google]',
      'Client.SupportedIdentityProviders',
      'no sign-in by Kite, Google here',
    ],
    [
      'client',
      'SupportedIdentityProviders: [Google]',
      'Client.Supported',
      'no sign-in by Google here',
    ],
    [
      'pool',
      '{ UserPoolAddOns: { AdvancedSecurityMode: ENFORCED } }',
      'Pool.UserPoolAddOns',
      'its risk',
    ],
    ['pool', '{ DeviceConfiguration: {} }', 'Pool.DeviceConfiguration', 'no device is remembered'],
    [
      'pool',
      '{ Policies: { PasswordPolicy: { PasswordHistorySize: 5 } } }',
      'Pool.Policies.PasswordPolicy.PasswordHistorySize',
      'chosen again',
    ],
    [
      'pool',
      '{ EmailConfiguration: { SourceArn: !ImportValue x, From: a } }',
      'Pool.EmailConfiguration.SourceArn, EmailConfiguration.From',
      'in the inbox',
    ],
    [
      'pool',
      '{ LambdaConfig: { CustomMessage: x, UserMigration: y } }',
      'Pool.LambdaConfig.CustomMessage',
      "template's texts",
    ],
    [
      'pool',
      '{ LambdaConfig: !If [Nowhere, { PreSignUp: x }, !Ref AWS::NoValue] }',
      'Pool.LambdaConfig',
      'its functions are not known here',
    ],
    [
      'pool',
      '{ LambdaConfig: !Ref Nowhere }',
      'Pool.LambdaConfig',
      'its functions are not known here',
    ],
    [
      'pool',
      '{ SmsConfiguration: !If [Nowhere, { SnsCallerArn: x }, !Ref AWS::NoValue] }',
      'Pool.SmsConfiguration',
      'it is not known, so that no SMS is sent',
    ],
    [
      'pool',
      '{ AdminCreateUserConfig: { InviteMessageTemplate: { SMSMessage: x } } }',
      'Pool.AdminCreateUserConfig.InviteMessageTemplate.SMSMessage',
      noSms,
    ],
    [
      'pool',
      '{ UserAttributeUpdateSettings: { AttributesRequireVerificationBeforeUpdate: [phone_number] } }',
      'Pool.UserAttributeUpdateSettings.AttributesRequireVerificationBeforeUpdate.phone_number',
      'a new phone number takes effect at once',
    ],
    [
      'pool',
      '{ SmsVerificationMessage: !ImportValue x, SmsAuthenticationMessage: "{####}!" }',
      'Pool.SmsVerificationMessage, SmsAuthenticationMessage',
      noSms,
    ],
    [
      'pool',
      '{ MfaConfiguration: OPTIONAL, EnabledMfas: [SMS_MFA, SOFTWARE_TOKEN_MFA] }',
      'Pool.EnabledMfas.SMS_MFA',
      'no second factor',
    ],
    [
      'pool',
      '{ Policies: { SignInPolicy: { AllowedFirstAuthFactors: [PASSWORD, SMS_OTP] } } }',
      'Pool.Policies.SignInPolicy.AllowedFirstAuthFactors.SMS_OTP',
      'no first factor',
    ],
    [
      'pool',
      '{ AccountRecoverySetting: { RecoveryMechanisms: [{ Name: verified_phone_number, Priority: 1 }] } }',
      'Pool.AccountRecoverySetting.RecoveryMechanisms.verified_phone_number',
      'nobody resets a password by SMS',
    ],
  ])('passed over in the %s: %s', (part, written, subject, consequence) => {
    const { notes } = readText(toTemplate({ [part]: written }))

    expect(notes[0]).toContain(`Passed over  ${subject}`)
    expect(notes[0]).toContain(consequence)
  })

  test('passed over: a resource whose condition only a deployment knows is named, and a pool with one is asked for', () => {
    const sections =
      'Parameters: { Stage: { Type: String } }\nConditions: { IsProd: !Equals [!Ref Stage, prod] }\n'
    const text = `${sections}${toTemplate({})}  Rider: { Type: AWS::Cognito::UserPoolUser, Condition: IsProd }
  Riders: { Type: AWS::Cognito::UserPoolGroup, Condition: IsProd, Properties: { UserPoolId: !Ref Pool } }\n`

    expect(readText(text).notes).toEqual([
      'Passed over  Rider (AWS::Cognito::UserPoolUser) - it is not made here, because its Condition needs a value for the parameter Stage: give it a Default, or start with --parameter Stage=VALUE',
      'Passed over  Riders (AWS::Cognito::UserPoolGroup) - it is not made here, because its Condition needs a value for the parameter Stage: give it a Default, or start with --parameter Stage=VALUE',
    ])
    expect(findProblems(text.replace('Properties: {}', 'Condition: IsProd'))).toEqual([
      'pool.yaml:2 a Condition of AWS::Cognito::UserPool: needs a value for the parameter Stage: give it a Default, or start with --parameter Stage=VALUE',
    ])
  })

  test('passed over: a property that a condition removes is not named', () => {
    const text = toTemplate({
      pool: '{ LambdaConfig: !If [IsOff, { PreSignUp: x }, !Ref AWS::NoValue], SmsConfiguration: !If [IsOff, { ExternalId: x }, !Ref AWS::NoValue] }',
    })
    const { notes } = readText(`Conditions: { IsOff: !Equals [a, b] }\n${text}`)

    expect(notes).toEqual([])
  })

  test('passed over: a key that is given twice is told with its lines', () => {
    const text = toTemplate({}).replace(
      'Resources:',
      'Outputs:\n  A: { Value: 1 }\n  A: { Value: 2 }\nResources:',
    )

    expect(readText(text).notes).toEqual([
      'Warning      A - is given in line 2 too; this one counts, as on AWS (line 3)',
    ])
  })
})

describe('groups', () => {
  const withGroups = (groups: string) => `${toTemplate({})}${groups}`

  test('group: those of the pool are honored, by their name or else their logical name', () => {
    const text = withGroups(`  Admins:
    Type: AWS::Cognito::UserPoolGroup
    Properties:
      UserPoolId: !Ref Pool
      GroupName: admins
      Description: Who may do all
      Precedence: "1"
      RoleArn: arn:aws:iam::123456789012:role/admins
  Riders:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: !Ref Pool, RoleArn: !GetAtt Role.Arn }
  Guests:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: us-east-1_Another }
  Role: { Type: AWS::IAM::Role }
`)
    const { groups, report } = readSettings(parseTemplate(text, 'pool.yaml'))

    expect(groups).toEqual([
      {
        name: 'admins',
        description: 'Who may do all',
        precedence: 1,
        roleArn: 'arn:aws:iam::123456789012:role/admins',
      },
      { name: 'Riders', description: undefined, precedence: undefined, roleArn: undefined },
    ])
    expect(toReportLines(report)).toEqual([
      'pool.yaml: pool Pool (line 2), client Client (line 5), groups Admins (line 8), Riders (line 16)',
      'Honored      all else',
      'Passed over  Riders.RoleArn - its role is not known here: tokens name none for it',
      'Passed over  Guests - it is a group of another pool',
    ])
  })

  test('user: those of the pool are read, with their groups; one that only a deployment knows is passed over', () => {
    const text = withGroups(`  Admins:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: !Ref Pool, GroupName: admins }
  Owner:
    Type: AWS::Cognito::UserPoolUser
    Properties:
      UserPoolId: !Ref Pool
      Username: owner
      MessageAction: SUPPRESS
      UserAttributes: [{ Name: email, Value: owner@example.com }]
  OwnerIsAdmin:
    Type: AWS::Cognito::UserPoolUserToGroupAttachment
    Properties: { UserPoolId: !Ref Pool, GroupName: !Ref Admins, Username: !Ref Owner }
  GuestIsAdmin:
    Type: AWS::Cognito::UserPoolUserToGroupAttachment
    Properties: { UserPoolId: !Ref Pool, GroupName: admins, Username: guest }
  Unknown:
    Type: AWS::Cognito::UserPoolUser
    Properties: { UserPoolId: !Ref Pool, Username: somebody, UserAttributes: [{ Name: email, Value: !ImportValue mail }] }
  Nameless: { Type: AWS::Cognito::UserPoolUser, Properties: { UserPoolId: !Ref Pool } }
`)
    const { users, memberships, report } = readSettings(parseTemplate(text, 'pool.yaml'))

    expect(users).toMatchObject([
      {
        id: 'Owner',
        request: {
          Username: 'owner',
          MessageAction: 'SUPPRESS',
          UserAttributes: [{ Name: 'email', Value: 'owner@example.com' }],
        },
      },
    ])
    expect(memberships).toMatchObject([
      { id: 'OwnerIsAdmin', groupName: 'admins', username: 'owner' },
      { id: 'GuestIsAdmin', groupName: 'admins', username: 'guest' },
    ])
    expect(toReportLines(report).slice(2)).toEqual([
      'Passed over  Unknown.UserAttributes.0.Value - it is not known here, so that the user is not made',
      'Passed over  Nameless (AWS::Cognito::UserPoolUser) - it has no Username',
    ])
  })

  test('group: one whose name only a deployment knows is passed over, and what else is not known is left out', () => {
    const text = withGroups(`  Admins:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: !Ref Pool, GroupName: !ImportValue name }
  Riders:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: !Ref Pool, GroupName: riders, Precedence: !ImportValue rank }
`)
    const { groups, report } = readSettings(parseTemplate(text, 'pool.yaml'))

    expect(groups).toMatchObject([{ name: 'riders', precedence: undefined }])
    expect(toReportLines(report).slice(2)).toEqual([
      'Passed over  Admins.GroupName - its name is not known here, so that it is not made',
      'Passed over  Riders.Precedence - its precedence is not known here: it comes after all others',
    ])
  })

  test('group: what is wrong with one is told with the other problems', () => {
    const text = withGroups(`  Admins:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: !Ref Pool, GroupName: all admins, Precedence: first, Members: 3 }
  Riders: { Type: AWS::Cognito::UserPoolGroup, Properties: { GroupName: riders } }
  One: { Type: AWS::Cognito::UserPoolGroup, Properties: { UserPoolId: !Ref Pool, GroupName: same } }
  Two: { Type: AWS::Cognito::UserPoolGroup, Properties: { UserPoolId: !Ref Pool, GroupName: same } }
`)
    expect(findProblems(text)).toEqual([
      'pool.yaml:10 Admins.GroupName: expected 1 to 128 characters without spaces',
      'pool.yaml:10 Admins.Precedence: expected a number',
      'pool.yaml:10 Admins.Members: there is no such property',
      'pool.yaml:11 Riders.UserPoolId: is required',
      'pool.yaml:13 Two.GroupName: there is a group same already',
    ])
  })
})

describe('chosen ids', () => {
  const read = (ids: ChosenIds, name = 'two-clients.yaml') =>
    readSettings(parseTemplate(readFileSync(join(folder, name), 'utf8'), 'pool.yaml'), { ids })

  test('chosen ids: the pool and its region, the first client and one by its logical name have them', () => {
    const { settings, otherClients, report } = read({
      userPoolId: 'eu-central-1_AbCdEf123',
      clients: [
        { name: undefined, id: 'first' },
        { name: 'FerryNative', id: 'native' },
      ],
    })

    expect(settings).toMatchObject({
      region: 'eu-central-1',
      userPoolId: 'eu-central-1_AbCdEf123',
      userPoolClientId: 'first',
    })
    expect(otherClients).toMatchObject([
      { userPoolId: 'eu-central-1_AbCdEf123', userPoolClientId: 'native' },
    ])
    expect(report.clients.map(({ clientId }) => clientId)).toEqual(['first', 'native'])
  })

  test('chosen ids: a client that stands in has the one without a name', () => {
    const text = 'Resources: { Pool: { Type: AWS::Cognito::UserPool } }'
    const { settings } = readText(text, { ids: { clients: [{ name: undefined, id: 'mine' }] } })

    expect(settings.userPoolClientId).toBe('mine')
  })

  test.each([
    [
      [{ name: 'FerryNativ', id: 'a' }],
      '--client-id FerryNativ=a: there is no client FerryNativ of this pool; did you mean FerryNative?; the template has FerryWeb, FerryNative',
    ],
    [
      [
        { name: undefined, id: 'a' },
        { name: 'FerryWeb', id: 'b' },
      ],
      '--client-id: FerryWeb is given a and b: choose one',
    ],
    [
      [
        { name: 'FerryWeb', id: 'a' },
        { name: 'FerryNative', id: 'a' },
      ],
      '--client-id: a is the id of two clients: each needs its own',
    ],
  ])('chosen ids: %j is a problem', (clients, problem) => {
    expect(() => read({ clients })).toThrow(problem)
  })

  test('chosen ids: AWS::Region is the region of the pool', () => {
    const text = toTemplate({ pool: '{ UserPoolName: !Join ["-", [pool, !Ref "AWS::Region"]] }' })
    const template = parseTemplate(text, 'pool.yaml', { region: 'eu-west-1' })

    expect(readSettings(template).settings.userPoolName).toBe('pool-eu-west-1')
  })

  test.each(['eu-west-1_AbCdEf123', 'us-gov-west-1_0', 'ap-southeast-2_WildRydes'])(
    'chosen ids: %s is an id of a user pool',
    (id) => expect(parseUserPoolId(id)).toBe(id),
  )

  test.each([
    '',
    'pool',
    'eu-west-1',
    'eu-west-1_',
    'eu-west-1_a-b',
    'EU-WEST-1_a',
    `eu-west-1_${'a'.repeat(60)}`,
  ])('chosen ids: "%s" is no id of a user pool', (id) => {
    expect(() => parseUserPoolId(id)).toThrow('expected a region, an underscore')
  })

  test.each(['', 'a b', 'a-b', 'Web=', 'Web=a=b', 'a'.repeat(129)])(
    'chosen ids: "%s" is no id of a client',
    (id) => {
      expect(() => parseClientId(id)).toThrow('expected an id of letters')
    },
  )
})

describe('clients', () => {
  test('client: each of several has its own id and settings', () => {
    const text = readFileSync(join(folder, 'two-clients.yaml'), 'utf8')
    const { settings, otherClients, report } = readSettings(parseTemplate(text, 'pool.yaml'))

    expect(toReportLines(report)[0]).toBe(
      'pool.yaml: pool Ferry (line 3), clients FerryWeb (line 7), FerryNative (line 12)',
    )
    expect(otherClients).toMatchObject([
      {
        clientHasSecret: true,
        readAttributes: new Set(['email']),
        autoVerifiedAttributes: new Set(['email'] as const),
      },
    ])
    const ids = [settings, ...otherClients].map(({ userPoolClientId }) => userPoolClientId)
    expect(ids).toEqual(report.clients.map(({ clientId }) => clientId))
    expect(ids).toEqual(['wildrydeswebapplocal000000', expect.stringMatching(/^[0-9a-z]{26}$/)])
  })

  test('client: what is wrong with each of several is told', () => {
    const text = `${toTemplate({ client: 'AuthSessionValidity: 1' })}  Other:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref Pool, ReadAttributes: [nope], AuthSessionValidity: 20 }
`
    expect(findProblems(text)).toEqual([
      'pool.yaml:7 Client.AuthSessionValidity: expected a whole number from 3 to 15',
      'pool.yaml:10 Other.AuthSessionValidity: expected a whole number from 3 to 15',
      'pool.yaml:10 Other.ReadAttributes: Invalid read attributes specified while creating a client: nope is no attribute of the pool',
    ])
  })

  test('problems: those of the pool, of its clients and between both come at once', () => {
    const text = `Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      MfaConfiguration: ON
      DeletionProtection: "YES"
      UsernameAttributes: [email]
      AliasAttributes: [preferred_username]
      UserPoolTier: LITE
      Schema: [{ Name: email, Required: true }, { Name: horse, Mutable: 7 }]
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      GenerateSecret: perhaps
      IdTokenValidity: 0
      AccessTokenValidity: soon
      ExplicitAuthFlows: [ALLOW_USER_AUTH]
      ReadAttributes: [custom:horse, custom:wings]
      WriteAttributes: [name]
`
    expect(findProblems(text)).toEqual([
      'pool.yaml:5 Pool: expected UsernameAttributes or AliasAttributes, not both',
      'pool.yaml:5 Pool: SMS configuration and Auto verification for phone_number are required when MFA is required/optional: expected SmsConfiguration, or EnabledMfas with another factor',
      'pool.yaml:6 Pool.DeletionProtection: expected ACTIVE or INACTIVE',
      'pool.yaml:10 Pool.Schema.1.Mutable: expected true or false',
      'pool.yaml:15 Client.GenerateSecret: expected true or false',
      'pool.yaml:16 Client.IdTokenValidity: Invalid range for token validity: expected 5 minutes to 1 day',
      'pool.yaml:17 Client.AccessTokenValidity: expected a number',
      'pool.yaml:18 Client.ExplicitAuthFlows: expected no ALLOW_USER_AUTH while UserPoolTier is LITE',
      'pool.yaml:19 Client.ReadAttributes: Invalid read attributes specified while creating a client: custom:wings is no attribute of the pool',
      'pool.yaml:20 Client.WriteAttributes: Invalid write attributes specified while creating a client: email is required, so that nobody could register',
    ])
  })

  test('problems: a rule between properties is not told while one of them has a problem of its own', () => {
    const problems = findProblems(
      toTemplate({
        pool: '{ MfaConfiguration: "ON", EnabledMfas: [PIGEON] }',
        client: 'AccessTokenValidity: 900, TokenValidityUnits: { AccessToken: moons }',
      }),
    )

    expect(problems.map((line) => line.split(' ')[1])).toEqual([
      'Pool.EnabledMfas.0:',
      'Client.TokenValidityUnits.AccessToken:',
    ])
  })

  test('client: a pool without one has a client with the defaults of Cognito, which is told', () => {
    const { header, notes, settings } = readText(
      'Resources: { Pool: { Type: AWS::Cognito::UserPool } }',
    )

    expect(header).toBe('pool.yaml: pool Pool (line 1), a client with the defaults of Cognito')
    expect(notes).toEqual([
      'Stood in     client - there is no client of this pool: one with the defaults of Cognito stands in',
    ])
    expect(settings.explicitAuthFlows).toEqual(
      new Set(['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_CUSTOM_AUTH']),
    )
  })

  test('client: one of another pool is passed over, one without UserPoolId is refused', () => {
    const other = toTemplate({}).replace('!Ref Pool', 'us-east-1_Another')
    expect(readText(other).notes).toEqual([
      'Passed over  Client - it is a client of another pool',
      'Stood in     client - there is no client of this pool: one with the defaults of Cognito stands in',
    ])
    expect(findProblems(toTemplate({}).replace('UserPoolId: !Ref Pool,', ''))).toEqual([
      'pool.yaml:5 Client.UserPoolId: is required',
    ])
  })

  test.each([
    ['ADMIN_NO_SRP_AUTH', ['ALLOW_ADMIN_USER_PASSWORD_AUTH']],
    ['USER_PASSWORD_AUTH', ['ALLOW_USER_PASSWORD_AUTH']],
  ])('client: the older flow %s is honored, with SRP and refresh beside it', (flow, flows) => {
    const { settings, notes } = readText(toTemplate({ client: `ExplicitAuthFlows: [${flow}]` }))

    expect(notes).toEqual([])
    expect(settings.explicitAuthFlows).toEqual(
      new Set([...flows, 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_CUSTOM_AUTH']),
    )
  })
})

describe('what AWS refuses', () => {
  test.each([
    [
      'client',
      'ExplicitAuthFlows: [USER_PASSWORD_AUTH, ALLOW_USER_SRP_AUTH]',
      'Client.ExplicitAuthFlows: expected names that all begin with ALLOW_, or none that does',
    ],
    [
      'client',
      'AccessTokenValidity: 1, TokenValidityUnits: { AccessToken: seconds }',
      'Client.AccessTokenValidity: Invalid range for token validity',
    ],
    [
      'client',
      'RefreshTokenValidity: 1, TokenValidityUnits: { RefreshToken: minutes }',
      'Client.RefreshTokenValidity: Invalid range for token validity',
    ],
    [
      'client',
      'ReadAttributes: [nope]',
      'Client.ReadAttributes: Invalid read attributes specified while creating a client: nope is no attribute of the pool',
    ],
    [
      'client',
      'WriteAttributes: [email_verified]',
      'Client.WriteAttributes: Invalid write attributes specified while creating a client: email_verified cannot be written',
    ],
    [
      'client',
      'WriteAttributes: ["custom:nope"]',
      'Client.WriteAttributes: Invalid write attributes',
    ],
    [
      'client',
      'RefreshTokenRotation: { Feature: ENABLED }, ExplicitAuthFlows: [ALLOW_REFRESH_TOKEN_AUTH]',
      'Client.RefreshTokenRotation: expected no ALLOW_REFRESH_TOKEN_AUTH beside rotation',
    ],
    ['client', 'ClientId: abc', 'Client.ClientId: there is no such property'],
    ['client', 'ClientName: "a/b"', 'Client.ClientName: expected 1 to 128 letters'],
    ['pool', '{ UserPoolName: "pool!" }', 'Pool.UserPoolName: expected 1 to 128 letters'],
    [
      'pool',
      '{ Schema: [{ Name: abcdefghijklmnopqrstu }] }',
      'Pool.Schema.0: expected a name of at most 20 characters',
    ],
    [
      'pool',
      '{ Schema: [{ Name: email, AttributeDataType: Number }] }',
      'Pool.Schema.0: expected the type that Cognito gives',
    ],
    [
      'pool',
      '{ Schema: [{ Name: tier, Required: "true" }] }',
      'Pool.Schema.0: Required custom attributes are not supported currently.',
    ],
    ['pool', '{ Schema: [{ AttributeDataType: String }] }', 'Pool.Schema.0.Name: is required'],
    ['pool', '{ MfaConfiguration: !Foo x }', '!Foo: CloudFormation has no such tag'],
    ['pool', '{ AutoVerifiedAttributes: email }', 'Pool.AutoVerifiedAttributes: expected a list'],
    [
      'pool',
      '{ Policies: { PasswordPolicy: { MinimumLength: eight } } }',
      'Pool.Policies.PasswordPolicy.MinimumLength: expected a number',
    ],
    [
      'pool',
      '{ LambdaConfig: { PreSignup: x } }',
      'Pool.LambdaConfig.PreSignup: there is no such property; did you mean PreSignUp?',
    ],
  ])('refused in the %s: %s', (part, written, problem) => {
    expect(findProblems(toTemplate({ [part]: written })).join('\n')).toContain(problem)
  })

  test('refused: sign-in by ALLOW_CUSTOM_AUTH alone where triggers make the challenges', () => {
    const text = toTemplate({
      pool: '{ LambdaConfig: { DefineAuthChallenge: x } }',
      client: 'ExplicitAuthFlows: [ALLOW_CUSTOM_AUTH, ALLOW_REFRESH_TOKEN_AUTH]',
    })
    expect(findProblems(text)).toEqual([
      'pool.yaml:7 Client.ExplicitAuthFlows: sign-in is by the challenge triggers alone, and they do not run here, so that nobody could sign in; --trigger NAME=FILE runs each',
    ])
  })

  test('triggers: those that have a function are honored, and the others are named', () => {
    const text = toTemplate({
      pool: '{ LambdaConfig: { CustomMessage: x, PreSignUp: y, PreTokenGenerationConfig: { LambdaArn: z, LambdaVersion: V2_0 } } }',
    })
    const { settings, notes } = readText(text, { triggers: ['CustomMessage', 'UserMigration'] })

    expect(settings.preTokenGenerationVersion).toBe('V2_0')
    expect(notes.filter((note) => /trigger/.test(note))).toEqual([
      'Passed over  Pool.LambdaConfig.PreSignUp - no function runs here: nobody is refused or confirmed by it at sign-up; --trigger PreSignUp=FILE runs one',
      'Passed over  Pool.LambdaConfig.PreTokenGenerationConfig.LambdaArn - no function runs here: tokens lack what it adds; --trigger PreTokenGeneration=FILE runs one',
      'Warning      trigger UserMigration - its function runs here, and not on AWS: Pool.LambdaConfig does not name it',
    ])
  })

  test('triggers: a strict reader takes LambdaConfig.CustomMessage when it has a function, and only then', () => {
    const pool = '{ LambdaConfig: { CustomMessage: !GetAtt Writer.Arn } }'
    const text = toTemplate({ pool, client: 'ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH]' })

    expect(readText(text, { isStrict: true, triggers: ['CustomMessage'] }).notes).toEqual([])
    expect(findProblems(text, { isStrict: true })).toEqual([
      expect.stringMatching(/Pool\.LambdaConfig\.CustomMessage: not honored here: .*emails have/),
    ])
  })

  test.each([
    ['CUSTOM_AUTH_FLOW_ONLY', ['ALLOW_CUSTOM_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']],
    ['ALLOW_CUSTOM_AUTH', ['ALLOW_CUSTOM_AUTH']],
  ])(
    'triggers: a client with %s alone starts when all three challenge triggers have a function',
    (flow, flows) => {
      const text = toTemplate({
        pool: '{ LambdaConfig: { DefineAuthChallenge: x, CreateAuthChallenge: x, VerifyAuthChallengeResponse: x } }',
        client: `ExplicitAuthFlows: [${flow}]`,
      })
      const [define, create, verify] = [
        'DefineAuthChallenge',
        'CreateAuthChallenge',
        'VerifyAuthChallengeResponse',
      ] as const

      const { settings } = readText(text, { triggers: [define, create, verify] })
      expect(settings.explicitAuthFlows).toEqual(new Set(flows))
      expect(findProblems(text, { triggers: [define, create] })).toEqual([
        expect.stringContaining(
          'Client.ExplicitAuthFlows: sign-in is by the challenge triggers alone',
        ),
      ])
    },
  )

  test('refused: a parameter that decides something is asked for, and other problems are told too', () => {
    const text = `Parameters: { Length: { Type: Number } }
${toTemplate({
  pool: '{ Policies: { PasswordPolicy: { MinimumLength: !Ref Length } }, UserPoolTear: LITE }',
  client: 'AuthSessionValidity: 1',
})}`
    expect(findProblems(text)).toEqual([
      'pool.yaml:5 Pool.Policies.PasswordPolicy.MinimumLength: needs a value for the parameter Length: give it a Default, or start with --parameter Length=VALUE',
      'pool.yaml:5 Pool.UserPoolTear: there is no such property; did you mean UserPoolTier?',
      'pool.yaml:8 Client.AuthSessionValidity: expected a whole number from 3 to 15',
    ])
  })
})

test('stand-in: a property that needs the same value twice names it once', () => {
  const text = `Parameters: { Stage: { Type: String } }
Resources:
  Pool: { Type: AWS::Cognito::UserPool, Properties: { UserPoolName: !Sub "a-\${Stage}-\${Stage}" } }
`
  const { report } = readSettings(parseTemplate(text, 'pool.yaml'))

  expect(
    report.notes.map(({ subject }) => subject).filter((subject) => /Stage/.test(subject)),
  ).toEqual(['parameter Stage = "Stage" in Pool.UserPoolName'])
})

describe('parameter files', () => {
  test.each([
    [
      '[{"ParameterKey":"Stage","ParameterValue":"dev"},{"ParameterKey":"A","UsePreviousValue":true}]',
      { Stage: 'dev' },
    ],
    ['["Stage=dev","Url=https://a/?b=c"]', { Stage: 'dev', Url: 'https://a/?b=c' }],
    ['{"Parameters":{"Stage":"dev"}}', { Stage: 'dev' }],
    [
      '{"userPoolName":"x","passwordPolicyMinLength":8,"autoVerifiedAttributes":["email"],"generateSecret":false}',
      {
        userPoolName: 'x',
        passwordPolicyMinLength: '8',
        autoVerifiedAttributes: 'email',
        generateSecret: 'false',
      },
    ],
    // As Amplify's command line writes it: what it works out at deployment is left to it.
    [
      '{"Stage":"dev","authRoleArn":{"Fn::GetAtt":["AuthRole","Arn"]},"parentStack":{"Ref":"AWS::StackId"},"dependsOn":[{"category":"function"}]}',
      { Stage: 'dev' },
    ],
  ])('parameter file: %s is read', (text, values) => {
    expect(parseParameterFile(text, 'parameters.json')).toEqual(values)
  })

  test.each([
    ['Stage: dev', /^parameters\.json: expected JSON with parameters/],
    ['8', /^parameters\.json: expected a list of ParameterKey/],
    ['[{"Key":"Stage"}]', /^parameters\.json: expected a list of ParameterKey/],
    ['["Stage"]', /^--parameter Stage: expected NAME=VALUE/],
    ['{"Stage":{"value":"x"}}', /^parameters\.json Stage: expected a text/],
    [
      '[{"ParameterKey":"Stage","ParameterValue":{"Ref":"x"}}]',
      /^parameters\.json Stage: expected/,
    ],
  ])('parameter file: %s is refused', (text, reason) => {
    expect(() => parseParameterFile(text, 'parameters.json')).toThrow(reason)
  })
})

test.each([
  ['AWS::Cognito::UserPool', userPoolSchema],
  ['AWS::Cognito::UserPoolClient', userPoolClientSchema],
])('schema: every property of %s that AWS knows is known here, and no other', (type, schema) => {
  const [known] = loadAwsServiceSpecSync().lookup('resource', 'cloudFormationType', 'equals', type)

  expect(Object.keys(schema.entries).sort()).toEqual(Object.keys(known?.properties ?? {}).sort())
})
