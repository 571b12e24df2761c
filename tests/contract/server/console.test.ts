/** The developer console: inbox, users, requests and the test clock. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type ConsoleContext, handleConsole } from '../../../src/local-cloud/console/console.ts'
import { siteLook } from '../../../src/local-cloud/console/site-look.ts'
import { userActions, userFormActions } from '../../../src/local-cloud/console/user-actions.ts'
import { createInbox } from '../../../src/local-cloud/inbox.ts'
import { createRequestLog } from '../../../src/local-cloud/request-log.ts'
import { expectError, expectSuccess } from '../../support/cognito-api.ts'
import { codeExpired } from '../../support/cognito-errors.ts'
import { callWithIam } from '../../support/iam-caller.ts'
import {
  type LocalCloudServer,
  shareLocalCloud,
  startLocalCloud,
} from '../../support/local-cloud-server.ts'
import { addPasskey } from '../../support/passkeys.ts'
import { createRiderWithPhone, phone, toPhoneSignUp } from '../../support/phones.ts'
import { signInByPassword } from '../../support/sign-in.ts'
import { writeTemplate } from '../../support/template-file.ts'
import { createTestPool, type TestPool } from '../../support/test-pool.ts'
import { enableTotpMfa } from '../../support/totp.ts'
import { initiateUserAuth } from '../../support/user-auth.ts'
import {
  ClientId,
  changeUser,
  createConfirmedUser,
  createSignedInUser,
  latestCodeFor,
  requestPasswordReset,
  requireStoredUser,
  rider,
  signUpUser,
} from '../../support/users.ts'

/** One server for all tests that add neither users nor emails. */
const shared = shareLocalCloud({}, async (server) => server)

const inbox = v.strictObject({
  messages: v.array(
    v.strictObject({
      id: v.number(),
      to: v.string(),
      subject: v.string(),
      text: v.string(),
      code: v.pipe(v.string(), v.regex(/^[0-9]{6}([0-9]{2})?$/)),
      sentAt: v.pipe(v.string(), v.isoTimestamp()),
      medium: v.picklist(['EMAIL', 'SMS']),
    }),
  ),
})

async function readInbox({ origin }: LocalCloudServer) {
  const response = await fetch(`${origin}/console/inbox.json`)
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  return v.parse(inbox, await response.json()).messages
}

async function readPage({ origin }: LocalCloudServer, path: string): Promise<string> {
  const response = await fetch(`${origin}${path}`)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  // Names may break behind "@" and dots.
  return (await response.text()).replaceAll('<wbr>', '')
}

function postAction(
  { origin }: LocalCloudServer,
  action: string,
  { sub }: { readonly sub?: string },
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${origin}/console/users/${action}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(sub === undefined ? {} : { sub }),
    redirect: 'manual',
  })
}

/** A template whose client takes passwords as they are. */
function openPasswords(): string {
  return writeTemplate({ client: { ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'] } })
}

const actionNames = [...userActions, ...Object.values(userFormActions)].map(({ name }) => name)

/** Sends a form of the console, as a browser does. */
function postForm(
  { origin }: LocalCloudServer,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams(fields)
  return fetch(`${origin}${path}`, { method: 'POST', headers, body, redirect: 'manual' })
}

function moveClock({ origin }: LocalCloudServer, body: string): Promise<Response> {
  return fetch(`${origin}/console/clock`, { method: 'POST', body })
}

describe('inbox as JSON', () => {
  test('inbox.json is empty at first', async () => {
    expect(await readInbox(await startLocalCloud())).toEqual([])
  })

  test('inbox.json lists every email, newest first', async () => {
    const server = await startLocalCloud()
    await createConfirmedUser(server)
    await signUpUser(server, { ...rider, username: 'second@example.com' })
    await requestPasswordReset(server, rider.username)
    const messages = await readInbox(server)

    expect(messages.map(({ to }) => to)).toEqual([
      rider.username,
      'second@example.com',
      rider.username,
    ])
    expect(messages.map(({ id }) => id)).toEqual([3, 2, 1])
    expect(messages[0]).toMatchObject({
      subject: 'Your Wild Rydes code',
      text: expect.stringContaining(`\n\n${messages[0]?.code}\n\n`),
    })
  })

  test('inbox.json has the code that confirms the user', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)
    const [email] = await readInbox(server)

    expectSuccess(
      await server.call('ConfirmSignUp', {
        ClientId,
        Username: rider.username,
        ConfirmationCode: email?.code,
      }),
    )
  })

  test('terminal: the code of each email is printed as well', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)

    expect(server.printed).toContain(
      `Email to "${rider.username}": your code is ${latestCodeFor(server, rider.username)}`,
    )
  })
})

