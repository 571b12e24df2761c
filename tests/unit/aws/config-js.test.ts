/** The stack output ConfigJs of user-pool.yaml is the whole text of `public/js/config.js`. */

import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfigScript, toPolicySources } from '../../../src/aws/hosting/config-script.ts'
import { templatePath } from '../../support/template-text.ts'

/** Texts and lists of the template as they are; of `!If` what its condition asks for. */
function readOutputs(conditions: ReadonlySet<string>) {
  const noValue = Symbol('AWS::NoValue')
  const toPlain = (node: { toJSON(): unknown }) => node.toJSON()
  const template = parse(readFileSync(templatePath, 'utf8'), {
    logLevel: 'error',
    customTags: [
      { tag: '!Ref', resolve: (name: string) => (name === 'AWS::NoValue' ? noValue : name) },
      { tag: '!Sub', resolve: (text: string) => text },
      { tag: '!Sub', collection: 'seq', resolve: toPlain },
      {
        tag: '!If',
        collection: 'seq',
        resolve(node: { toJSON(): unknown }) {
          const [condition, then, otherwise] = v.parse(v.array(v.unknown()), node.toJSON())
          return conditions.has(String(condition)) ? then : otherwise
        },
      },
      {
        tag: '!Join',
        collection: 'seq',
        resolve(node: { toJSON(): unknown }) {
          const [separator, items] = v.parse(
            v.tuple([v.string(), v.array(v.unknown())]),
            node.toJSON(),
          )
          return items.filter((item) => item !== noValue).join(separator)
        },
      },
    ],
  })
  return v.parse(outputs, template).Outputs
}

const outputs = v.object({
  Outputs: v.object({
    ConfigJs: v.object({ Value: v.tuple([v.string(), v.object({ SignIn: v.string() })]) }),
    SignInMethods: v.object({ Value: v.string() }),
  }),
})

/** Evaluates the output as CloudFormation does. */
function fillConfigJs(
  parameters: Readonly<Record<string, string>>,
  conditions: ReadonlySet<string> = new Set(),
): string {
  const [text, variables] = readOutputs(conditions).ConfigJs.Value
  const values: Readonly<Record<string, string>> = { ...parameters, ...variables }
  return text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) throw new Error(`expected a value for ${name}`)
    return value
  })
}

const stack = {
  UserPool: 'eu-central-1_zZ12yX34w',
  UserPoolClient: '3n4b5urk1ft4fl3mg5e62d9ado',
  'AWS::Region': 'eu-central-1',
  ApiInvokeUrl: 'https://abc123.execute-api.eu-central-1.amazonaws.com/prod',
}

test('ConfigJs is a script that sets window._config completely', () => {
  const window: { _config?: unknown } = {}
  runInNewContext(fillConfigJs(stack), { window })

  expect(window._config).toEqual({
    cognito: {
      userPoolId: 'eu-central-1_zZ12yX34w',
      userPoolClientId: '3n4b5urk1ft4fl3mg5e62d9ado',
      region: 'eu-central-1',
      signIn: ['password'],
    },
    api: { invokeUrl: 'https://abc123.execute-api.eu-central-1.amazonaws.com/prod' },
  })
})

test('ConfigJs names a user pool whose host is in the Content-Security-Policy of the pages', () => {
  const config = readConfigScript(fillConfigJs({ ...stack, ApiInvokeUrl: '' }))
  expect(config.kind).toBe('configured')
  expect(toPolicySources(config, { scripts: [], styles: [] }).connect).toEqual([
    'https://cognito-idp.eu-central-1.amazonaws.com',
  ])
})

test.each([
  [[], ['password']],
  [['HasPasskeys'], ['password', 'passkey']],
  [['HasEmailCodes'], ['password', 'email-code']],
  [
    ['HasPasskeys', 'HasEmailCodes'],
    ['password', 'passkey', 'email-code'],
  ],
])('with %j ConfigJs and SignInMethods name the ways to sign in', (conditions, signIn) => {
  const met = new Set(conditions)

  expect(readConfigScript(fillConfigJs(stack, met))).toMatchObject({ cognito: { signIn } })
  expect(readOutputs(met).SignInMethods.Value).toBe(signIn.join(','))
})
