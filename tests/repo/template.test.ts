/** The templates AWS runs: sound by AWS's own schema, and in agreement with the facts the pages show. */

import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { assertHeadersFit } from '../../src/aws/hosting/site-files.ts'
import { defaultRideLimits, rideRoutes } from '../../src/aws/ride-api/handler.ts'
import { inlineHashes } from '../../src/build/inline.ts'
import { parseTemplate } from '../../src/local-cloud/user-pool/cloudformation-template.ts'
import { readSettings } from '../../src/local-cloud/user-pool/read-settings.ts'
import { passwordPolicy } from '../../src/shared/password-policy.ts'
import { redirects } from '../../src/shared/redirects.ts'
import { findTemplateProblems } from './cloudformation.ts'
import { listFiles, readSource, root } from './source-files.ts'

const userPool = 'src/aws/user-pool.yaml'
const rideApi = 'src/aws/ride-api.yaml'
const customMessage = 'src/aws/custom-message.yaml'

test.each(listFiles('src/aws', ['.yaml']))(
  '%s asks for nothing that CloudFormation does not know',
  (path) => {
    expect(findTemplateProblems(readSource(path))).toEqual([])
  },
)

describe('a template with a fault is seen', () => {
  test.each([
    ['AWS::Cognito::UserPool\n', 'AWS::Cognito::UserPools\n', /no resource type/],
    ['DeletionProtection:', 'DeletionProtections:', /no property DeletionProtections/],
    ['ValidityDays: 7', 'ValidityDays: seven', /ValidityDays: expected a whole number/],
    ['!If [SignsInByEmail,', '!If [SignsIn,', /there is no condition SignsIn/],
    ['RequireLowercase: true', 'RequireLowercase: "yes"', /expected true or false/],
    ['AutoVerifiedAttributes: [email]', 'AutoVerifiedAttributes: email', /expected a list/],
    ['UserPoolId: !Ref UserPool\n      C', 'C', /UserPoolId is required/],
    ['UserPoolId: !Ref UserPool\n', 'UserPoolId: !Ref Pool\n', /Ref Pool leads nowhere/],
    ['{ApiInvokeUrl}', '{InvokeUrl}', /\{InvokeUrl\} leads nowhere/],
    ['Value: !Ref UserPool\n', 'Value: !GetAtt UserPool.Name\n', /GetAtt UserPool\.Name leads/],
    ['Parameters:\n', 'Parameters:\n  Unused: { Type: String }\n', /Unused is declared/],
  ])('%j as %j', (right, wrong, problem) => {
    const text = readSource(userPool)
    expect(text).toContain(right)
    expect(findTemplateProblems(text.replace(right, wrong)).join('\n')).toMatch(problem)
  })
})

test('hosting redirects as the local server does', () => {
  const text = readSource('src/aws/hosting.yaml')
  const rules = text.matchAll(/- Source: (\S+)\n +Target: (\S+)\n +Status: "(\d+)"/g)
  expect([...rules].map(([, source, target, status]) => ({ source, target, status }))).toEqual(
    redirects,
  )
})

test('the password policy of the template is the one the pages show', () => {
  const { settings } = readSettings(parseTemplate(readSource(userPool), userPool))
  expect(settings.passwordPolicy).toEqual(passwordPolicy)
})

test('the pool and its client outlive their stack, and a sender needs its From line', () => {
  const text = readSource(userPool)
  for (const type of ['AWS::Cognito::UserPool', 'AWS::Cognito::UserPoolClient']) {
    const resource = new RegExp(
      `Type: ${type}\\n(?: +#.*\\n)* +DeletionPolicy: Retain\\n +UpdateReplacePolicy: Retain`,
    )
    expect(text).toMatch(resource)
  }
  expect(text).toMatch(/Rules:\n[\s\S]*Assert: !Not \[!Equals \[!Ref Sender, ""\]\]/)
})

