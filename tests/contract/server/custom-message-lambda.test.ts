/** The Lambda function that writes emails: the deployed bundle, run as Lambda runs it. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as v from 'valibot'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { pseudoLocale, toPseudo } from '../../../src/site/i18n/pseudo-locale.ts'
import { createCustomMessageEvent } from '../../support/custom-message-event.ts'
import { runLambda } from '../../support/lambda-process.ts'

// A busy machine takes seconds to start a process.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const root = fileURLToPath(new URL('../../..', import.meta.url))
const configFile = join(root, 'src/aws/custom-message/vite.config.ts')
const parent = join(root, 'node_modules/.tmp')
let outDir = ''

beforeAll(async () => {
  mkdirSync(parent, { recursive: true })
  outDir = mkdtempSync(join(parent, 'custom-message-'))
  vi.stubEnv('PSEUDO_LOCALE', '1')
  await build({ configFile, logLevel: 'silent', build: { outDir } })
  vi.unstubAllEnvs()
})

afterAll(() => rmSync(outDir, { recursive: true, force: true }))

const results = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(
    v.looseObject({
      response: v.object({
        smsMessage: v.null(),
        emailSubject: v.nullable(v.string()),
        emailMessage: v.nullable(v.string()),
      }),
    }),
  ),
)

describe('Lambda bundle of the emails', () => {
  test('Lambda bundle of the emails: it is one file whose handler is the one the template names', () => {
    const template = readFileSync(join(root, 'src/aws/custom-message.yaml'), 'utf8')
    const [, file, member] = /Handler: (\w+)\.(\w+)/.exec(template) ?? []

    expect(readdirSync(outDir)).toEqual([`${file}.mjs`])
    expect(readFileSync(join(outDir, `${file}.mjs`), 'utf8')).toMatch(
      new RegExp(`export \\{[^}]*\\b${member}\\b`),
    )
  })

  test('Lambda bundle of the emails: it imports nothing, is small, and has texts of emails and of no page', () => {
    const code = readFileSync(join(outDir, 'lambda.mjs'), 'utf8')

    expect(code).not.toMatch(/^\s*import\b|\b(?:import|require)\s*\(/m)
    expect(code.length).toBeLessThan(128 * 1024)
    expect(code).not.toMatch(/libsql|sqlite|localhost|sourceMappingURL/)
    expect(code).toContain(toPseudo('Your Wild Rydes account'))
    expect(code).not.toContain(toPseudo('Create your account'))
  })
})

describe('Lambda handler of the emails', () => {
  const env = { SITE_ORIGIN: 'https://rides.example.com' }

  test('Lambda handler of the emails: it writes them in the language that was asked for, and leaves other events', async () => {
    const { code, stdout, stderr } = await runLambda(outDir, env, [
      createCustomMessageEvent(),
      createCustomMessageEvent({
        triggerSource: 'CustomMessage_ForgotPassword',
        clientMetadata: { locale: pseudoLocale.lang },
      }),
      createCustomMessageEvent({ triggerSource: 'CustomMessage_Other' }),
    ])
    expect(code, stderr).toBe(0)
    expect(stderr).toBe('')
    const [english, pseudo, other] = v.parse(results, stdout)

    expect(english?.response.emailSubject).toBe('Verify your email for Wild Rydes')
    expect(english?.response.emailMessage).toContain(
      'href="https://rides.example.com/verify.html#code={####}&amp;email=rider%40example.com"',
    )
    expect(pseudo?.response.emailSubject).toBe(toPseudo('Reset your Wild Rydes password'))
    expect(pseudo?.response.emailMessage).toContain(
      'href="https://rides.example.com/en-XB/forgot.html#code={####}&amp;email=rider%40example.com"',
    )
    expect(other?.response).toEqual({ smsMessage: null, emailMessage: null, emailSubject: null })
  })

  test.each([
    ['nothing', {}],
    ['an empty text', { SITE_ORIGIN: '' }],
    ['a slash at the end', { SITE_ORIGIN: 'https://rides.example.com/' }],
    ['another scheme', { SITE_ORIGIN: 'javascript:alert(1)' }],
  ])(
    'Lambda handler of the emails: it does not start with %s for SITE_ORIGIN',
    async (_, wrong) => {
      const run = await runLambda(outDir, wrong)

      expect(run.code).not.toBe(0)
      expect(run.stdout).toBe('')
      expect(run.stderr).toContain('SITE_ORIGIN: expected the origin of the site')
    },
  )
})