describe('console pages', () => {
  test('inbox page: the newest email is shown with its code', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)
    const page = await readPage(server, '/console/')

    expect(page).toContain(`<code>${latestCodeFor(server, rider.username)}</code>`)
    expect(page).toContain(`<bdi>${rider.username}</bdi>`)
  })

  test('inbox page: a link to this machine is a link', async () => {
    const server = await startLocalCloud({ siteUrl: 'http://localhost:5173' })
    await signUpUser(server)
    const link = `http://localhost:5173/verify.html#code=${latestCodeFor(server, rider.username)}`

    expect(await readPage(server, '/console/')).toContain(`<a href="${link}">open Wild Rydes</a>`)
  })

  test.each([
    'https://evil.example/',
    'http://localhost.evil.example:1/',
    'javascript://localhost:1/x',
  ])('open redirect: the address %s in an email is not a link', async (siteUrl) => {
    const server = await startLocalCloud({ siteUrl })
    await signUpUser(server)
    const page = await readPage(server, '/console/')

    expect(page).toContain(siteUrl)
    expect(page).not.toContain(`href="${siteUrl}`)
  })

  test('users page: unconfirmed users have a button "Confirm user"', async () => {
    const server = await startLocalCloud()
    await createConfirmedUser(server)
    await signUpUser(server, { ...rider, username: 'second@example.com' })
    const page = await readPage(server, '/console/users')

    expect(page).toContain('Confirm user second@example.com')
    expect(page).not.toContain(`Confirm user ${rider.username}`)
  })

  test('users page: it shows fifty users at a time and links to the next', async () => {
    const server = await startLocalCloud()
    for (let index = 100; index < 151; index += 1) {
      await signUpUser(server, { ...rider, username: `a&b-${index}@example.com` })
    }
    const page = await readPage(server, '/console/users')
    const [, next = ''] = /<a href="([^"]+)">Next page</.exec(page) ?? []
    const nextPage = await readPage(server, next)

    expect(page.match(/<tr id="user-[\w-]+" data-version="\d+">\n<th scope="row">/g)).toHaveLength(
      50,
    )
    expect(
      nextPage.match(/<tr id="user-[\w-]+" data-version="\d+">\n<th scope="row">/g),
    ).toHaveLength(1)
    expect(nextPage).toContain('a&amp;b-150@example.com')
    expect(nextPage).not.toContain('Next page')
  })

  test('console pages say when there is nothing yet', async () => {
    const server = shared()

    expect(await readPage(server, '/console/')).toContain('No emails yet.')
    expect(await readPage(server, '/console/users')).toContain('No users yet.')
  })

  test('security headers: the pages have a strict Content-Security-Policy and cannot be framed or cached', async () => {
    const { origin } = shared()
    const { headers } = await fetch(`${origin}/console/`)

    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("form-action 'self'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).toContain("trusted-types 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test.each([
    ['/console/console.css', 'text/css; charset=utf-8', /body/],
    ['/console/tokens.css', 'text/css; charset=utf-8', /--color-text/],
    ['/console/icon.svg', 'image/svg+xml', /<svg/],
    ['/console/console.js', 'text/javascript; charset=utf-8', /document\.querySelector/],
    ['/console/theme.js', 'text/javascript; charset=utf-8', /wildrydes\.theme/],
  ])('console asset %s is served with its type', async (path, type, content) => {
    const { origin } = shared()
    const response = await fetch(`${origin}${path}`)

    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toMatch(content)
  })

  test('console pages are found without the trailing slash and from the root', async () => {
    const { origin } = shared()

    for (const path of ['/console', '/']) {
      const response = await fetch(`${origin}${path}`, { redirect: 'manual' })
      expect([response.status, response.headers.get('location')]).toEqual([303, '/console/'])
    }
  })

  test.each(['/console/nowhere', '/console/<b>', '/console/%3Cscript%3E', '/console/../console/x'])(
    '404: there is no page at %s',
    async (path) => {
      const { origin } = shared()
      const response = await fetch(`${origin}${path}`)

      expect(response.status).toBe(404)
      expect(await response.text()).not.toMatch(/<b>|<script>/)
    },
  )
})

describe('XSS', () => {
  const payloads = [
    '<script>alert(1)</script>@x',
    '"><img/src=x/onerror=alert(1)>@x',
    "'onmouseover='alert(1)'@x",
    '</title><svg/onload=alert(1)>@x',
    'javascript:alert(1)@x',
    '&lt;b&gt;@x',
    '{{7*7}}@x',
  ]

  test.each(payloads)(
    'XSS: %j is shown as text in the inbox and in the users list',
    async (username) => {
      const server = await startLocalCloud()
      await signUpUser(server, { ...rider, username })
      const pages = [await readPage(server, '/console/'), await readPage(server, '/console/users')]

      for (const page of pages) {
        const shown = page.match(/<bdi>(.*?)<\/bdi>/)?.[1] ?? ''
        expect(toText(shown)).toBe(username)
        expect(shown).not.toMatch(/[<>"']/)
        expect(page.match(/<script(?! src="\/console\/theme\.js"><)/g)).toHaveLength(1)
        expect(page).not.toMatch(/<(img|svg)|<[^>]+ on\w+=/)
      }
      expect((await readInbox(server))[0]?.to).toBe(username)
    },
  )

  /** Decodes the five entities as a browser does. */
  function toText(markup: string): string {
    return markup
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
  }

  test('XSS: markup in the query parameter "after" is not repeated', async () => {
    const server = shared()

    expect(
      await readPage(server, `/console/users?after=${encodeURIComponent('"><b>')}`),
    ).not.toContain('<b>')
  })
})

describe('user actions', () => {
  /** Each action, how to create a user that allows it, and the state it leads to. */
  const done: readonly (readonly [string, (server: LocalCloudServer) => Promise<void>, object])[] =
    [
      ['confirm', async (server) => void (await signUpUser(server)), { status: 'CONFIRMED' }],
      ['disable', createConfirmedUser, { enabled: false }],
      [
        'enable',
        async (server) => {
          await createConfirmedUser(server)
          changeUser(server, rider.username, { enabled: false })
        },
        { enabled: true },
      ],
      ['reset-password', createConfirmedUser, { status: 'RESET_REQUIRED' }],
      ['sign-out', createConfirmedUser, { status: 'CONFIRMED' }],
    ]

  test.each(done)(
    'user action %s is carried out and the page of the user reports it',
    async (action, prepare, state) => {
      const server = await startLocalCloud()
      await prepare(server)
      const { sub } = requireStoredUser(server, rider.username)
      const response = await postAction(server, action, { sub })
      const location = response.headers.get('location') ?? ''

      expect([response.status, location]).toEqual([303, `/console/user?sub=${sub}&done=${action}`])
      expect(requireStoredUser(server, rider.username)).toMatchObject(state)
      expect(await readPage(server, location)).toMatch(/<p role="status" id="status">[A-Z].*\.</)
    },
  )

  test('user action sign-out ends every session', async () => {
    const server = await startLocalCloud()
    await createSignedInUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    await postAction(server, 'sign-out', { sub })

    expect(server.store.listSessionsOf(sub, 10)).toMatchObject([{ revoked: true }])
    expect(await readPage(server, `/console/user?sub=${sub}`)).toMatch(/<td[^>]*><span[^>]*>Ended</)
  })

  test('user action reset-password emails a code', async () => {
    const server = await startLocalCloud()
    await createConfirmedUser(server)
    await postAction(server, 'reset-password', requireStoredUser(server, rider.username))

    expect(server.store.listMessages(10)).toHaveLength(2)
  })

  test('user action delete deletes the user and redirects to the users list', async () => {
    const server = await startLocalCloud()
    await createConfirmedUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    const response = await postAction(server, 'delete', { sub })

    const location = response.headers.get('location') ?? ''
    expect([response.status, location]).toEqual([303, '/console/users?done=delete'])
    expect(await readPage(server, location)).toContain('The user is deleted.')
    expect(server.store.findUserBySub(sub)).toBeUndefined()
  })

  test.each([['for an unknown user', { sub: 'ghost' }] as const, ['without a sub', {}] as const])(
    'a user action %s changes nothing and says why',
    async (_, fields) => {
      const server = shared()
      const response = await postAction(server, 'confirm', fields)

      expect(response.status).toBe(404)
      expect(await response.text()).toContain('User not found')
    },
  )

  test('a user action that the operation rejects changes nothing and says why', async () => {
    const server = await startLocalCloud()
    await createConfirmedUser(server)
    const response = await postAction(server, 'confirm', requireStoredUser(server, rider.username))

    expect(response.status).toBe(409)
    expect(await response.text()).toContain('Current status is CONFIRMED')
  })

  test.each(actionNames)('CSRF: %s is rejected from another origin', async (action) => {
    const server = await startLocalCloud({ allowedOrigins: new Set(['http://localhost:3000']) })
    await signUpUser(server)
    const before = requireStoredUser(server, rider.username)

    for (const origin of ['http://localhost:3000', 'https://evil.example', 'null']) {
      expect((await postAction(server, action, before, { Origin: origin })).status).toBe(403)
    }
    expect(
      (await postAction(server, action, before, { 'Sec-Fetch-Site': 'cross-site' })).status,
    ).toBe(403)
    expect(requireStoredUser(server, rider.username)).toEqual(before)
  })

  test.each(actionNames)('CSRF: %s cannot be triggered by a GET request', async (action) => {
    const server = await startLocalCloud()
    await signUpUser(server)
    const before = requireStoredUser(server, rider.username)
    const response = await fetch(`${server.origin}/console/users/${action}?sub=${before.sub}`)

    expect(response.status).toBe(404)
    expect(requireStoredUser(server, rider.username)).toEqual(before)
  })
})

/** The console over a pool that no server serves. */
function createConsoleContext(pool: TestPool): ConsoleContext {
  return {
    pool,
    log: createRequestLog(() => {}),
    report: {
      path: 'pool.yaml',
      pool: { id: 'Pool', line: 1 },
      clients: [],
      groups: [],
      notes: [],
    },
    testClock: undefined,
    look: siteLook,
    inbox: createInbox(pool.store),
    reset: () => Promise.resolve(undefined),
  }
}

describe('phone numbers and SMS in the console', () => {
  const sms = {
    SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::000000000000:role/sms' },
    AutoVerifiedAttributes: ['email', 'phone_number'],
    SmsVerificationMessage: 'Code <b>{####}</b>',
  }
  const start = () => startLocalCloud({ template: writeTemplate({ pool: sms }) })

  test('inbox: an SMS stands there as plain text, in inbox.json with its medium, and in the terminal', async () => {
    const server = await start()
    expect(await readPage(server, '/console/')).toContain('No messages yet.')
    expectSuccess(await server.call('SignUp', toPhoneSignUp({ phone_number: phone }, 'rider')))
    const [message] = await readInbox(server)
    const page = await readPage(server, '/console/')

    expect(message).toMatchObject({
      to: phone,
      subject: '',
      text: `Code <b>${message?.code}</b>`,
      medium: 'SMS',
    })
    expect(page).toContain(`aria-label="SMS, to ${phone}"`)
    expect(page).toContain(`<p class="sms"><bdi>Code &lt;b&gt;${message?.code}&lt;/b&gt;</bdi></p>`)
    expect(page).not.toContain('Show email')
    expect(server.printed).toContain(`SMS to "${phone}": your code is ${message?.code}`)
  })

  test('users: the list and the page of a user show the phone number and whether it is verified', async () => {
    const server = await start()
    await createRiderWithPhone(server, { email: rider.username, phone_number: phone }, 'rider')
    const list = await readPage(server, '/console/users')
    const { sub } = requireStoredUser(server, 'rider')

    expect(list).toContain('<th scope="col">Email and phone</th>')
    expect(list).toMatch(/rider@example\.com<\/bdi> <span class="badge waiting">Not verified/)
    expect(list).toMatch(/\+12065550100<\/bdi> <span class="badge good">Verified/)
    expect(
      await readPage(server, `/console/users?search=${encodeURIComponent('+1206')}`),
    ).toContain(sub)
    expect(await readPage(server, `/console/user?sub=${sub}`)).toContain('phone_number_verified')
  })

  test('user actions: a phone number is set, verified or not, and deleted', async () => {
    const server = await start()
    await signUpUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    const set = async (fields: Readonly<Record<string, string>>) => {
      const response = await postForm(server, '/console/users/set-phone-number', { sub, ...fields })
      const { attributes } = requireStoredUser(server, rider.username)
      return [
        response.status,
        attributes.get('phone_number'),
        attributes.get('phone_number_verified'),
      ]
    }

    expect(await readPage(server, `/console/user?sub=${sub}`)).toContain('Set phone number')
    expect(await set({ phone })).toEqual([303, phone, 'false'])
    expect(await set({ phone, 'phone-verified': 'on' })).toEqual([303, phone, 'true'])
    expect(await set({ phone: '0123' })).toEqual([409, phone, 'true'])
    expect(await set({ phone: '' })).toEqual([303, undefined, undefined])
  })

  test('create user: a user with a phone number alone is invited by SMS', async () => {
    const server = await start()
    const form = { username: 'rider', phone, 'phone-verified': 'on', invitation: 'on' }
    const response = await postForm(server, '/console/create-user', form)

    expect(response.headers.get('location')).toMatch(/done=invite$/)
    expect(server.store.listMessages(2)).toMatchObject([{ medium: 'SMS', to: phone }])
    expect(Object.fromEntries(requireStoredUser(server, 'rider').attributes)).toEqual({
      phone_number: phone,
      phone_number_verified: 'true',
    })
  })

  test.each([
    ['phone', 'Phone number'],
    ['email-or-phone', 'Email or phone number'],
  ] as const)(
    'create user: a pool of usernameModel %s asks for %s',
    async (usernameModel, label) => {
      const pool = await createTestPool({ usernameModel, sendsSms: true })
      const context = createConsoleContext(pool)
      const request = (init: RequestInit) =>
        new Request('http://localhost/console/create-user', init)
      const page = await (await handleConsole(request({}), context)).text()
      const body = new URLSearchParams({ username: phone, 'phone-verified': 'on' })
      await handleConsole(request({ method: 'POST', body }), context)

      expect(page).toContain(`<label for="username">${label}</label>`)
      expect(requireStoredUser(pool, phone).attributes.get('phone_number_verified')).toBe('true')
    },
  )

  test('phone numbers: a pool that sends no SMS does not ask for them', async () => {
    expect(await readPage(shared(), '/console/create-user')).not.toContain('hone number')
  })
})

describe('page that creates a user', () => {
  const path = '/console/create-user'
  const { username } = rider
  const form = { username, email: username, 'email-verified': 'on', invitation: 'on' }

  test('create user: the user is invited, and the page of the user says so', async () => {
    const server = await startLocalCloud()
    const response = await postForm(server, path, form)
    const { sub, status, attributes } = requireStoredUser(server, username)
    const location = response.headers.get('location') ?? ''

    expect([response.status, location]).toEqual([303, `/console/user?sub=${sub}&done=invite`])
    expect(status).toBe('FORCE_CHANGE_PASSWORD')
    expect(Object.fromEntries(attributes)).toEqual({ email: username, email_verified: 'true' })
    expect(server.store.listMessages(10)).toMatchObject([{ to: username }])
    expect(await readPage(server, location)).toContain('The invitation with the temporary')
  })

  test('create user: without an invitation no email is sent, and the password is the given one', async () => {
    const server = await startLocalCloud({ template: openPasswords() })
    const password = 'Given-Passw0rd!'
    await postForm(server, path, { username, 'temporary-password': password })

    expect(server.store.listMessages(10)).toEqual([])
    expect(requireStoredUser(server, username).attributes.size).toBe(0)
    expect((await signInByPassword(server, { username, password })).body).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
    })
  })

  test('create user: a user who has no address is created without an invitation', async () => {
    const server = await startLocalCloud()
    const response = await postForm(server, path, { username, invitation: 'on' })

    expect(response.headers.get('location')).toMatch(/done=create$/)
  })

  test('create user: a pool that signs in by email asks for the address alone', async () => {
    const pool = await createTestPool({ usernameModel: 'email' })
    const context = createConsoleContext(pool)
    const request = (init: RequestInit) => new Request(`http://localhost${path}`, init)
    const page = await (await handleConsole(request({}), context)).text()
    const body = new URLSearchParams({ username, 'email-verified': 'on' })
    await handleConsole(request({ method: 'POST', body }), context)

    expect(page).toContain('<label for="username">Email</label>')
    expect(page).not.toContain('Email (optional)')
    expect(Object.fromEntries(requireStoredUser(pool, username).attributes)).toEqual({
      email: username,
      email_verified: 'true',
    })
  })

  test('create user: a rejected form comes back with the reason and what was typed, as text', async () => {
    const server = shared()
    const typed = '"><b>x'
    const response = await postForm(server, path, { username: typed, email: 'nobody' })
    const page = await response.text()

    expect(response.status).toBe(409)
    expect(page).toContain('Nothing was changed. Invalid email address format.')
    expect(page).toContain('value="&quot;&gt;&lt;b&gt;x"')
    expect(page).not.toContain('<b>x')
    expect(server.store.countUsers()).toBe(0)
  })

  test('CSRF: a user is not created from another origin or by a GET request', async () => {
    const server = await startLocalCloud({ allowedOrigins: new Set(['http://localhost:3000']) })

    for (const Origin of ['http://localhost:3000', 'https://evil.example', 'null']) {
      expect((await postForm(server, path, form, { Origin })).status).toBe(403)
    }
    await readPage(server, `${path}?${new URLSearchParams(form).toString()}`)
    expect(server.store.countUsers()).toBe(0)
  })
})

describe('forms on the page of a user', () => {
  const act = (
    server: LocalCloudServer,
    action: string,
    fields: Readonly<Record<string, string>>,
  ) =>
    postForm(server, `/console/users/${action}`, {
      sub: requireStoredUser(server, rider.username).sub,
      ...fields,
    })

  test('set password: a permanent one signs in, a temporary one asks for another', async () => {
    const server = await startLocalCloud({ template: openPasswords() })
    await signUpUser(server)
    const { username } = rider
    await act(server, 'set-password', { password: 'Permanent-1!', permanent: 'on' })
    expect(
      (await signInByPassword(server, { username, password: 'Permanent-1!' })).body,
    ).toHaveProperty('AuthenticationResult')
    await act(server, 'set-password', { password: 'Temporary-1!' })

    expect(
      (await signInByPassword(server, { username, password: 'Temporary-1!' })).body,
    ).toMatchObject({
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
    })
  })

  test('set password: one that the policy rejects changes nothing and is not shown', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)
    const before = requireStoredUser(server, rider.username)
    const response = await act(server, 'set-password', { password: 'weakweakweak' })
    const page = await response.text()

    expect(response.status).toBe(409)
    expect(page).toContain('Password must have uppercase characters')
    expect(page).not.toContain('weakweakweak')
    expect(requireStoredUser(server, rider.username)).toEqual(before)
  })

  test('groups: a user joins, creates and leaves them, and the page shows them by precedence', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    const createdAtMs = 1
    const group = {
      description: 'Feeds & trains',
      roleArn: undefined,
      createdAtMs,
      modifiedAtMs: 1,
    }
    server.store.insertGroup({ ...group, name: 'trainers', precedence: 1 })
    expect(await readPage(server, `/console/user?sub=${sub}`)).toContain(
      '<option>trainers</option>',
    )
    await act(server, 'create-group', { group: 'owners' })
    await act(server, 'add-to-group', { group: 'trainers' })
    const page = await readPage(server, `/console/user?sub=${sub}`)

    expect(page.indexOf('<bdi>trainers</bdi>')).toBeGreaterThan(0)
    expect(page.indexOf('<bdi>owners</bdi>')).toBeGreaterThan(page.indexOf('<bdi>trainers</bdi>'))
    expect(page).toContain('Feeds &amp; trains')
    expect(page).not.toContain('<option>')
    await act(server, 'remove-from-group', { group: 'trainers' })
    expect(server.store.listGroupsOf(sub).map(({ name }) => name)).toEqual(['owners'])
  })

  test.each([
    ['add-to-group', 'nobody', 'Group not found.'],
    ['create-group', 'riders', 'A group with the name already exists.'],
    ['create-group', 'two words', 'failed to satisfy constraint'],
  ])('groups: %s with %j changes nothing and says why', async (action, group, reason) => {
    const server = await startLocalCloud()
    await signUpUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    const none = { description: undefined, roleArn: undefined, precedence: undefined }
    server.store.insertGroup({ ...none, name: 'riders', createdAtMs: 1, modifiedAtMs: 1 })
    const response = await act(server, action, { group })

    expect(response.status).toBe(409)
    expect(await response.text()).toContain(reason)
    expect(server.store.listGroupsOf(sub)).toEqual([])
  })
})