describe('alarms', () => {
  const templates = [userPool, rideApi, 'src/aws/hosting.yaml']
  const ofAlarms = [
    ...['AWS::CloudWatch::Alarm', 'AWS::SNS::Topic', 'AWS::Logs::MetricFilter'],
    'AWS::Cognito::LogDeliveryConfiguration',
  ]

  /** Each resource of a template, as it is written. */
  function listResources(path: string) {
    const [, resources = ''] = /^Resources:\n(.*?)^Outputs:/ms.exec(readSource(path)) ?? []
    return [...resources.matchAll(/^ {2}(\w+):\n((?: {4}.*\n|\n| {2}#.*\n)+)/gm)].map(
      ([, id = '', text = '']) => ({ id, text, type: /Type: (\S+)/.exec(text)?.[1] ?? '' }),
    )
  }

  const listAlarms = (path: string) =>
    listResources(path).filter(({ type }) => type === 'AWS::CloudWatch::Alarm')

  test.each(templates)('alarms: without AlarmEmail %s makes nothing of them', (path) => {
    const resources = listResources(path).filter(({ type }) => ofAlarms.includes(type))

    expect(resources.length).toBeGreaterThan(1)
    for (const { id, text } of resources) {
      expect(text, id).toMatch(/^ {4}Condition: HasAlarms(AndSender)?$/m)
    }
    expect(readSource(path)).toContain('HasAlarms: !Not [!Equals [!Ref AlarmEmail, ""]]')
  })

  test.each(templates)('alarms: each of %s is emailed, and a quiet hour is no alarm', (path) => {
    for (const { id, text } of listAlarms(path)) {
      expect(text, id).toContain('AlarmActions: [!Ref AlarmTopic]')
      expect(text, id).toContain('TreatMissingData: notBreaching')
    }
    expect(readSource(path)).toContain('Endpoint: !Ref AlarmEmail')
  })

  test('alarms: the deployment guide explains each, and no other', () => {
    const guide = readSource('docs/deploy.md')
    const made = templates.flatMap(listAlarms).map(({ id }) => id)
    const [, section = ''] = guide.split('\n## 7. Alarms\n')
    const explained = [...section.matchAll(/\b\w+Alarm\b/g)].map(([name]) => name)

    expect([...new Set(explained)].sort()).toEqual([...made].sort())
    expect(made).toHaveLength(12)
    expect(section).toContain('at most twelve')
  })

  test('alarms: the local pool reads the template as without them', () => {
    const read = (parameters: Record<string, string>) =>
      readSettings(parseTemplate(readSource(userPool), userPool, { parameters }), {
        isStrict: true,
      }).settings

    expect(read({ AlarmEmail: 'operators@example.com' })).toEqual(read({}))
  })
})

test('no command in the documentation has a token on its command line', () => {
  for (const path of ['docs/deploy.md', 'README.md', 'src/aws/hosting.yaml']) {
    expect(readSource(path)).not.toMatch(/AccessToken=/)
  }
})

describe('the ride API', () => {
  const text = readSource(rideApi)

  test('may record, count, find and delete rides and write its own log, and nothing else', () => {
    const actions = [...text.matchAll(/^ +Action: (.+)$/gm)].map(([, action]) => action)
    expect(actions).toEqual([
      'sts:AssumeRole',
      '[dynamodb:PutItem, dynamodb:UpdateItem]',
      '[dynamodb:Query, dynamodb:BatchWriteItem]',
      '[logs:CreateLogStream, logs:PutLogEvents]',
      'lambda:InvokeFunction',
      'lambda:InvokeFunction',
    ])
    expect(text).toMatch(/ForAllValues:StringEquals:\n +dynamodb:Attributes: \[RiderSub, RideId\]/)
    expect(text).not.toMatch(/Resource: ["']?\*/)
  })

  test('is called by pages of one origin, with a token, and not too often', () => {
    expect(text).toContain('AllowOrigins: [!Ref SiteOrigin]')
    expect(text).toMatch(/ThrottlingRateLimit: \d+/)
    expect(text).toContain('ExposeHeaders: [retry-after]')
  })

  test('has the routes of the handler, each behind the authorizer, callable, and open to pages', () => {
    const routes = [...text.matchAll(/RouteKey: (.+)\n +AuthorizationType: JWT\n/g)]
    expect(routes.map(([, route]) => route)).toEqual(rideRoutes)
    expect(text.match(/RouteKey:/g)).toHaveLength(rideRoutes.length)
    const callers = [...text.matchAll(/\$\{Api\}\/\*\/(.+)$/gm)].map(([, caller]) => caller)
    expect(callers).toEqual(rideRoutes.map((route) => route.replace(' ', '')))
    const methods = rideRoutes.map((route) => route.split(' ')[0])
    expect(text).toContain(`AllowMethods: [${methods.join(', ')}]`)
  })

  test('takes the tokens of a pool in any region', () => {
    expect(text).toMatch(/cognito-idp\.\$\{PoolRegion\}\.\$\{AWS::URLSuffix\}\/\$\{UserPoolId\}$/m)
    expect(text).toContain('PoolRegion: !Select [0, !Split ["_", !Ref UserPoolId]]')
  })

  test('forgets rides after a time, and has the limits of the handler for defaults', () => {
    expect(text).toMatch(/TimeToLiveSpecification:\n +AttributeName: ExpiresAt\n +Enabled: true/)
    const findDefault = (name: string) =>
      Number(
        new RegExp(`^  ${name}:\\n    Type: Number\\n    Default: (\\d+)$`, 'm').exec(text)?.[1],
      )
    expect({
      retentionDays: findDefault('RideRetentionDays'),
      requestsPerMinute: findDefault('RequestsPerMinute'),
    }).toEqual(defaultRideLimits)
    expect(text).toContain('RIDE_RETENTION_DAYS: !Ref RideRetentionDays')
    expect(text).toContain('REQUESTS_PER_MINUTE: !Ref RequestsPerMinute')
  })

  test('logs who called, and neither token nor pick-up', () => {
    const [, format = ''] = /Format: '(.+)'/.exec(text) ?? []
    expect(Object.values(JSON.parse(format))).toEqual([
      '$context.requestId',
      '$context.requestTime',
      '$context.routeKey',
      '$context.authorizer.claims.sub',
      '$context.status',
      '$context.error.message',
      '$context.authorizer.error',
    ])
  })

  test('keeps rides when the stack goes, can go back in time, and forgets its logs', () => {
    expect(text).toMatch(/Type: AWS::DynamoDB::Table\n +DeletionPolicy: Retain/)
    expect(text).toContain('PointInTimeRecoveryEnabled: true')
    expect(text.match(/AWS::Logs::LogGroup/g)).toHaveLength(2)
    expect(text.match(/RetentionInDays: !Ref/g)).toHaveLength(2)
  })
})

describe('the function for emails', () => {
  const text = readSource(customMessage)
  const pool = readSource(userPool)
  const arn = 'arn:aws:lambda:us-east-1:123456789012:function:emails'
  const read = (CustomMessageArn: string) =>
    readSettings(parseTemplate(pool, userPool, { parameters: { CustomMessageArn } }), {
      isStrict: true,
      triggers: ['CustomMessage'],
    })

  test('may write its own log, and nothing else', () => {
    const actions = [...text.matchAll(/^ +Action: (.+)$/gm)].map(([, action]) => action)
    expect(actions).toEqual(['sts:AssumeRole', '[logs:CreateLogStream, logs:PutLogEvents]'])
    expect(text).toMatch(/Resource: !GetAtt FunctionLogs\.Arn/)
    expect(text).toMatch(/RetentionInDays: !Ref LogRetentionDays/)
  })

  test('ends when Cognito waits no longer, and gives its address to the pool', () => {
    expect(text).toMatch(/^ +Timeout: 5$/m)
    expect(text).toMatch(/Outputs:\n +FunctionArn:[\s\S]*Value: !GetAtt Function\.Arn/)
  })

  test('is called by this pool alone, and only where it is named', () => {
    expect(pool).toMatch(
      /LambdaConfig: !If\n +- HasCustomMessage\n +- CustomMessage: !Ref CustomMessageArn\n +- !Ref AWS::NoValue/,
    )
    const [, permission = ''] = /PoolMayCallCustomMessage:\n([\s\S]*?)\n\n/.exec(pool) ?? []
    expect(parse(permission.replaceAll(/!(\w+) /g, '$1 '))).toEqual({
      Type: 'AWS::Lambda::Permission',
      Condition: 'HasCustomMessage',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: 'Ref CustomMessageArn',
        Principal: 'cognito-idp.amazonaws.com',
        SourceArn: 'GetAtt UserPool.Arn',
        SourceAccount: 'Ref AWS::AccountId',
      },
    })
  })

  test('leaves everything else of the pool as it is, the texts too', () => {
    expect(read(arn).settings).toEqual(read('').settings)
    expect(read(arn).report.notes).toEqual([])
  })

  test.each(['x', 'arn:aws:sns:us-east-1:123456789012:emails', `${arn}:1`])(
    'is not %s',
    (wrong) => {
      const [, pattern = ''] = /CustomMessageArn:\n[\s\S]*?AllowedPattern: "(.*)"/.exec(pool) ?? []
      const allowed = new RegExp(`^(?:${pattern})$`)
      expect(arn).toMatch(allowed)
      expect('').toMatch(allowed)
      expect(wrong).not.toMatch(allowed)
    },
  )
})

test('the headers in the repository are those that its settings ask for', () => {
  expect(() => assertHeadersFit(root, inlineHashes)).not.toThrow()
})
