/** The stack output ConfigJs of user-pool.yaml is the whole text of `public/js/config.js`. */

import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfigScript, toPolicySources } from '../../../src/aws/hosting/config-script.ts'
import { templatePath } from '../../support/template-text.ts'

const asText = ['!Ref', '!Sub'].map((tag) => ({ tag, resolve: (text: string) => text }))
const outputs = v.object({ Outputs: v.object({ ConfigJs: v.object({ Value: v.string() }) }) })

/** Evaluates the output as CloudFormation does. */
function fillConfigJs(values: Readonly<Record<string, string>>): string {
  const template = parse(readFileSync(templatePath, 'utf8'), {
    customTags: asText,
    logLevel: 'error',
  })
  return v
    .parse(outputs, template)
    .Outputs.ConfigJs.Value.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
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
