/** Users who do not exist are simulated, so that nobody can enumerate accounts. */

import { describe, expect, onTestFinished, test } from 'vitest'
import { systemRandom } from '../../../../src/local-cloud/ports.ts'
import { maskAddress } from '../../../../src/local-cloud/user-pool/contacts.ts'
import {
  createSimulatedAccount,
  loadUserSimulator,
  type SimulateUser,
} from '../../../../src/local-cloud/user-pool/simulated-user.ts'
import { N } from '../../../../src/local-cloud/user-pool/srp/group.ts'
import { openSqliteStore } from '../../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import type { Store } from '../../../../src/local-cloud/user-pool/store/store.ts'
import { usernameRules } from '../../../support/store-fixtures.ts'
import { templateSettings } from '../../../support/template-settings.ts'

const names = Array.from({ length: 400 }, (_, index) => `stranger-${index}@example.com`)

function openStore(): Store {
  const store = openSqliteStore(':memory:', usernameRules)
  onTestFinished(() => store.close())
  return store
}

function createSimulator(): SimulateUser {
  return loadUserSimulator(openStore(), systemRandom)
}

describe('simulated user', () => {
  test('user enumeration: the simulated user is the same each time, also after a restart', () => {
    const store = openStore()

    expect(loadUserSimulator(store, systemRandom)('ghost')).toEqual(
      loadUserSimulator(store, systemRandom)('ghost'),
    )
  })

  test('user enumeration: case is ignored as it is for real users', () => {
    const simulateUser = createSimulator()

    expect(simulateUser('Ghost@Example.com')).toEqual(simulateUser('ghost@example.com'))
  })

  test('user enumeration: each name has its own simulated user', () => {
    const simulateUser = createSimulator()
    const simulated = names.map(simulateUser)

    expect(new Set(simulated.map(({ sub }) => sub)).size).toBe(names.length)
    expect(new Set(simulated.map(({ saltHex }) => saltHex)).size).toBe(names.length)
    expect(new Set(simulated.map(({ verifierHex }) => verifierHex)).size).toBe(names.length)
  })

  test('user enumeration: each pool has its own simulated users', () => {
    const here = createSimulator()('ghost')
    const there = createSimulator()('ghost')

    expect(here.sub).not.toBe(there.sub)
    expect(here.saltHex).not.toBe(there.saltHex)
    expect(here.verifierHex).not.toBe(there.verifierHex)
  })

  test('user enumeration: the id has the shape of a real UUID in every digit', () => {
    const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
    const fakes = names.map(createSimulator()).map(({ sub }) => sub)
    const real = names.map(() => systemRandom.uuid())

    expect([...fakes, ...real].filter((sub) => !shape.test(sub))).toEqual([])
    expect(new Set(fakes.map((sub) => sub.charAt(19)))).toEqual(
      new Set(real.map((sub) => sub.charAt(19))),
    )
  })

  test('user enumeration: the salt has the shape of a real one, without leading zeros', () => {
    const salts = names.map(createSimulator()).map(({ saltHex }) => saltHex)

    expect(salts.filter((salt) => !/^[1-9a-f][0-9a-f]{0,31}$/.test(salt))).toEqual([])
    expect(salts.some((salt) => salt.length === 31)).toBe(true)
  })

  test('user enumeration: the verifier is a valid one', () => {
    for (const { verifierHex } of names.map(createSimulator())) {
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
])('masked address: %s is shown as %s', (address, masked) => {
  expect(maskAddress({ attribute: 'email', address })).toBe(masked)
})

test.each([
  // Both as AWS was recorded to show them: a star for each hidden digit.
  ['+11234560839', '+*******0839'],
  ['+390123458920', '+********8920'],
  ['+12345', '+*2345'],
  ['+123', '+123'],
])('masked phone number: %s is shown as %s', (address, masked) => {
  expect(maskAddress({ attribute: 'phone_number', address })).toBe(masked)
})

describe('the address of a simulated user', () => {
  const phonePool = { ...templateSettings, usernameModel: 'phone' } as const
  const emailPool = { ...templateSettings, usernameModel: 'email-or-phone' } as const

  test.each([
    ['what was typed, for an email address', phonePool, 'a@b.example', /^a@b\.example$/],
    ['what was typed, for a phone number', emailPool, '+15550100', /^\+15550100$/],
    ['a phone number in a pool that knows people by theirs', phonePool, 'ghost', /^\+1\d{10}$/],
    ['an email address in any other', emailPool, 'ghost', /^[a-f]?@[a-f]?$/],
  ])('user enumeration: it is %s', (_, settings, name, shape) => {
    const account = createSimulatedAccount(name, createSimulator()(name), settings)
    const [[, address = ''] = [], [, verified] = []] = [...account.attributes]

    expect(address).toMatch(shape)
    expect(verified).toBe('true')
  })
})