describe('page of groups', () => {
  const act = (
    server: LocalCloudServer,
    action: string,
    fields: Readonly<Record<string, string>>,
  ) => postForm(server, `/console/groups/${action}`, fields)

  test('groups page: a group is created, edited and deleted, and the page says so', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)
    const created = await act(server, 'create', {
      ...{ group: 'trainers', description: 'Feeds & trains', precedence: '3', 'role-arn': '' },
    })
    expect(created.headers.get('Location')).toBe('/console/groups?done=create')
    server.store.addToGroup({
      groupName: 'trainers',
      sub: requireStoredUser(server, rider.username).sub,
    })
    const page = await readPage(server, '/console/groups?done=create')
    expect(page).toContain('The group is created.')
    expect(page).toContain('<bdi>trainers</bdi>')
    expect(page).toContain('Feeds &amp; trains')
    expect(page).toContain('Precedence 3')

    await act(server, 'update', { group: 'trainers', description: '', precedence: '0' })
    expect(server.store.findGroup('trainers')).toMatchObject({ description: '', precedence: 0 })
    await act(server, 'delete', { group: 'trainers' })
    expect(await readPage(server, '/console/groups?done=delete')).toContain('No groups yet.')
    expect(server.store.countUsers()).toBe(1)
  })

  test.each([
    ['create', { group: 'trainers' }, 'A group with the name already exists.'],
    ['create', { group: 'two words' }, 'failed to satisfy constraint'],
    ['update', { group: 'trainers', precedence: 'first' }, 'can not be converted'],
    ['update', { group: 'trainers', 'role-arn': 'role' }, 'failed to satisfy constraint'],
    ['delete', { group: 'nobody' }, 'Group not found.'],
  ])('groups page: %s with %j changes nothing and says why', async (action, fields, reason) => {
    const server = await startLocalCloud()
    const none = { description: undefined, roleArn: undefined, precedence: 2 }
    const group = { ...none, name: 'trainers', createdAtMs: 1, modifiedAtMs: 1 }
    server.store.insertGroup(group)
    const response = await act(server, action, fields)

    expect(response.status).toBe(409)
    const page = await response.text()
    expect(page).toContain(reason)
    expect(page).toContain('href="/console/groups"')
    expect(server.store.listGroups({ limit: 9 })).toEqual([group])
  })

  test('groups page: it shows fifty groups at a time and links to the next', async () => {
    const server = await startLocalCloud()
    const none = { description: undefined, roleArn: undefined, precedence: undefined }
    for (let index = 0; index < 51; index += 1) {
      const name = `group-${String(index).padStart(2, '0')}`
      server.store.insertGroup({ ...none, name, createdAtMs: 1, modifiedAtMs: 1 })
    }
    const page = await readPage(server, '/console/groups')
    const [, next = ''] = /<p id="next"><a href="([^"]+)">/.exec(page) ?? []

    expect(page).not.toContain('<bdi>group-50</bdi>')
    expect(await readPage(server, next)).toContain('<bdi>group-50</bdi>')
  })

  test('CSRF: a group is not deleted from another origin', async () => {
    const server = await startLocalCloud()
    const none = { description: undefined, roleArn: undefined, precedence: undefined }
    server.store.insertGroup({ ...none, name: 'riders', createdAtMs: 1, modifiedAtMs: 1 })
    const response = await fetch(`${server.origin}/console/groups/delete`, {
      method: 'POST',
      headers: { Origin: 'http://evil.example' },
      body: new URLSearchParams({ group: 'riders' }),
    })

    expect(response.status).toBe(403)
    expect(server.store.findGroup('riders')).toBeDefined()
  })
})

