/** A password goes out as typed, and in its NFC form only when the user sends the same text again. */

import { expect, test } from 'vitest'
import { AuthError } from '../../../../src/site/auth/auth-error.ts'
import { createPasswordSender } from '../../../../src/site/auth/typed-password.ts'

const nfd = 'Cafe\u0301-1234'
const nfc = 'Caf\u00e9-1234'

/** Sends passwords one after the other. @returns what went out */
async function sendAll(
  attempts: readonly { readonly username?: string; readonly password: string }[],
  code: 'incorrect-credentials' | 'timeout' | 'attempts-exceeded' = 'incorrect-credentials',
): Promise<readonly string[]> {
  const sent: string[] = []
  const send = createPasswordSender()
  for (const attempt of attempts) {
    const error = new AuthError(code, 'refused')
    await expect(
      send(attempt, async (password) => {
        sent.push(password)
        throw error
      }),
    ).rejects.toBe(error)
  }
  return sent
}

const attempt = { username: 'ada', password: nfd }

test('each press is one try: as typed, as NFC, and as typed again', async () => {
  expect(await sendAll([attempt, attempt, attempt])).toEqual([nfd, nfc, nfd])
})

test('another user name or another text begins as typed', async () => {
  expect(await sendAll([attempt, { ...attempt, username: 'bob' }])).toEqual([nfd, nfd])
  expect(await sendAll([attempt, { ...attempt, password: 'x' }, attempt])).toEqual([nfd, 'x', nfd])
})

test.each(['timeout', 'attempts-exceeded'] as const)(
  'after %s nothing was refused as wrong: the same goes out again',
  async (code) => {
    expect(await sendAll([attempt, attempt], code)).toEqual([nfd, nfd])
  },
)

test('what is NFC already stays as it is', async () => {
  const typed = { username: 'ada', password: nfc }
  expect(await sendAll([typed, typed, typed])).toEqual([nfc, nfc, nfc])
})

test('the answer is passed on', async () => {
  const send = createPasswordSender()
  expect(await send(attempt, async (password) => password)).toBe(nfd)
})
