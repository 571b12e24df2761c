/** CloudFormation templates: intrinsic functions, conditions and resources. */

import { describe, expect, test } from 'vitest'
import { parseTemplate } from '../../../../src/local-cloud/user-pool/cloudformation-template.ts'
import { SettingsError } from '../../../../src/shared/settings-error.ts'

function readProperties(properties: string, parameters = ''): unknown {
  const template = `${parameters}
Resources:
  Thing:
    Type: Test::Thing
    Properties: ${properties}
`
  return parseTemplate(template, 'test.yaml').requireResource('Test::Thing')
}

const parameters = `
Parameters:
  Name: { Type: String, Default: WildRydes }
  Minutes: { Type: Number, Default: 60 }
  Empty: { Type: String, Default: "" }
  Asked: { Type: String }
Conditions:
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
    ['!Ref Thing', 'Thing'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills this one in.
    ['!Sub "${Name} for ${Minutes} in ${Thing}"', 'WildRydes for 60 in Thing'],
    ['[!Ref Name, { Deep: !Ref Minutes }]', ['WildRydes', { Deep: 60 }]],
    ['!GetAtt Thing.Arn', 'Thing.Arn'],
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
    ['!Ref Nowhere', 'Nowhere'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills this one in.
    ['!Sub "a ${Nowhere} b"', 'Nowhere'],
    ['!Ref constructor', 'constructor'],
    ['!Ref __proto__', '__proto__'],
    ['!If [IsNamed, !Ref Nowhere, b]', 'Nowhere'],
  ])('CloudFormation: %s is rejected with the missing name', (written, name) => {
    expect(() => readProperties(written, parameters)).toThrow(SettingsError)
    expect(() => readProperties(written, parameters)).toThrow(`test.yaml: !Ref ${name}`)
  })

  test.each([
    ['!Join ["-", [a, b]]', 'Fn::Join'],
    ['{ "Fn::ImportValue": shared }', 'Fn::ImportValue'],
    ['!Sub ["a", { b: c }]', 'Fn::Sub'],
    ['{ Deep: [!Select [0, [a]]] }', 'Fn::Select'],
    ['!FindInMap [A, B, C]', 'Fn::FindInMap'],
  ])('CloudFormation: %s is rejected with the unsupported function', (written, name) => {
    expect(() => readProperties(written, parameters)).toThrow(SettingsError)
    expect(() => readProperties(written, parameters)).toThrow(
      `test.yaml: ${name}: expected references`,
    )
  })

  test.each(['Nowhere', 'constructor'])(
    'CloudFormation: an unknown condition %s is rejected',
    (name) => {
      expect(() => readProperties(`!If [${name}, a, b]`, parameters)).toThrow(
        `test.yaml: condition ${name}: expected a condition of this template`,
      )
    },
  )

  test('CloudFormation parameter: a given value takes precedence over the default', () => {
    const template = `${parameters}
Resources: { Thing: { Type: "Test::Thing", Properties: [!Ref Name, !Ref Asked] } }`
    const given = parseTemplate(template, 'test.yaml', { Name: 'Mine', Asked: 'Told', Other: 'x' })
    expect(given.requireResource('Test::Thing')).toEqual(['Mine', 'Told'])
  })

  test('CloudFormation: an unused property may contain any function', () => {
    const template = `
Conditions: { IsLive: !Equals [!Ref AWS::Region, eu-west-1] }
Resources:
  Thing: { Type: Test::Thing, Properties: { A: 1 } }
  Other: { Type: Test::Other, Properties: { B: !If [IsLive, 1, 2] } }
Outputs: { Arn: { Value: !Join ["", [a, !GetAtt Thing.Arn]] } }
`
    expect(parseTemplate(template, 'test.yaml').requireResource('Test::Thing')).toEqual({ A: 1 })
  })

  test('CloudFormation parameter: one without a default is rejected with the remedy', () => {
    expect(() => readProperties('!Ref Asked', parameters)).toThrow(
      /test\.yaml: parameter Asked: expected a Default.*give this one a default/,
    )
  })
})

describe('resources', () => {
  test('CloudFormation resource: one without properties has none', () => {
    const template = parseTemplate('Resources: { Thing: { Type: Test::Thing } }', 'test.yaml')

    expect(template.requireResource('Test::Thing')).toEqual({})
  })

  test('CloudFormation resource: a missing one is named by its type', () => {
    const template = parseTemplate('Resources: {}', 'test.yaml')

    expect(() => template.requireResource('Test::Thing')).toThrow(
      'test.yaml: expected exactly one resource of type Test::Thing. It has 0.',
    )
  })

  test('CloudFormation resource: two of one type are rejected', () => {
    const template = parseTemplate(
      'Resources: { A: { Type: Test::Thing }, B: { Type: Test::Thing } }',
      'test.yaml',
    )

    expect(() => template.requireResource('Test::Thing')).toThrow('It has 2.')
  })
})

test.each([
  ['empty', ''],
  ['a list', '- a\n- b'],
  ['an HTML page', '<!doctype html>'],
  ['without resources', 'Parameters: {}'],
  ['with a resource without a type', 'Resources: { A: {} }'],
  ['not YAML', 'Resources: {'],
])('template file: one that is %s is rejected with its path', (_, text) => {
  expect(() => parseTemplate(text, 'test.yaml')).toThrow(SettingsError)
  expect(() => parseTemplate(text, 'test.yaml')).toThrow(/^test\.yaml: expected/)
})