describe('page of app clients', () => {
  test('clients page: it shows those of the template and those made at run time, as they are now', async () => {
    const server = await startLocalCloud()
    const made = await callWithIam(server, 'CreateUserPoolClient', {
      ClientName: 'kiosk-of-the-city',
      GenerateSecret: true,
      AccessTokenValidity: 20,
      TokenValidityUnits: { AccessToken: 'minutes' },
      ReadAttributes: ['email'],
    })
    expectSuccess(made)
    const page = await readPage(server, '/console/clients')

    expect(page).toContain(`<code>${ClientId}</code>`)
    expect(page).toContain('<code>UserPoolClient</code> in the template')
    const [, card = ''] = page.split('kiosk-of-the-city')
    expect(card).toMatch(/<code>[0-9a-z]{26}<\/code>/)
    expect(card).toMatch(/<summary>Show secret<\/summary><code>[0-9a-z]{52}<\/code>/)
    expect(card).toContain('<dd>20 minutes</dd>')
    expect(card).toContain('<dd>30 days</dd>')
    expect(card).toContain('<dd>email</dd>')
    expect(card).toContain('Made at run time')
  })

  test('clients page: it says when all of them are deleted', async () => {
    const server = await startLocalCloud()
    expectSuccess(await callWithIam(server, 'DeleteUserPoolClient', { ClientId }))

    expect(await readPage(server, '/console/clients')).toContain('all of them are deleted')
  })
})

