import { describe, expect, onTestFinished, test } from 'vitest'
import { systemRandom } from '../../../../src/local-cloud/ports.ts'
import {
  loadUserSimulator,
  maskEmail,
  type SimulateUser,
} from '../../../../src/local-cloud/user-pool/simulated-user.ts'
import { N } from '../../../../src/local-cloud/user-pool/srp/group.ts'
import { openSqliteStore } from '../../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import type { Store } from '../../../../src/local-cloud/user-pool/store/store.ts'
import { namingRules } from '../../../support/stores.ts'

const names = Array.from({ length: 400 }, (_, index) => `stranger-${index}@example.com`)

function openStore(): Store {
  const store = openSqliteStore(':memory:', namingRules)
  onTestFinished(() => store.close())
  return store
}

function createDisguise(): SimulateUser {
  return loadUserSimulator(openStore(), systemRandom)
}

describe('the disguise of a user who does not exist', () => {
  test('is the same each time, also after a restart', () => {
    const store = openStore()

    expect(loadUserSimulator(store, systemRandom)('ghost')).toEqual(
      loadUserSimulator(store, systemRandom)('ghost'),
    )
  })

  test('does not tell upper from lower case, as the pool does not', () => {
    const simulateUser = createDisguise()

    expect(simulateUser('Ghost@Example.com')).toEqual(simulateUser('ghost@example.com'))
  })

  test('differs for each name', () => {
    const simulateUser = createDisguise()
    const disguised = names.map(simulateUser)

    expect(new Set(disguised.map(({ sub }) => sub)).size).toBe(names.length)
    expect(new Set(disguised.map(({ saltHex }) => saltHex)).size).toBe(names.length)
    expect(new Set(disguised.map(({ verifierHex }) => verifierHex)).size).toBe(names.length)
  })

  test('differs between pools', () => {
    const here = createDisguise()('ghost')
    const there = createDisguise()('ghost')

    expect(here.sub).not.toBe(there.sub)
    expect(here.saltHex).not.toBe(there.saltHex)
    expect(here.verifierHex).not.toBe(there.verifierHex)
  })

  test('has an id shaped as a real one is, in every digit', () => {
    const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    const fakes = names.map(createDisguise()).map(({ sub }) => sub)
    const real = names.map(() => systemRandom.uuid())

    expect([...fakes, ...real].filter((sub) => !shape.test(sub))).toEqual([])
    expect(new Set(fakes.map((sub) => sub.charAt(19)))).toEqual(
      new Set(real.map((sub) => sub.charAt(19))),
    )
  })

  test('has a salt written as a real one is: 16 bytes as an integer, without leading zeros', () => {
    const salts = names.map(createDisguise()).map(({ saltHex }) => saltHex)

    expect(salts.filter((salt) => !/^[1-9a-f][0-9a-f]{0,31}$/.test(salt))).toEqual([])
    expect(salts.some((salt) => salt.length === 31)).toBe(true)
  })

  test('has a verifier that could be one', () => {
    for (const { verifierHex } of names.map(createDisguise())) {
      const v = BigInt(`0x${verifierHex}`)
      expect(v > 1n && v < N - 1n).toBe(true)
      expect(verifierHex.length).toBeGreaterThan(740)
    }
  })
})

test.each([
  ['fixture@example.com', 'f***@e***'],
  ['a@b.co', 'a***@b***'],
  ['🦄@🌈.example', '🦄***@🌈***'],
])('%s is masked as %s', (email, masked) => {
  expect(maskEmail(email)).toBe(masked)
})
