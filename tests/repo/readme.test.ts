/** The two READMEs: the first one short, with a picture; the local cloud's complete. */

import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { toOptionRows } from '../../src/local-cloud/command-line.ts'
import { operations } from '../../src/local-cloud/user-pool/operations/index.ts'
import {
  type QuotaCategory,
  quotaCategories,
  quotaCategoryNames,
} from '../../src/shared/cognito-quotas.ts'
import { readSource, root } from './source-files.ts'

test('the README is about 150 lines, with a picture of at most 120 kB', () => {
  const readme = readSource('README.md')
  expect(readme.split('\n').length).toBeLessThanOrEqual(160)
  const [, picture = ''] = /^!\[[^\]]+\]\(([^)]+)\)$/m.exec(readme) ?? []
  expect(statSync(join(root, picture)).size).toBeLessThanOrEqual(120_000)
})

describe('the local cloud’s own README', () => {
  const own = readSource('src/local-cloud/README.md')

  test('names every operation', () => {
    const supported = own.slice(own.indexOf('## Supported operations'))
    const byPlainName = [...operations.keys()].filter((name) => !/Device|WebAuthn/.test(name))
    expect(byPlainName.filter((name) => !new RegExp(`\\b${name}\\b`).test(supported))).toEqual([])
  })

  test('its table of options is the one that the command has', () => {
    const documented = own.split('\n').filter((line) => /^\| `--/.test(line))
    expect(documented).toEqual(toOptionRows())
  })

  test('its table of quotas is the one that the pool refuses by', () => {
    const rows = quotaCategoryNames().map((name) => {
      const category: QuotaCategory = quotaCategories[name]
      const here = category.operations.filter((operation) => operations.has(operation))
      return `| ${name} | ${category.requestsPerSecond} | ${category.isAdjustable ? 'yes' : 'no'} | ${here.join(', ') || 'none'} |`
    })
    expect(own.split('\n').filter((line) => rows.includes(line))).toEqual(rows)
  })

  test('names every property of the template that is read', () => {
    const supported = own.slice(own.indexOf('## Supported settings'))
    const properties = [
      ...readSource('src/local-cloud/user-pool/settings-schema.ts').matchAll(
        /^ {2,4}([A-Z]\w+): (?!v\.optional\(bound|bound)/gm,
      ),
    ].map(([, name]) => name ?? '')
    expect(properties.length).toBeGreaterThan(30)
    const inner =
      /^(Name|Mutable|Required|DeveloperOnlyAttribute|AttributeDataType|\w+Constraints|UserPoolId|MinimumLength|Require\w+|TemporaryPasswordValidityDays|PasswordHistorySize|\w+Validity|TokenValidityUnits|Policies)$/
    expect(properties.filter((name) => !inner.test(name) && !supported.includes(name))).toEqual([])
  })
})