describe('page of a user', () => {
  test('user page: it offers exactly the actions that are possible', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    const offered = [
      ...(await readPage(server, `/console/user?sub=${sub}`)).matchAll(
        /action="\/console\/users\/([\w-]+)"/g,
      ),
    ].map(([, action]) => action)

    expect(offered).toEqual([
      ...['confirm', 'sign-out', 'set-password', 'disable', 'delete'],
      'create-group',
    ])
  })

  test('user page: it shows attributes, second factor and sessions, and no secret', async () => {
    const server = await startLocalCloud({
      template: writeTemplate({
        pool: {
          AutoVerifiedAttributes: ['email'],
          MfaConfiguration: 'ON',
          EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        },
      }),
    })
    await createSignedInUser(server)
    const user = requireStoredUser(server, rider.username)
    server.store.saveSoftwareToken(user.sub, {
      secret: 'GEZDGNBVGY3TQOJQ',
      pendingSecret: undefined,
      lastUsedStep: undefined,
      friendlyDeviceName: undefined,
      enabled: false,
      preferred: true,
    })
    const page = await readPage(server, `/console/user?sub=${user.sub}`)

    expect(page).toContain('<dt>email_verified</dt><dd><bdi>true</bdi>')
    expect(page).toContain('<dt>Authenticator app</dt><dd>On, preferred</dd>')
    expect(page).not.toContain('Turn off authenticator app')
    expect(page).toMatch(/<td[^>]*><span[^>]*>Active</)
    for (const secret of ['GEZDGNBVGY3TQOJQ', user.saltHex, user.verifierHex]) {
      expect(page).not.toContain(secret)
    }
  })

  test('user page: it says who has no password, and who gets a code by email after it', async () => {
    const server = await startLocalCloud({
      template: writeTemplate({
        pool: {
          AutoVerifiedAttributes: ['email'],
          MfaConfiguration: 'OPTIONAL',
          EnabledMfas: ['EMAIL_OTP'],
          EmailConfiguration: { EmailSendingAccount: 'DEVELOPER' },
          Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
        },
        client: { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] },
      }),
    })
    await createSignedInUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    const show = () => readPage(server, `/console/user?sub=${sub}`)
    const before = await show()
    expect(before).not.toContain('<dt>Password</dt>')
    expect(before).not.toContain('<dt>Code by email')

    changeUser(server, rider.username, { hasPassword: false })
    server.store.saveMessageMfa(sub, 'EMAIL_OTP', { enabled: true, preferred: false })
    const after = await show()
    expect(after).toContain('<dt>Password</dt><dd>None</dd>')
    expect(after).toContain('<dt>Code by email after the password</dt><dd>On</dd>')
  })

  test('inbox: a sign-in code stands there, as its email and in inbox.json', async () => {
    const server = await startLocalCloud({
      template: writeTemplate({
        pool: {
          AutoVerifiedAttributes: ['email'],
          Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP'] } },
        },
        client: { ExplicitAuthFlows: ['ALLOW_USER_AUTH'] },
      }),
    })
    await createSignedInUser(server)
    expectSuccess(await initiateUserAuth(server, { PREFERRED_CHALLENGE: 'EMAIL_OTP' }))
    const code = latestCodeFor(server, rider.username)

    expect(code).toMatch(/^\d{8}$/)
    const page = await readPage(server, '/console/')
    expect(page).toContain('Your authentication code')
    expect(page).toContain(code)
    const [newest] = await readInbox(server)
    const text = `Your authentication code is ${code}.`
    expect(newest).toMatchObject({ to: rider.username, code, text })
  })

  test('user page: it disables the authenticator app of a user who has lost it', async () => {
    const server = await startLocalCloud()
    const { AccessToken } = await createSignedInUser(server)
    await enableTotpMfa(server, AccessToken)
    const { sub } = requireStoredUser(server, rider.username)
    expect(await readPage(server, `/console/user?sub=${sub}`)).toContain('turn-off-app')

    await postAction(server, 'turn-off-app', { sub })
    expect(server.store.findSoftwareToken(sub)?.enabled).toBe(false)
    expect(await readPage(server, `/console/user?sub=${sub}`)).not.toContain('turn-off-app')
  })

  test('user page: an unknown user is a 404', async () => {
    const { origin } = shared()

    expect((await fetch(`${origin}/console/user?sub=ghost`)).status).toBe(404)
    expect((await fetch(`${origin}/console/user`)).status).toBe(404)
  })
})

