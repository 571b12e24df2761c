/** The pages and the data a developer looks at. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { userActions } from '../../../src/local-cloud/console/user-actions.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { writeTemplate } from '../../support/template-file.ts'
import { switchOnApp } from '../../support/totp.ts'
import {
  ClientId,
  changeUser,
  confirmUser,
  latestCodeFor,
  registerUser,
  requestReset,
  requireStoredUser,
  rider,
  signInUser,
} from '../../support/users.ts'
import { expectRefusal, expectSuccess } from '../../support/wire.ts'

const inbox = v.strictObject({
  messages: v.array(
    v.strictObject({
      id: v.number(),
      to: v.string(),
      subject: v.string(),
      text: v.string(),
      code: v.pipe(v.string(), v.regex(/^[0-9]{6}$/)),
      sentAt: v.pipe(v.string(), v.isoTimestamp()),
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
  return response.text()
}

function postAct(
  { origin }: LocalCloudServer,
  act: string,
  { sub }: { readonly sub?: string },
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${origin}/console/users/${act}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(sub === undefined ? {} : { sub }),
    redirect: 'manual',
  })
}

function moveClock({ origin }: LocalCloudServer, body: string): Promise<Response> {
  return fetch(`${origin}/console/clock`, { method: 'POST', body })
}

describe('the inbox as data', () => {
  test('is empty at first', async () => {
    expect(await readInbox(await startLocalCloud())).toEqual([])
  })

  test('has every letter, newest first', async () => {
    const server = await startLocalCloud()
    await confirmUser(server)
    await registerUser(server, { ...rider, username: 'second@example.com' })
    await requestReset(server, rider.username)
    const messages = await readInbox(server)

    expect(messages.map(({ to }) => to)).toEqual([
      rider.username,
      'second@example.com',
      rider.username,
    ])
    expect(messages.map(({ id }) => id)).toEqual([3, 2, 1])
    expect(messages[0]).toMatchObject({
      subject: 'Your Wild Rydes code',
      text: expect.stringContaining(`code is ${messages[0]?.code}.`),
    })
  })

  test('has the code that confirms', async () => {
    const server = await startLocalCloud()
    await registerUser(server)
    const [letter] = await readInbox(server)

    expectSuccess(
      await server.call('ConfirmSignUp', {
        ClientId,
        Username: rider.username,
        ConfirmationCode: letter?.code,
      }),
    )
  })

  test('is printed as well', async () => {
    const server = await startLocalCloud()
    await registerUser(server)

    expect(server.printed).toContain(
      `mail to "${rider.username}": your code is ${latestCodeFor(server, rider.username)}`,
    )
  })
})

describe('the pages', () => {
  test('show the newest letter with its code', async () => {
    const server = await startLocalCloud()
    await registerUser(server)
    const page = await readPage(server, '/console/')

    expect(page).toContain(`<code>${latestCodeFor(server, rider.username)}</code>`)
    expect(page).toContain(`<bdi>${rider.username}</bdi>`)
  })

  test('lead from a letter to this machine, and to nowhere else', async () => {
    const server = await startLocalCloud({ siteUrl: 'http://localhost:5173' })
    await registerUser(server)
    const link = `http://localhost:5173/verify.html#code=${latestCodeFor(server, rider.username)}`

    expect(await readPage(server, '/console/')).toContain(`<a href="${link}">${link}</a>`)
  })

  test.each([
    'https://evil.example/',
    'http://localhost.evil.example:1/',
    'javascript://localhost:1/x',
  ])('follow no address %s in a letter', async (siteUrl) => {
    const server = await startLocalCloud({ siteUrl })
    await registerUser(server)
    const page = await readPage(server, '/console/')

    expect(page).toContain(siteUrl)
    expect(page).not.toContain(`href="${siteUrl}`)
  })

  test('show the users, with a button for those who are not confirmed', async () => {
    const server = await startLocalCloud()
    await confirmUser(server)
    await registerUser(server, { ...rider, username: 'second@example.com' })
    const page = await readPage(server, '/console/users')

    expect(page).toContain('Confirm user second@example.com')
    expect(page).not.toContain(`Confirm user ${rider.username}`)
  })

  test('show fifty users at a time and lead to the others', async () => {
    const server = await startLocalCloud()
    for (let index = 100; index < 151; index += 1) {
      await registerUser(server, { ...rider, username: `a&b-${index}@example.com` })
    }
    const page = await readPage(server, '/console/users')
    const [, next = ''] = /<a href="([^"]+)">Next page</.exec(page) ?? []
    const nextPage = await readPage(server, next)

    expect(page.match(/<tr>\n<th scope="row">/g)).toHaveLength(50)
    expect(nextPage.match(/<tr>\n<th scope="row">/g)).toHaveLength(1)
    expect(nextPage).toContain('a&amp;b-150@example.com')
    expect(nextPage).not.toContain('Next page')
  })

  test('say so where there is nothing yet', async () => {
    const server = await startLocalCloud()

    expect(await readPage(server, '/console/')).toContain('No letters yet.')
    expect(await readPage(server, '/console/users')).toContain('No users yet.')
  })

  test('have a strict policy, and may be put into no frame and no cache', async () => {
    const { origin } = await startLocalCloud()
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
  ])('have %s', async (path, type, content) => {
    const { origin } = await startLocalCloud()
    const response = await fetch(`${origin}${path}`)

    expect(response.headers.get('content-type')).toBe(type)
    expect(await response.text()).toMatch(content)
  })

  test('are found without the last slash and from the root', async () => {
    const { origin } = await startLocalCloud()

    for (const path of ['/console', '/']) {
      const response = await fetch(`${origin}${path}`, { redirect: 'manual' })
      expect([response.status, response.headers.get('location')]).toEqual([303, '/console/'])
    }
  })

  test.each(['/console/nowhere', '/console/<b>', '/console/%3Cscript%3E', '/console/../console/x'])(
    'are not found at %s',
    async (path) => {
      const { origin } = await startLocalCloud()
      const response = await fetch(`${origin}${path}`)

      expect(response.status).toBe(404)
      expect(await response.text()).not.toMatch(/<b>|<script>/)
    },
  )
})

describe('hostile text', () => {
  const payloads = [
    '<script>alert(1)</script>@x',
    '"><img/src=x/onerror=alert(1)>@x',
    "'onmouseover='alert(1)'@x",
    '</title><svg/onload=alert(1)>@x',
    'javascript:alert(1)@x',
    '&lt;b&gt;@x',
    '{{7*7}}@x',
  ]

  test.each(payloads)('%j is shown as text in the inbox and among the users', async (username) => {
    const server = await startLocalCloud()
    await registerUser(server, { ...rider, username })
    const pages = [await readPage(server, '/console/'), await readPage(server, '/console/users')]

    for (const page of pages) {
      const shown = page.match(/<bdi>(.*?)<\/bdi>/)?.[1] ?? ''
      expect(toText(shown)).toBe(username)
      expect(shown).not.toMatch(/[<>"']/)
      expect(page.match(/<script(?! src="\/console\/theme\.js"><)/g)).toHaveLength(1)
      expect(page).not.toMatch(/<(img|svg)|<[^>]+ on\w+=/)
    }
    expect((await readInbox(server))[0]?.to).toBe(username)
  })

  /** What a browser makes of the five entities. */
  function toText(markup: string): string {
    return markup
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&')
  }

  test('as the place in the list leads to a page and to nothing else', async () => {
    const server = await startLocalCloud()

    expect(
      await readPage(server, `/console/users?after=${encodeURIComponent('"><b>')}`),
    ).not.toContain('<b>')
  })
})

