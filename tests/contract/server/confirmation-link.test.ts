/** The link in the email of a sign-up (CONFIRM_WITH_LINK): a page that confirms the user, once. */

import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { expectSuccess } from '../../support/cognito-api.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { toPhoneSignUp } from '../../support/phones.ts'
import { writeTemplate } from '../../support/template-file.ts'
import { createTestPool } from '../../support/test-pool.ts'
import { ClientId, requireStoredUser, rider, signUpUser } from '../../support/users.ts'

const { username } = rider
const byLink = {
  AutoVerifiedAttributes: ['email'],
  VerificationMessageTemplate: {
    DefaultEmailOption: 'CONFIRM_WITH_LINK',
    EmailSubjectByLink: 'Welcome to Taxi',
    EmailMessageByLink: '<p>Hello. {##Verify & ride##}</p>',
  },
}

const start = (client: Readonly<Record<string, unknown>> = {}): Promise<LocalCloudServer> =>
  startLocalCloud({ template: writeTemplate({ pool: byLink, client }) })

/** @returns the URL of the link in the newest email */
function latestLink({ store }: LocalCloudServer): string {
  const [, url = ''] = /<a href="([^"]*)"/.exec(store.listMessages(1)[0]?.text ?? '') ?? []
  return url.replaceAll('&amp;', '&')
}

async function open(url: string, init?: RequestInit) {
  const response = await fetch(url, init)
  const text = await response.text()
  return { status: response.status, title: /<h1>(.*?)<\/h1>/.exec(text)?.[1], text, response }
}

const statusOf = (server: LocalCloudServer) => requireStoredUser(server, username).status