describe('user search', () => {
  const serverWithUsers = shareLocalCloud({}, async (server) => {
    await signUpUser(server, { ...rider, username: 'ada@example.com' })
    await signUpUser(server, { ...rider, username: 'adele@example.com' })
    changeUser(server, 'ada@example.com', { attributes: new Map([['email', 'love@lace.example']]) })
    return server
  })

  async function searchFor(text: string): Promise<readonly string[]> {
    const query = new URLSearchParams({ search: text })
    const page = await readPage(serverWithUsers(), `/console/users?${query}`)
    expect(page).toContain(`value="${text.replaceAll('"', '&quot;')}"`)
    return [...page.matchAll(/<th scope="row"><a[^>]*><bdi>([^<]*)/g)].map(([, name]) => name ?? '')
  }

  test.each([
    ['ad', ['ada@example.com', 'adele@example.com']],
    ['ADELE', ['adele@example.com']],
    ['love@', ['ada@example.com']],
    ['nobody', []],
    ['"%_', []],
  ])('user search: %s finds %j', async (text, found) => {
    expect(await searchFor(text)).toEqual(found)
  })
})

describe('requests page', () => {
  test('requests page: the name of an operation breaks before a word', async () => {
    const server = await startLocalCloud()
    await server.call('CompleteWebAuthnRegistration', {})
    const page = await (await fetch(`${server.origin}/console/requests`)).text()

    expect(page).toContain('<strong>Complete<wbr>Web<wbr>Authn<wbr>Registration</strong>')
  })

  test('requests page: it shows why a sign-in failed, newest first', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)
    await server.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'ghost', SRP_A: '0' },
    })
    const rows = [
      ...(await readPage(server, '/console/requests')).matchAll(/<summary>\n.*?<\/summary>/gs),
    ]

    expect(rows.map(([row]) => row.replace(/<[^>]*>|\n/g, ' '))).toEqual([
      expect.stringMatching(
        /^ +400 +InitiateAuth +ghost .*NotAuthorizedException: Incorrect username or password\. +\(SRP_A is not hex.*\) /,
      ),
      expect.stringMatching(/^ +200 OK +SignUp +rider@example\.com /),
    ])
  })

  test('requests page: it can show failed requests only', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)
    await server.call('NoSuchOperation', {})
    const page = await readPage(server, '/console/requests?failed')

    expect(page).toContain('NoSuchOperation')
    expect(page).not.toContain('>SignUp<')
  })
})

