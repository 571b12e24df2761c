import { expect, test } from 'vitest'
import { parseJwt } from '../../../../../src/site/auth/session/jwt.ts'

function jwt(claims: unknown): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`
}

test('JWT: reads claims in any script', () => {
  const parsed = parseJwt(jwt({ iat: 1, exp: 2, name: 'Zoë 🦄 ÿ?' }))
  expect(parsed).toMatchObject({ issuedAt: 1, expiresAt: 2, claims: { name: 'Zoë 🦄 ÿ?' } })
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
])('JWT: %j is not one', (text) => {
  expect(parseJwt(text)).toBeUndefined()
})
