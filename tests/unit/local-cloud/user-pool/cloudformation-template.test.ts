/** CloudFormation templates: intrinsic functions, conditions and resources. */

import { describe, expect, test } from 'vitest'
import {
  parseTemplate,
  type Resolution,
  type Template,
  type TemplateValues,
} from '../../../../src/local-cloud/user-pool/cloudformation-template.ts'
import { SettingsError } from '../../../../src/shared/settings-error.ts'

const thingType = 'Test::Thing'

function findThing(template: Template) {
  const [thing] = template.findResources((type) => type === thingType)
  if (!thing) throw new Error('expected a thing')
  return thing
}

function resolveProperties(
  properties: string,
  sections = '',
  treatment: 'value' | 'text' = 'value',
  values: TemplateValues = {},
): Resolution {
  const template = parseTemplate(
    `${sections}
Resources:
  Thing:
    Type: ${thingType}
    Properties: ${properties}
`,
    'test.yaml',
    values,
  )
  return template.resolve(findThing(template).properties, () => treatment)
}

function readProperties(properties: string, sections = '', values: TemplateValues = {}): unknown {
  const { value, problems } = resolveProperties(properties, sections, 'value', values)
  expect(problems).toEqual([])
  return value
}

function findProblem(properties: string, sections = ''): string {
  return resolveProperties(properties, sections)
    .problems.map(({ text }) => text)
    .join('; ')
}

const parameters = `
Parameters:
  Name: { Type: String, Default: WildRydes }
  Minutes: { Type: Number, Default: 60 }
  Empty: { Type: String, Default: "" }
  Asked: { Type: String }
  Names: { Type: CommaDelimitedList, Default: "x, y" }
  NoNames: { Type: "List<String>", Default: "" }
  Stored: { Type: "AWS::SSM::Parameter::Value<String>", Default: /app/name }
Mappings:
  Words: { en: { subject: Hello, list: [a, b] } }
Conditions:
  Loop: !Not [!Condition Loop]
  IsNamed: !Not [!Equals [!Ref Name, ""]]
  IsLong: { "Fn::Equals": [!Ref Minutes, "90"] }
  Both: !And [!Condition IsNamed, { Condition: IsLong }]
  Either: !Or [!Condition IsNamed, !Condition IsLong]
`