describe('test clock', () => {
  test('test clock: moving it makes a code expire', async () => {
    const server = await startLocalCloud()
    await signUpUser(server)
    const response = await moveClock(server, '{"advanceSeconds":86400}')

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ now: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) })
    expectError(
      await server.call('ConfirmSignUp', {
        ClientId,
        Username: rider.username,
        ConfirmationCode: latestCodeFor(server, rider.username),
      }),
      codeExpired,
    )
  })

  test('test clock: it moves by fractions of a second and the pool goes on', async () => {
    const server = await startLocalCloud()

    expect((await moveClock(server, '{"advanceSeconds":0.0004}')).status).toBe(200)
    await createConfirmedUser(server)
  })

  test('test clock: it is refused unless the server was started with it', async () => {
    const server = await startLocalCloud({ testClock: false })
    const response = await moveClock(server, '{"advanceSeconds":86400}')

    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      message: expect.stringContaining('LOCAL_CLOUD_TEST_CLOCK=1'),
    })
    expect(Math.abs(server.clock.nowMs() - Date.now())).toBeLessThan(60_000)
  })

  test.each([
    '',
    'soon',
    'null',
    '[]',
    '{}',
    '86400',
    '{"advanceSeconds":"60"}',
    '{"advanceSeconds":-1}',
    '{"advanceSeconds":null}',
    '{"advanceSeconds":1e999}',
    '{"advanceSeconds":1e12}',
    '{"advanceSeconds":{"valueOf":60}}',
  ])('test clock: it rejects the body %s', async (body) => {
    const server = shared()
    const response = await moveClock(server, body)

    expect(response.status).toBe(400)
    expect(Math.abs(server.clock.nowMs() - Date.now())).toBeLessThan(60_000)
  })
})

