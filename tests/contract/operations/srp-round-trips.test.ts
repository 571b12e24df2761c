/** SRP with the published client library and the real server: passwords of every kind. */

import { randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { signUpWithClient, startServerAndClient } from '../../support/server-and-client.ts'
import { rider } from '../../support/users.ts'

const incorrect = {
  code: 'NotAuthorizedException',
  message: 'Incorrect username or password.',
}

describe('SRP with Unicode passwords', () => {
  test.each([
    'Grüße-€-🔑-9aB',
    'Пароль-Aa1!',
    '密码密码 Aa1!',
    'Aa1!\u0065\u0301\u200d\ufe0f👩‍🚀',
    `Aa1!${'x'.repeat(252)}`,
  ])('SRP: the password %s signs in', async (password) => {
    const parts = await startServerAndClient()
    await signUpWithClient(parts, { ...rider, password })

    await expect(parts.client.signIn({ ...rider, password })).resolves.toHaveProperty('session')
  })

  test('SRP: passwords are compared byte for byte, without Unicode normalization', async () => {
    const parts = await startServerAndClient()
    await signUpWithClient(parts, { ...rider, password: 'Passw0rd!\u00e9' })

    await expect(
      parts.client.signIn({ ...rider, password: 'Passw0rd!e\u0301' }),
    ).rejects.toMatchObject(incorrect)
  })
})

test('SRP: twenty users with random passwords sign in, and none with a character missing', async () => {
  const parts = await startServerAndClient()
  for (let index = 0; index < 20; index += 1) {
    const credentials = { username: `rider-${index}@example.com`, password: pickPassword() }
    await signUpWithClient(parts, credentials)

    await expect(
      parts.client.signIn(credentials),
      `password ${JSON.stringify(credentials.password)}`,
    ).resolves.toHaveProperty('session')
    if (index % 10 === 0) {
      const password = credentials.password.slice(0, -1)
      await expect(parts.client.signIn({ ...credentials, password })).rejects.toMatchObject(
        incorrect,
      )
    }
  }
}, 120_000)

/** A password of 8 to 32 characters, of all four classes and some in other scripts. */
function pickPassword(): string {
  const alphabet = [...'abcXYZ0123456789!"#$%&()*+,-./:;<=>?@[]^_`{|}~äßéñçøλжשعगあ漢한🦄🔑']
  const length = 4 + randomInt(25)
  const middle = Array.from({ length }, () => alphabet[randomInt(alphabet.length)])
  return `aB${middle.join('')}3!`
}