describe('property with an intrinsic function', () => {
  test.each([
    ['!Ref Name', 'WildRydes'],
    ['!Ref Minutes', 60],
    ['!Ref Empty', ''],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills this one in.
    ['!Sub "${Name} for ${Minutes}"', 'WildRydes for 60'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills this one in.
    ['!Sub ["${Greeting}, ${Name}", { Greeting: !Ref Minutes }]', '60, WildRydes'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation leaves this one as it is.
    ['!Sub "${!Name} is ${Name}"', '${Name} is WildRydes'],
    ['!Join ["-", [a, !Ref Name, 1]]', 'a-WildRydes-1'],
    ['{ "Fn::Join": ["", ["a", { "Ref": "Name" }]] }', 'aWildRydes'],
    ['!Join [",", !Ref Names]', 'x,y'],
    ['!Ref Names', ['x', 'y']],
    ['!Ref NoNames', []],
    ['!Select [1, !Ref Names]', 'y'],
    ['!Select ["0", [a, b]]', 'a'],
    ['!Split [":", "a:b"]', ['a', 'b']],
    ['!FindInMap [Words, en, subject]', 'Hello'],
    ['!FindInMap [Words, !Select [0, [en]], list]', ['a', 'b']],
    ['!FindInMap [Words, fr, subject, { DefaultValue: Salut }]', 'Salut'],
    ['!Base64 a', 'YQ=='],
    ['!Select [2, !Split ["-", !Select [2, !Split ["/", !Ref AWS::StackId]]]]', '0000'],
    ['!!str 8', '8'],
    ['[!Ref Name, { Deep: !Ref Minutes }]', ['WildRydes', { Deep: 60 }]],
    ['{ Ref: Name }', 'WildRydes'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills this one in.
    ['{ "Fn::Sub": "${Name} in ${AWS::Region}" }', 'WildRydes in us-east-1'],
    ['!Ref AWS::AccountId', '000000000000'],
    ['!If [IsNamed, !Ref Name, b]', 'WildRydes'],
    ['!If [IsLong, a, [!Ref Minutes]]', [60]],
    ['!If [Both, a, !If [Either, b, c]]', 'b'],
    ['{ "Fn::If": [IsLong, a, { Deep: !Ref Name }] }', { Deep: 'WildRydes' }],
    ['{ Here: 1, Gone: !If [IsLong, a, !Ref AWS::NoValue] }', { Here: 1 }],
    ['[a, !If [IsLong, b, !Ref AWS::NoValue]]', ['a']],
    ['{ Ref: Name, Other: 1 }', { Ref: 'Name', Other: 1 }],
    ['plain', 'plain'],
    ['{ yes: true, "null": null }', { yes: true, null: null }],
  ])('CloudFormation: %s is %j', (written, value) => {
    expect(readProperties(written, parameters)).toEqual(value)
  })

  test.each([
    ['!Ref Nowhere', 'there is no parameter or resource Nowhere'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills this one in.
    ['!Sub "a ${Nowhere} b"', 'there is no parameter or resource Nowhere'],
    ['!Ref constructor', 'there is no parameter or resource constructor'],
    ['!Ref __proto__', 'there is no parameter or resource __proto__'],
    ['!Ref Minute', 'there is no parameter or resource Minute; did you mean Minutes?'],
    ['!If [IsNamed, !Ref Nowhere, b]', 'there is no parameter or resource Nowhere'],
    ['!GetAtt Nowhere.Arn', 'there is no resource Nowhere'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills this one in.
    ['!Sub "${Nowhere.Arn}"', 'there is no resource Nowhere'],
    ['!If [Nowhere, a, b]', 'there is no condition Nowhere'],
    ['!If [IsNamd, a, b]', 'there is no condition IsNamd; did you mean IsNamed?'],
    ['!If [constructor, a, b]', 'there is no condition constructor'],
    ['!If [Loop, a, b]', 'the condition Loop rests on itself'],
    ['!FindInMap [Words, fr, subject]', 'there is no Words.fr.subject in Mappings'],
    ['!FindInMap [constructor, a, b]', 'there is no constructor.a.b in Mappings'],
    ['!Select [7, [a]]', 'Fn::Select is given something that it cannot take'],
    ['!Join a', 'Fn::Join is given something that it cannot take'],
    ['!If [IsNamed, a]', 'Fn::If is given something that it cannot take'],
  ])('CloudFormation: %s is a problem: %s', (written, problem) => {
    expect(findProblem(`{ A: ${written} }`, parameters)).toBe(problem)
  })

  test.each([
    [
      '!Ref Asked',
      'needs a value for the parameter Asked: give it a Default, or start with',
      'Asked',
    ],
    ['!Ref Stored', 'needs a value for the parameter Stored', 'Stored'],
    ['!Ref Thing', 'needs the name that AWS gives to Thing', 'Thing'],
    ['!GetAtt Thing.Arn', 'needs the value of Thing.Arn, which only AWS knows', 'Thing.Arn'],
    ['!GetAtt [Thing, Arn]', 'needs the value of Thing.Arn', 'Thing.Arn'],
    ['!ImportValue shared', 'needs Fn::ImportValue, which only AWS can work out', 'ImportValue'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills this one in.
    ['!Sub "${Thing.Arn}"', 'needs the value of Thing.Arn', 'Thing.Arn'],
    ['!Join ["-", [a, !Ref Asked]]', 'needs a value for the parameter Asked', 'a-Asked'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the Serverless Framework fills this one in.
    ['"${self:provider.stage}"', 'which only a deployment knows', 'stage'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the Serverless Framework fills this one in.
    ['"a-${opt:stage, self:custom.stage}"', 'which only a deployment knows', 'a-stage'],
    ['!Select [1, !Split ["-", !Ref Asked]]', 'needs a value for the parameter Asked', 'Select'],
    ['"{{resolve:ssm:/app/name}}"', 'which only a deployment knows', 'name'],
  ])(
    'CloudFormation: %s is asked for, and has a stand-in where it is only shown',
    (written, problem, standIn) => {
      const properties = `{ A: ${written}, B: { C: 1 } }`

      expect(findProblem(properties, parameters)).toContain(problem)
      const { value, problems, standIns } = resolveProperties(properties, parameters, 'text')
      expect(problems).toEqual([])
      expect(value).toEqual({ A: standIn, B: { C: 1 } })
      expect(standIns.at(-1)).toMatchObject({ path: 'A' })
    },
  )

  test('CloudFormation: one property that cannot be worked out leaves the others', () => {
    const resolution = resolveProperties('{ A: !Ref Asked, B: [1, !Ref Nowhere, 2] }', parameters)

    expect(resolution.value).toEqual({ B: [1, 2] })
    expect(resolution.problems).toMatchObject([{ place: 'A' }, { place: 'B.1' }])
  })

  test('CloudFormation stack parameter: one that a deployment chooses is a stand-in, which can be set', () => {
    const { value, standIns } = resolveProperties('[!Ref AWS::StackName]')
    expect(value).toEqual(['local'])
    expect(standIns).toMatchObject([
      { name: 'AWS::StackName', remedy: '--parameter AWS::StackName=VALUE sets it' },
    ])
    const given = { parameters: { 'AWS::StackName': 'mine' } }
    expect(resolveProperties('[!Ref AWS::StackName]', '', 'value', given)).toMatchObject({
      value: ['mine'],
      standIns: [],
    })
  })

  test('CloudFormation parameter: a given value takes precedence over a file, a preset and the default', () => {
    const properties = '[!Ref Name, !Ref Asked, !Ref Minutes, !Ref Names, !Ref Stored]'
    const { value, standIns } = resolveProperties(properties, parameters, 'value', {
      parameters: { Name: 'Mine', Names: 'p,q' },
      fileParameters: { Name: 'File', Asked: 'Told', Stored: 'known' },
      presets: { Name: 'Preset', Minutes: '5', Other: 'x' },
    })
    expect(value).toEqual(['Mine', 'Told', '5', ['p', 'q'], 'known'])
    expect(standIns).toMatchObject([{ name: 'parameter Minutes', text: '5' }])
  })

  test.each([
    [{ Stage: 'prod' }, 'expected one of dev, test'],
    [{ Length: 'long' }, 'expected a number'],
    [{ Length: '5' }, 'expected 6 or more'],
    [{ Length: '100' }, 'expected 99 or less'],
    [{ Code: 'a1' }, 'expected [a-z]+'],
    [{ Code: '' }, 'expected [a-z]+'],
    [{ Word: 'a' }, 'expected 2 characters or more'],
    [{ Word: 'abcd' }, 'expected 3 characters or less'],
    [{ Stag: 'dev' }, 'the template has no such parameter; did you mean Stage?'],
    [{ constructor: 'dev' }, 'the template has no such parameter'],
  ])('CloudFormation parameter: %j is refused: %s', (values, problem) => {
    const text = `
Parameters:
  Stage: { Type: String, AllowedValues: [dev, test] }
  Length: { Type: Number, MinValue: 6, MaxValue: 99 }
  Code: { Type: String, AllowedPattern: "[a-z]+" }
  Word: { Type: String, MinLength: 2, MaxLength: 3 }
Resources: {}
`
    const { problems } = parseTemplate(text, 'test.yaml', { parameters: values })
    expect(problems).toMatchObject([{ text: problem }])
  })

  test('CloudFormation parameter: one of a file that the template does not have is only told', () => {
    const template = parseTemplate('Resources: {}', 'test.yaml', { fileParameters: { Other: 'x' } })

    expect(template.problems).toEqual([])
    expect(template.warnings).toMatchObject([{ place: 'parameter Other' }])
  })

  test('CloudFormation: an unused property may contain any function', () => {
    const template = `
Conditions: { IsLive: !Equals [!Ref AWS::Region, eu-west-1] }
Resources:
  Thing: { Type: Test::Thing, Properties: { A: 1 } }
  Other: { Type: Test::Other, Properties: { B: !If [IsLive, 1, 2] } }
Outputs: { Arn: { Value: !Join ["", [a, !GetAtt Thing.Arn]] } }
`
    const parsed = parseTemplate(template, 'test.yaml')
    expect(parsed.resolve(findThing(parsed).properties).value).toEqual({ A: 1 })
  })

  test('CloudFormation: what is passed over is not worked out, and its line is known', () => {
    const sections =
      'Conditions: { IsOff: !Equals [a, b], Asks: !Equals [!Ref Asked, b] }\nParameters: { Asked: { Type: String } }'
    const template = parseTemplate(
      `${sections}
Resources:
  Thing:
    Type: ${thingType}
    Properties:
      A: !Ref Nowhere
      B: !If [IsOff, !Ref Nowhere, !Ref AWS::NoValue]
      C: !If [Asks, !Ref Nowhere, !Ref AWS::NoValue]
      D: 1
`,
      'test.yaml',
    )
    const { value, problems, passedOver } = template.resolve(
      findThing(template).properties,
      (path) => (path === 'D' || path === '' ? 'value' : 'pass-over'),
    )
    expect(value).toEqual({ D: 1 })
    expect(problems).toEqual([])
    expect(passedOver).toMatchObject([
      { path: 'A', entry: { line: 7 } },
      { path: 'C', entry: { line: 9 } },
    ])
  })
})

describe('resources', () => {
  test('CloudFormation resource: one without properties has none', () => {
    const template = parseTemplate('Resources: { Thing: { Type: Test::Thing } }', 'test.yaml')

    expect(template.resolve(findThing(template).properties).value).toEqual({})
  })

  test('CloudFormation resource: one whose condition is not met is not there', () => {
    const template = parseTemplate(
      `
Conditions: { IsOn: !Equals [a, a] }
Resources:
  A: { Type: Test::Thing, Condition: IsOn }
  B: { Type: Test::Thing, Condition: IsOff }
`.replace('IsOn:', 'IsOff: !Equals [a, b], IsOn:'),
      'test.yaml',
    )
    expect(template.findResources(() => true).map(({ id }) => id)).toEqual(['A'])
  })

  test('CloudFormation resource: those of a Serverless Framework file stand under resources, in one part or several', () => {
    const whole = parseTemplate(
      'service: x\nresources: { Resources: { A: { Type: Test::Thing } } }',
      'serverless.yml',
    )
    const parts = parseTemplate(
      `
resources:
  - Resources: { A: { Type: Test::Thing } }
  - \${file(other.yml)}
  - Resources: { B: { Type: Test::Thing } }
`,
      'serverless.yml',
    )
    expect(whole.findResources(() => true).map(({ id }) => id)).toEqual(['A'])
    expect(parts.findResources(() => true).map(({ id }) => id)).toEqual(['A', 'B'])
    expect(parts.warnings).toMatchObject([
      { line: 4, text: 'is in another file, which is not read' },
    ])
  })
})

describe('YAML', () => {
  test('YAML: of a key that is given twice the last one counts, with a warning', () => {
    const template = parseTemplate(
      `
Resources:
  Thing:
    Type: Test::Thing
    Properties:
      A: 1
      A: 2
`,
      'test.yaml',
    )
    expect(template.resolve(findThing(template).properties).value).toEqual({ A: 2 })
    expect(template.warnings).toEqual([
      { line: 7, place: 'A', text: 'is given in line 6 too; this one counts, as on AWS' },
    ])
  })

  test('YAML: a tag that CloudFormation does not know is a problem', () => {
    const { problems } = parseTemplate(
      'Resources: { A: { Type: Test::Thing, Properties: { B: !Reff x } } }',
      'test.yaml',
    )
    expect(problems).toEqual([
      { line: 1, place: '!Reff', text: 'CloudFormation has no such tag; did you mean !Ref?' },
    ])
  })

  test('YAML: anchors and merged keys are filled in, and an anchor inside itself is a problem', () => {
    const template = parseTemplate(
      `
Base: &base { A: 1, B: 2 }
Resources:
  Thing: { Type: Test::Thing, Properties: { <<: *base, B: 3, C: *base } }
`,
      'test.yaml',
    )
    expect(template.resolve(findThing(template).properties).value).toEqual({
      A: 1,
      B: 3,
      C: { A: 1, B: 2 },
    })
    const circular = parseTemplate('Resources: {}\nA: &a [*a]', 'test.yaml')
    expect(circular.problems).toMatchObject([{ line: 2, place: '*a' }])
  })

  test('YAML: aliases that multiply are refused', () => {
    const levels = Array.from({ length: 20 }, (_, level) => {
      const aliases = Array(9).fill(`*a${level}`).join(', ')
      return `a${level + 1}: &a${level + 1} [${aliases}]`
    })
    const text = ['a0: &a0 x', ...levels, 'Resources: {}'].join('\n')

    expect(() => parseTemplate(text, 'test.yaml')).toThrow(
      'test.yaml: expected YAML. It has more than 1000 aliases.',
    )
  })

  test.each([
    [300, 'It is nested too deeply.'],
    // The parser's own end.
    [100_000, 'Maximum call stack size exceeded'],
  ])('YAML: lists %d deep are refused', (depth, reason) => {
    const text = `Resources: {}\nA: ${'['.repeat(depth)}${']'.repeat(depth)}`

    expect(() => parseTemplate(text, 'test.yaml')).toThrow(`test.yaml: expected YAML. ${reason}`)
  })

  test('JSON: a template with tabs is read', () => {
    const text = JSON.stringify({ Resources: { Thing: { Type: 'Test::Thing' } } }, null, '\t')

    expect(findThing(parseTemplate(text, 'test.json'))).toMatchObject({ id: 'Thing', line: 3 })
  })
})

test.each([
  ['empty', ''],
  ['a list', '- a\n- b'],
  ['an HTML page', '<!doctype html>'],
  ['without resources', 'Parameters: {}'],
  ['not YAML', 'Resources: {'],
])('template file: one that is %s is rejected with its path', (_, text) => {
  expect(() => parseTemplate(text, 'test.yaml')).toThrow(SettingsError)
  expect(() => parseTemplate(text, 'test.yaml')).toThrow(/^test\.yaml: expected/)
})