describe('passkeys of a user', () => {
  async function createServerWithPasskey() {
    const server = await startLocalCloud()
    const { AccessToken } = await createSignedInUser(server)
    const { id } = await addPasskey(server, AccessToken)
    return { server, id, ...requireStoredUser(server, rider.username) }
  }

  const remove = ({ origin }: LocalCloudServer, form: Record<string, string>) =>
    fetch(`${origin}/console/passkeys/remove`, {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    })

  test('the page of a user shows the name of each passkey and the beginning of its id', async () => {
    const { server, id, sub } = await createServerWithPasskey()
    const page = await readPage(server, `/console/user?sub=${sub}`)

    expect(page).toContain('<h2>Passkeys</h2>')
    expect(page).toContain('Platform passkey')
    expect(page).toContain(`>${id.slice(0, 12)}…<`)
    expect(page).toContain(`aria-label="Remove passkey ${id.slice(0, 12)}…"`)
    await createConfirmedUser(server, { ...rider, username: 'other@example.com' })
    const other = requireStoredUser(server, 'other@example.com').sub
    expect(await readPage(server, `/console/user?sub=${other}`)).toContain('No passkeys yet.')
  })

  test('a passkey is removed, once, and the page says so', async () => {
    const { server, id, sub } = await createServerWithPasskey()
    const removed = await remove(server, { sub, passkey: id })
    const location = removed.headers.get('location') ?? ''

    expect(removed.status).toBe(303)
    expect(server.store.listWebAuthnCredentialsOf(sub)).toEqual([])
    expect(await readPage(server, location)).toContain(
      'The passkey is removed. It stays on its device, and signs nobody in.',
    )
    expect((await remove(server, { sub, passkey: id })).status).toBe(409)
    expect((await remove(server, { sub: 'nobody', passkey: id })).status).toBe(404)
  })

  test("another user's passkey is not removed", async () => {
    const { server, id, sub } = await createServerWithPasskey()
    await createConfirmedUser(server, { ...rider, username: 'other@example.com' })
    const other = requireStoredUser(server, 'other@example.com').sub

    expect((await remove(server, { sub: other, passkey: id })).status).toBe(409)
    expect(server.store.listWebAuthnCredentialsOf(sub)).toHaveLength(1)
  })
})