describe('confirmation by link', () => {
  test('the email has the link of the template, and the link confirms and verifies, once', async () => {
    const server = await start()
    await signUpUser(server)
    const [email] = server.store.listMessages(1)
    const url = latestLink(server)

    expect(email).toMatchObject({ medium: 'EMAIL', subject: 'Welcome to Taxi', to: username })
    expect(email?.text).toContain('>Verify & ride</a></p>')
    expect(url).toBe(
      `${server.origin}/confirmUser?client_id=${ClientId}&user_name=rider%40example.com&confirmation_code=${email?.code}`,
    )
    expect(await open(url)).toMatchObject({ status: 200, title: 'Your account is confirmed' })
    expect(statusOf(server)).toBe('CONFIRMED')
    expect(requireStoredUser(server, username).attributes.get('email_verified')).toBe('true')
    expect(await open(url)).toMatchObject({ status: 400, title: 'This link was used before' })
  })

  test('where usernames are uuids the link has the uuid', async () => {
    const verificationLink = { subject: 'Link', text: '{##Here##}' }
    const pool = await createTestPool({ usernameModel: 'email', verificationLink })
    await signUpUser(pool)
    const { sub } = requireStoredUser(pool, username)

    expect(pool.sentMessages[0]?.text).toContain(
      `<a href="http://localhost/confirmUser?client_id=${ClientId}&amp;user_name=${sub}&amp;`,
    )
  })

  test('the link works for a client with a secret, which the link does not have', async () => {
    const server = await start({ GenerateSecret: true })
    const { clientSecret = '' } = server.current.of(ClientId)
    const SecretHash = createHmac('sha256', clientSecret)
      .update(`${username}${ClientId}`)
      .digest('base64')
    const body = { ...toPhoneSignUp({ email: username }, username), SecretHash }
    expectSuccess(await server.call('SignUp', body))

    expect(latestLink(server)).not.toContain(clientSecret)
    expect((await open(latestLink(server))).status).toBe(200)
  })

  test('an older link and an expired one say so', async () => {
    const server = await start()
    await signUpUser(server)
    const first = latestLink(server)
    expectSuccess(await server.call('ResendConfirmationCode', { ClientId, Username: username }))
    const second = latestLink(server)

    expect(await open(first)).toMatchObject({ status: 400, title: 'This link has expired' })
    await fetch(`${server.origin}/console/clock`, {
      method: 'POST',
      body: JSON.stringify({ advanceSeconds: 86_400 }),
    })
    expect(await open(second)).toMatchObject({ status: 400, title: 'This link has expired' })
    expect(statusOf(server)).toBe('UNCONFIRMED')
  })

  test('wrong codes are limited as for ConfirmSignUp', async () => {
    const server = await start()
    await signUpUser(server)
    const wrong = latestLink(server).replace(/code=\d+/, 'code=nope')
    for (let count = 0; count < 15; count += 1) {
      expect((await open(wrong)).title).toBe('This link does not work')
    }

    expect((await open(latestLink(server))).title).toBe('Too many attempts')
    expect(statusOf(server)).toBe('UNCONFIRMED')
  })

  test.each([
    '',
    '?client_id=&user_name=&confirmation_code=',
    '?client_id=nope&user_name=rider&confirmation_code=1',
    `?client_id=${ClientId}&user_name=%00&confirmation_code=1`,
    `?client_id=${ClientId}&user_name=<script>alert(1)</script>&confirmation_code=1`,
    `?client_id=${ClientId}&user_name=${'x'.repeat(3000)}&confirmation_code=1`,
  ])('a link that is none changes nothing and repeats nothing: %s', async (query) => {
    const server = await start()
    const { status, text } = await open(`${server.origin}/confirmUser${query}`)

    expect(status).toBe(400)
    expect(text).toMatch(/<h1>This link (does not work|has expired)<\/h1>/)
    expect(text).not.toContain('alert')
  })

  test('the page is guarded like the console: no script, no cache, and its call is in the log', async () => {
    const server = await start()
    await signUpUser(server)
    const { response } = await open(latestLink(server))

    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(server.printed.some((line) => line.startsWith('ConfirmSignUp 200'))).toBe(true)
  })

  test.each([
    ['a page of another site', { headers: { 'Sec-Fetch-Site': 'cross-site' } }, 403],
    ['a page of another port', { headers: { 'Sec-Fetch-Site': 'same-site' } }, 403],
    ['a foreign Origin', { headers: { Origin: 'https://evil.example' } }, 403],
    ['an image', { headers: { 'Sec-Fetch-Dest': 'image' } }, 403],
    ['a script', { headers: { 'Sec-Fetch-Dest': 'empty' } }, 403],
    ['a frame', { headers: { 'Sec-Fetch-Dest': 'iframe' } }, 403],
    ['a prefetch', { headers: { 'Sec-Purpose': 'prefetch' } }, 403],
    ['HEAD', { method: 'HEAD' }, 405],
    ['POST', { method: 'POST' }, 405],
  ])('request guard: %s confirms nobody', async (_, init, status) => {
    const server = await start()
    await signUpUser(server)

    expect((await open(latestLink(server), init)).status).toBe(status)
    expect(statusOf(server)).toBe('UNCONFIRMED')
  })

  test('the allowed origins of the API may not open it either', async () => {
    const allowed = 'http://localhost:3000'
    const server = await startLocalCloud({
      template: writeTemplate({ pool: byLink }),
      allowedOrigins: new Set([allowed]),
    })
    await signUpUser(server)
    const answer = await open(latestLink(server), { headers: { Origin: allowed } })

    expect(answer.status).toBe(403)
    expect(statusOf(server)).toBe('UNCONFIRMED')
  })

  test('request guard: a link that a person opens from a mail program is let in', async () => {
    const server = await start()
    await signUpUser(server)
    const headers = { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Dest': 'document' }

    expect((await open(latestLink(server), { headers })).status).toBe(200)
  })

  test('only the email of a sign-up has a link: a password reset has a code', async () => {
    const server = await start()
    await signUpUser(server)
    await open(latestLink(server))
    expectSuccess(await server.call('ForgotPassword', { ClientId, Username: username }))

    expect(server.store.listMessages(1)[0]?.text).toMatch(/^Your verification code is \d{6}$/)
  })

  test('a pool whose emails have codes has no such page', async () => {
    const server = await startLocalCloud()

    expect((await fetch(`${server.origin}/confirmUser`)).status).toBe(404)
  })
})