describe('an act on a user', () => {
  /** Each act, with a user it can be done to and what it leads to. */
  const done: readonly (readonly [string, (server: LocalCloudServer) => Promise<void>, object])[] =
    [
      ['confirm', async (server) => void (await registerUser(server)), { status: 'CONFIRMED' }],
      ['disable', confirmUser, { enabled: false }],
      [
        'enable',
        async (server) => {
          await confirmUser(server)
          changeUser(server, rider.username, { enabled: false })
        },
        { enabled: true },
      ],
      ['reset-password', confirmUser, { status: 'RESET_REQUIRED' }],
      ['sign-out', confirmUser, { status: 'CONFIRMED' }],
    ]

  test.each(done)('%s is done, and the page of the user says so', async (act, prepare, state) => {
    const server = await startLocalCloud()
    await prepare(server)
    const { sub } = requireStoredUser(server, rider.username)
    const response = await postAct(server, act, { sub })
    const location = response.headers.get('location') ?? ''

    expect([response.status, location]).toEqual([303, `/console/user?sub=${sub}&done=${act}`])
    expect(requireStoredUser(server, rider.username)).toMatchObject(state)
    expect(await readPage(server, location)).toMatch(/<p role="status" id="status">[A-Z].*\.</)
  })

  test('sign-out ends every sign-in', async () => {
    const server = await startLocalCloud()
    await signInUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    await postAct(server, 'sign-out', { sub })

    expect(server.store.listSessionsOf(sub, 10)).toMatchObject([{ revoked: true }])
    expect(await readPage(server, `/console/user?sub=${sub}`)).toContain('<td>ended</td>')
  })

  test('reset-password mails a code', async () => {
    const server = await startLocalCloud()
    await confirmUser(server)
    await postAct(server, 'reset-password', requireStoredUser(server, rider.username))

    expect(server.store.listEmails(10)).toHaveLength(2)
  })

  test('delete leads back to the users, and the user is gone', async () => {
    const server = await startLocalCloud()
    await confirmUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    const response = await postAct(server, 'delete', { sub })

    const location = response.headers.get('location') ?? ''
    expect([response.status, location]).toEqual([303, '/console/users?done=delete'])
    expect(await readPage(server, location)).toContain('The user is deleted.')
    expect(server.store.findUserBySub(sub)).toBeUndefined()
  })

  test.each([['of nobody', { sub: 'ghost' }] as const, ['without a sub', {}] as const])(
    '%s changes nothing and says why',
    async (_, fields) => {
      const server = await startLocalCloud()
      const response = await postAct(server, 'confirm', fields)

      expect(response.status).toBe(404)
      expect(await response.text()).toContain('No such user')
    },
  )

  test('that the operation refuses changes nothing and says why', async () => {
    const server = await startLocalCloud()
    await confirmUser(server)
    const response = await postAct(server, 'confirm', requireStoredUser(server, rider.username))

    expect(response.status).toBe(409)
    expect(await response.text()).toContain('Current status is CONFIRMED')
  })

  test.each(userActions.map(({ name }) => name))(
    '%s is for pages of this origin only',
    async (act) => {
      const server = await startLocalCloud({ allowedOrigins: new Set(['http://localhost:3000']) })
      await registerUser(server)
      const before = requireStoredUser(server, rider.username)

      for (const origin of ['http://localhost:3000', 'https://evil.example', 'null']) {
        expect((await postAct(server, act, before, { Origin: origin })).status).toBe(403)
      }
      expect((await postAct(server, act, before, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(
        403,
      )
      expect(requireStoredUser(server, rider.username)).toEqual(before)
    },
  )

  test.each(userActions.map(({ name }) => name))(
    '%s does not happen by following a link',
    async (act) => {
      const server = await startLocalCloud()
      await registerUser(server)
      const before = requireStoredUser(server, rider.username)
      const response = await fetch(`${server.origin}/console/users/${act}?sub=${before.sub}`)

      expect(response.status).toBe(404)
      expect(requireStoredUser(server, rider.username)).toEqual(before)
    },
  )
})

describe('the page of a user', () => {
  test('offers what can be done, and only that', async () => {
    const server = await startLocalCloud()
    await registerUser(server)
    const { sub } = requireStoredUser(server, rider.username)
    const offered = [
      ...(await readPage(server, `/console/user?sub=${sub}`)).matchAll(
        /action="\/console\/users\/([\w-]+)"/g,
      ),
    ].map(([, act]) => act)

    expect(offered).toEqual(['confirm', 'disable', 'sign-out', 'delete'])
  })

  test('tells the attributes, the second factor and the sign-ins, and no secret', async () => {
    const server = await startLocalCloud({
      template: writeTemplate({
        pool: {
          AutoVerifiedAttributes: ['email'],
          MfaConfiguration: 'ON',
          EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        },
      }),
    })
    await signInUser(server)
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
    expect(page).toContain('authenticator app, on, preferred')
    expect(page).not.toContain('Turn off authenticator app')
    expect(page).toContain('<td>active</td>')
    for (const secret of ['GEZDGNBVGY3TQOJQ', user.saltHex, user.verifierHex]) {
      expect(page).not.toContain(secret)
    }
  })

  test('turns the authenticator app off for one who has lost it', async () => {
    const server = await startLocalCloud()
    const { AccessToken } = await signInUser(server)
    await switchOnApp(server, AccessToken)
    const { sub } = requireStoredUser(server, rider.username)
    expect(await readPage(server, `/console/user?sub=${sub}`)).toContain('turn-off-app')

    await postAct(server, 'turn-off-app', { sub })
    expect(server.store.findSoftwareToken(sub)?.enabled).toBe(false)
    expect(await readPage(server, `/console/user?sub=${sub}`)).not.toContain('turn-off-app')
  })

  test('of nobody says so', async () => {
    const { origin } = await startLocalCloud()

    expect((await fetch(`${origin}/console/user?sub=ghost`)).status).toBe(404)
    expect((await fetch(`${origin}/console/user`)).status).toBe(404)
  })
})

describe('a search among the users', () => {
  async function searchFor(text: string): Promise<readonly string[]> {
    const server = await startLocalCloud()
    await registerUser(server, { ...rider, username: 'ada@example.com' })
    await registerUser(server, { ...rider, username: 'adele@example.com' })
    changeUser(server, 'ada@example.com', { attributes: new Map([['email', 'love@lace.example']]) })
    const query = new URLSearchParams({ search: text })
    const page = await readPage(server, `/console/users?${query}`)
    expect(page).toContain(`value="${text.replaceAll('"', '&quot;')}"`)
    return [...page.matchAll(/<th scope="row"><a[^>]*><bdi>([^<]*)/g)].map(([, name]) => name ?? '')
  }

  test.each([
    ['ad', ['ada@example.com', 'adele@example.com']],
    ['ADELE', ['adele@example.com']],
    ['love@', ['ada@example.com']],
    ['nobody', []],
    ['"%_', []],
  ])('for %s finds %j', async (text, found) => {
    expect(await searchFor(text)).toEqual(found)
  })
})

describe('the requests', () => {
  test('tell why a sign-in failed, newest first', async () => {
    const server = await startLocalCloud()
    await registerUser(server)
    await server.call('InitiateAuth', {
      ClientId,
      AuthFlow: 'USER_SRP_AUTH',
      AuthParameters: { USERNAME: 'ghost', SRP_A: '0' },
    })
    const rows = [...(await readPage(server, '/console/requests')).matchAll(/<tr>\n.*?<\/tr>/gs)]

    expect(rows.map(([row]) => row.replace(/<[^>]*>|\n/g, ' '))).toEqual([
      expect.stringMatching(
        /InitiateAuth +400 +NotAuthorizedException: Incorrect username or password\. +\(SRP_A is not hex.*\) +ghost /,
      ),
      expect.stringMatching(/SignUp +200 +rider@example\.com /),
    ])
  })

  test('may be those that failed alone', async () => {
    const server = await startLocalCloud()
    await registerUser(server)
    await server.call('NoSuchOperation', {})
    const page = await readPage(server, '/console/requests?failed')

    expect(page).toContain('NoSuchOperation')
    expect(page).not.toContain('<td>SignUp</td>')
  })
})

describe('the test clock', () => {
  test('lets a code expire', async () => {
    const server = await startLocalCloud()
    await registerUser(server)
    const response = await moveClock(server, '{"advanceSeconds":86400}')

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ now: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) })
    expectRefusal(
      await server.call('ConfirmSignUp', {
        ClientId,
        Username: rider.username,
        ConfirmationCode: latestCodeFor(server, rider.username),
      }),
      {
        type: 'ExpiredCodeException',
        message: 'Invalid code provided, please request a code again.',
      },
    )
  })

  test('may move by part of a second, and the pool goes on', async () => {
    const server = await startLocalCloud()

    expect((await moveClock(server, '{"advanceSeconds":0.0004}')).status).toBe(200)
    await confirmUser(server)
  })

  test('stands still unless the server was started for tests', async () => {
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
  ])('does not move for %s', async (body) => {
    const server = await startLocalCloud()
    const response = await moveClock(server, body)

    expect(response.status).toBe(400)
    expect(Math.abs(server.clock.nowMs() - Date.now())).toBeLessThan(60_000)
  })
})
