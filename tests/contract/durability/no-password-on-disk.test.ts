/** Plaintext passwords: no file of the data folder and no line of the terminal has one in any encoding. */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createIdentityClient } from '../../support/identity-client.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { latestCodeFor, requestPasswordReset, rider } from '../../support/users.ts'

const first = 'Fïrst-Secret~1/?'
const second = 'Sécond-Secret~2/?'

/** Encodings of the secret; of base64 the part that is the same at every offset. */
function findSpellings(secret: string): readonly Buffer[] {
  const bytes = Buffer.from(secret, 'utf8')
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64')
    return text.slice(offset === 0 ? 0 : 4, -4)
  })
  const hashes = ['sha1', 'sha256', 'sha512', 'md5'].flatMap((algorithm) => {
    const hash = createHash(algorithm).update(bytes).digest()
    return [hash, hash.toString('hex'), hash.toString('base64')]
  })
  return [
    bytes,
    Buffer.from(secret, 'utf16le'),
    Buffer.from(secret, 'latin1'),
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    encodeURI(secret),
    ...[bytes.toString('hex'), bytes.toString('hex').toUpperCase()],
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...hashes,
  ].map((spelling) => Buffer.from(spelling))
}

function readFolder({ dataFolder }: LocalCloudServer): ReadonlyMap<string, Buffer> {
  return new Map(
    readdirSync(dataFolder).map((name) => [name, readFileSync(join(dataFolder, name))]),
  )
}

test('plaintext password: none is on disk or printed after sign-up, sign-in, a wrong password and a reset', async () => {
  const server = await startLocalCloud()
  const { username } = rider
  const client = createIdentityClient(server.endpoint)
  await client.signUp({ username, password: first })
  await client.confirm({ username, code: latestCodeFor(server, username) })
  const { session } = await client.signIn({ username, password: first })
  await expect(client.signIn({ username, password: second })).rejects.toThrow()
  const code = await requestPasswordReset(server, username)
  await client.confirmPassword({ username, password: second, code })

  const files = readFolder(server)
  const terminal = Buffer.from(server.printed.join('\n'))
  const places = [...files.values(), terminal]
  const tokens = [
    session.getRefreshToken().getToken(),
    session.getAccessToken().getJwtToken(),
    session.getIdToken().getJwtToken(),
  ]

  // The search must find what is there: the user, in the files that include the write-ahead log.
  expect([...files.keys()]).toContain('user-pool.sqlite-wal')
  expect(places.some((place) => place.includes(username))).toBe(true)
  for (const spelling of [first, second].flatMap(findSpellings)) {
    expect(places.filter((place) => place.includes(spelling))).toEqual([])
  }
  for (const token of tokens) {
    expect(places.filter((place) => place.includes(token))).toEqual([])
  }
})

test('self-test: every encoding that is searched for is long enough to exclude chance hits', () => {
  for (const spelling of findSpellings(first)) expect(spelling.length).toBeGreaterThan(11)
})

test('self-test: a base64-encoded password is found at any offset', () => {
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const text = Buffer.from(`${before}${first}~~~`).toString('base64')

    expect(findSpellings(first).some((spelling) => text.includes(spelling.toString()))).toBe(true)
  }
})
