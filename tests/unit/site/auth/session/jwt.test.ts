import { expect, test } from 'vitest'
import { parseToken } from '../../../../../src/site/auth/session/jwt.ts'

function jwt(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`
}

test('a token is read whatever letters its claims have', () => {
  const token = parseToken(jwt({ iat: 1, exp: 2, name: 'Zoë 🦄 ÿ?' }))
  expect(token).toMatchObject({ issuedAt: 1, expiresAt: 2, claims: { name: 'Zoë 🦄 ÿ?' } })
})

test.each([
  '',
  'nonsense',
  'a.b.c',
  'e30.bnVsbA.x',
  jwt(null),
  jwt([]),
  jwt('text'),
  jwt({ iat: 1 }),
  jwt({ iat: '1', exp: '2' }),
])('%j is no token', (text) => {
  expect(parseToken(text)).toBeUndefined()
})
