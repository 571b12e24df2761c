/** AES-GCM of the state that the pool hands to clients. */

import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { systemRandom } from '../../../../src/local-cloud/ports.ts'
import {
  loadStateCipher,
  type StateCipher,
} from '../../../../src/local-cloud/user-pool/encrypted-state.ts'
import { openSqliteStore } from '../../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import type { Store } from '../../../../src/local-cloud/user-pool/store/store.ts'
import { usernameRules } from '../../../support/store-fixtures.ts'

const state = { nonce: 'n', user: 'rider@example.com', b: 'ff'.repeat(128) }

function openStore(): Store {
  const store = openSqliteStore(':memory:', usernameRules)
  onTestFinished(() => store.close())
  return store
}

function createCipher(store = openStore()): StateCipher {
  return loadStateCipher(store, systemRandom)
}

test('AES-GCM: an encrypted state is decrypted unchanged', () => {
  const cipher = createCipher()

  expect(cipher.decrypt('Session', cipher.encrypt('Session', state))).toEqual(state)
})

test('AES-GCM: a state encrypted before a restart is decrypted after it', () => {
  const store = openStore()
  const encrypted = createCipher(store).encrypt('Session', state)

  expect(createCipher(store).decrypt('Session', encrypted)).toEqual(state)
})

test.each([
  ['SECRET_BLOCK', 'Session'],
  ['Session', 'SECRET_BLOCK'],
] as const)(
  'AES-GCM: a %s is not decrypted as a %s because the purpose is authenticated',
  (made, used) => {
    const cipher = createCipher()
    const encrypted = cipher.encrypt(made, state)

    expect(cipher.decrypt(used, encrypted)).toBeUndefined()
    expect(cipher.decrypt(made, encrypted)).toEqual(state)
  },
)

test('AES-GCM: the ciphertext does not contain the plaintext and differs each time', () => {
  const cipher = createCipher()
  const encrypted = cipher.encrypt('Session', state)

  expect(encrypted.toString('latin1')).not.toContain('rider')
  expect(encrypted.equals(cipher.encrypt('Session', state))).toBe(false)
})

test('AES-GCM: the key and each initialization vector come from the port Random', () => {
  const drawn: number[] = []
  const bytes = (count: number) => {
    drawn.push(count)
    return systemRandom.bytes(count)
  }
  const cipher = loadStateCipher(openStore(), { ...systemRandom, bytes })
  cipher.encrypt('Session', state)
  cipher.encrypt('SECRET_BLOCK', state)

  expect(drawn).toEqual([32, 12, 12])
})

test('AES-GCM: the state of another pool is rejected', () => {
  const encrypted = createCipher().encrypt('Session', state)

  expect(createCipher().decrypt('Session', encrypted)).toBeUndefined()
})

test('AES-GCM: a ciphertext with any bit flipped is rejected', () => {
  const cipher = createCipher()
  const encrypted = cipher.encrypt('Session', state)

  const decrypted = [...encrypted.keys()].filter((index) => {
    const tampered = Buffer.from(encrypted)
    tampered[index] = (tampered[index] ?? 0) ^ 1
    return cipher.decrypt('Session', tampered) !== undefined
  })

  expect(decrypted).toEqual([])
})

test('AES-GCM: a truncated or extended ciphertext is rejected', () => {
  const cipher = createCipher()
  const encrypted = cipher.encrypt('Session', state)

  const decrypted = [...encrypted.keys()].filter(
    (length) => cipher.decrypt('Session', encrypted.subarray(0, length)) !== undefined,
  )

  expect(decrypted).toEqual([])
  expect(cipher.decrypt('Session', Buffer.concat([encrypted, Buffer.alloc(1)]))).toBeUndefined()
})

test.each([0, 1, 12, 28, 29, 400])('AES-GCM: %i random bytes are rejected', (count) => {
  expect(createCipher().decrypt('Session', randomBytes(count))).toBeUndefined()
})
