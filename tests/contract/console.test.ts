/** The pages and the data a developer looks at. */

import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { type LocalCloudServer, startLocalCloud } from '../support/local-cloud-server.ts'
import {
  ClientId,
  confirmUser,
  latestCodeFor,
  registerUser,
  requestReset,
  requireStoredUser,
  rider,
} from '../support/users.ts'
import { expectRefusal, expectSuccess } from '../support/wire.ts'

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

function postForm(
  { origin }: LocalCloudServer,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${origin}/console/users/confirm`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(fields),
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
    ['/console/console.js', 'text/javascript; charset=utf-8', /document\.querySelector/],
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
      expect(page.match(/<script/g)).toHaveLength(1)
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

describe('confirming a user by hand', () => {
  test('confirms and leads back to the users', async () => {
    const server = await startLocalCloud()
    await registerUser(server)
    const response = await postForm(server, { username: rider.username })

    expect([response.status, response.headers.get('location')]).toEqual([303, '/console/users'])
    expect(requireStoredUser(server, rider.username).status).toBe('CONFIRMED')
  })

  test.each([
    ['of nobody', { username: 'ghost@example.com' }, 'User does not exist.'],
    ['without a name', {}, 'User does not exist.'],
  ])('%s changes nothing and says why', async (_, fields, message) => {
    const server = await startLocalCloud()
    const response = await postForm(server, fields)

    expect(response.status).toBe(409)
    expect(await response.text()).toContain(message)
  })

  test('twice says that it is done', async () => {
    const server = await startLocalCloud()
    await confirmUser(server)
    const response = await postForm(server, { username: rider.username })

    expect(response.status).toBe(409)
    expect(await response.text()).toContain('Current status is CONFIRMED')
  })

  test('is for pages of this origin only', async () => {
    const server = await startLocalCloud()
    await registerUser(server)
    const fields = { username: rider.username }

    for (const origin of ['http://localhost:3000', 'https://evil.example', 'null']) {
      expect((await postForm(server, fields, { Origin: origin })).status).toBe(403)
    }
    expect((await postForm(server, fields, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect(requireStoredUser(server, rider.username).status).toBe('UNCONFIRMED')
    expect((await postForm(server, fields, { Origin: server.origin })).status).toBe(303)
  })

  test('does not happen by following a link', async () => {
    const server = await startLocalCloud()
    await registerUser(server)
    const query = new URLSearchParams({ username: rider.username })
    const response = await fetch(`${server.origin}/console/users/confirm?${query}`)

    expect(response.status).toBe(404)
    expect(requireStoredUser(server, rider.username).status).toBe('UNCONFIRMED')
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
