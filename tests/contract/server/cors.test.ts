/** CORS: the response headers that let a page of another origin use the API. */

import { expect, test } from 'vitest'
import { createTestPool } from '../../support/test-pool.ts'
import { ClientId } from '../../support/users.ts'

const exposed = 'x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date'

test.each([
  ['a successful response', { ClientId, Username: 'ghost@example.com' }, 200],
  ['an error response', {}, 400],
])('CORS: %s is readable, with its headers', async (_, body, status) => {
  const pool = await createTestPool()
  const answer = await pool.call('ForgotPassword', body)

  expect(answer.status).toBe(status)
  expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  expect(answer.headers.get('access-control-expose-headers')).toBe(exposed)
})

test('CORS: a preflight is answered with the requested headers', async () => {
  const pool = await createTestPool()
  const asked = 'cache-control,content-type,x-amz-target,x-amz-user-agent'
  const response = await pool.respond(
    new Request('http://localhost/', {
      method: 'OPTIONS',
      headers: {
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': asked,
      },
    }),
  )

  expect(response.status).toBe(200)
  expect(await response.text()).toBe('')
  expect(Object.fromEntries(response.headers)).toEqual({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': asked,
    'access-control-expose-headers': exposed,
    'access-control-max-age': '172800',
  })
})

test('CORS: a preflight is no operation and is not logged', async () => {
  const pool = await createTestPool()
  await pool.respond(new Request('http://localhost/', { method: 'OPTIONS' }))

  expect(pool.logEntries).toEqual([])
})
