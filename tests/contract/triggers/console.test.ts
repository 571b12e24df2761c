/** The console shows each call of a trigger beside its request: event and answer, with their secrets masked. */

import { expect, test } from 'vitest'
import { createRequestLog } from '../../../src/local-cloud/request-log.ts'
import { toMaskedTriggerJson } from '../../../src/local-cloud/user-pool/masked-body.ts'
import type { TriggerHandlers } from '../../../src/local-cloud/user-pool/triggers/trigger-events.ts'
import { expectSuccess } from '../../support/cognito-api.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { signInByPassword } from '../../support/sign-in.ts'
import { writeTemplate } from '../../support/template-file.ts'
import { recordTrigger } from '../../support/triggers.ts'
import { ClientId, createConfirmedUser, latestCodeFor, rider } from '../../support/users.ts'

async function start(triggers: TriggerHandlers): Promise<LocalCloudServer> {
  return startLocalCloud({
    triggers,
    template: writeTemplate({
      pool: { AutoVerifiedAttributes: ['email'] },
      client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
    }),
  })
}

async function readRequests({ origin }: LocalCloudServer): Promise<string> {
  return (await fetch(`${origin}/console/requests`)).text()
}

test('the page of requests shows the event, the answer and the time of each call', async () => {
  const server = await start({
    PreSignUp: recordTrigger('PreSignUp', () => ({ autoConfirmUser: true })).handler,
    PostConfirmation: recordTrigger('PostConfirmation').handler,
  })
  expectSuccess(
    await server.call('SignUp', {
      ClientId,
      Username: rider.username,
      Password: rider.password,
      ClientMetadata: { invitation: 'top-secret-1' },
    }),
  )
  const page = await readRequests(server)

  expect(page).toContain('<h2>Event PreSignUp_SignUp</h2>')
  expect(page).toContain('<h2>Event PostConfirmation_ConfirmSignUp</h2>')
  expect(page.match(/<h2>Returned in [0-9]+\.[0-9] ms<\/h2>/g)).toHaveLength(2)
  expect(page).toContain('&quot;autoConfirmUser&quot;: true')
  expect(page).not.toContain('top-secret-1')
  expect(page).not.toContain(rider.password)
})

test('the page of requests shows why a function failed, with the lines of its stack', async () => {
  const server = await start({
    PreSignUp: async function refuse() {
      throw new Error('closed <for> today')
    },
  })
  await server.call('SignUp', { ClientId, Username: rider.username, Password: rider.password })
  const page = await readRequests(server)

  expect(page).toMatch(/<h2>Failed after [0-9]+\.[0-9] ms<\/h2>/)
  expect(page).toContain('closed &lt;for&gt; today')
  expect(page).toContain('console.test.ts')
})

test('neither the page nor the terminal has a password, code or token of a trigger', async () => {
  const server = await start({
    UserMigration: recordTrigger('UserMigration', () => ({
      userAttributes: { email: 'old@example.com', email_verified: 'true' },
    })).handler,
    CustomMessage: recordTrigger('CustomMessage', ({ request }) => ({
      emailMessage: `Code ${request.codeParameter}`,
    })).handler,
    PreTokenGeneration: recordTrigger('PreTokenGeneration', () => ({
      claimsOverrideDetails: { claimsToAddOrOverride: { apiKey: 'top-secret-2' } },
    })).handler,
  })
  await createConfirmedUser(server)
  const code = latestCodeFor(server, rider.username)
  const old = { username: 'old-rider', password: 'Mi9rated-Passw0rd!' }
  const signedIn = await signInByPassword(server, old)
  expectSuccess(signedIn)
  const page = await readRequests(server)

  expect(page).toContain('Event UserMigration_Authentication')
  expect(page).toContain('Code {####}')
  expect(page).toContain('&quot;apiKey&quot;: &quot;(hidden)&quot;')
  const { IdToken } = Object(signedIn.body.AuthenticationResult)
  for (const secret of [old.password, 'top-secret-2', code, IdToken]) {
    expect(page).not.toContain(secret)
  }
  const printed = server.printed.join('\n')
  for (const secret of [old.password, 'top-secret-2', IdToken]) {
    expect(printed).not.toContain(secret)
  }
})

test('the report says which function runs though the template does not name it', async () => {
  const server = await start({ CustomMessage: recordTrigger('CustomMessage').handler })

  expect(server.printed.join('\n')).toContain(
    'Warning      trigger CustomMessage - its function runs here, and not on AWS',
  )
})

test('masked event: what is not known is not named, and what is null is shown as null', () => {
  const masked = JSON.parse(
    toMaskedTriggerJson({
      version: '1',
      request: {
        userAttributes: { email: 'a@example.com', 'custom:ssn': '123', mystery: 'x' },
        password: 'secret',
        validationData: null,
        privateChallengeParameters: { answer: 'secret' },
      },
      response: { publicChallengeParameters: { riddle: 'shown by name' } },
      internal: 'secret',
    }),
  )

  expect(masked).toEqual({
    version: '1',
    request: {
      userAttributes: {
        email: 'a@example.com',
        'custom:ssn': '(hidden)',
        '(other members)': 1,
      },
      password: '(hidden)',
      validationData: null,
      privateChallengeParameters: '(hidden)',
    },
    response: { publicChallengeParameters: { riddle: '(hidden)' } },
    '(other members)': 1,
  })
})

test('request log: calls of triggers count towards what is kept in memory', () => {
  const log = createRequestLog(() => undefined)
  const call = { triggerSource: 'PreSignUp_SignUp', durationMs: 1, event: 'x'.repeat(4000) }
  for (let id = 0; id < 400; id++) {
    log.write({
      atMs: id,
      operation: 'SignUp',
      status: 200,
      durationMs: 1,
      requestId: `${id}`,
      triggerCalls: [{ ...call, error: 'y'.repeat(10_000) }],
    })
  }

  const entries = log.entries()
  expect(entries.length).toBeLessThan(130)
  expect(entries[0]?.requestId).toBe('399')
  expect(entries[0]?.triggerCalls?.[0]?.error?.length).toBeLessThan(5000)
})
