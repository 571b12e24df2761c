/** No file of the data folder, and no line in the terminal, holds a password in any spelling. */

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createIdentityClient } from '../../support/identity-client.ts'
import { type LocalCloudServer, startLocalCloud } from '../../support/local-cloud-server.ts'
import { latestCodeFor, requestReset, rider } from '../../support/users.ts'

const first = 'Fïrst-Secret~1/?'
const second = 'Sécond-Secret~2/?'

/** The secret as it may lie about; of base64 the part that is the same wherever the text begins. */
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

test('after sign-up, sign-in, a wrong password and a reset', async () => {
  const server = await startLocalCloud()
  const { username } = rider
  const client = createIdentityClient(server.endpoint)
  await client.signUp({ username, password: first })
  await client.confirm({ username, code: latestCodeFor(server, username) })
  const { session } = await client.signIn({ username, password: first })
  await expect(client.signIn({ username, password: second })).rejects.toThrow()
  const code = await requestReset(server, username)
  await client.confirmPassword({ username, password: second, code })

  const files = readFolder(server)
  const terminal = Buffer.from(server.printed.join('\n'))
  const places = [...files.values(), terminal]
  const tokens = [
    session.getRefreshToken().getToken(),
    session.getAccessToken().getJwtToken(),
    session.getIdToken().getJwtToken(),
  ]

  // That the search finds what is there: the log is among the files, and holds the user.
  expect([...files.keys()]).toContain('user-pool.sqlite-wal')
  expect(places.some((place) => place.includes(username))).toBe(true)
  for (const spelling of [first, second].flatMap(findSpellings)) {
    expect(places.filter((place) => place.includes(spelling))).toEqual([])
  }
  for (const token of tokens) {
    expect(places.filter((place) => place.includes(token))).toEqual([])
  }
})

test('the search takes no spelling so short that chance could write it', () => {
  for (const spelling of findSpellings(first)) expect(spelling.length).toBeGreaterThan(11)
})

test('the search finds a password wherever base64 of its surroundings puts it', () => {
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const text = Buffer.from(`${before}${first}~~~`).toString('base64')

    expect(findSpellings(first).some((spelling) => text.includes(spelling.toString()))).toBe(true)
  }
})
