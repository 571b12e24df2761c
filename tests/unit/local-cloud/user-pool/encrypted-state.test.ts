import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { loadSeal } from '../../../../src/local-cloud/user-pool/encrypted-state.ts'
import { openSqliteStore } from '../../../../src/local-cloud/user-pool/store/sqlite-store.ts'
import type { Store } from '../../../../src/local-cloud/user-pool/store/store.ts'
import { namingRules } from '../../../support/stores.ts'

const state = { nonce: 'n', user: 'rider@example.com', b: 'ff'.repeat(128) }

function openStore(): Store {
  const store = openSqliteStore(':memory:', namingRules)
  onTestFinished(() => store.close())
  return store
}

test('opens what it closed', () => {
  const seal = loadSeal(openStore())

  expect(seal.open(seal.close(state))).toEqual(state)
})

test('opens after a restart what it closed before', () => {
  const store = openStore()

  expect(loadSeal(store).open(loadSeal(store).close(state))).toEqual(state)
})

test('shows nothing of what is inside, and never closes the same way twice', () => {
  const seal = loadSeal(openStore())
  const sealed = seal.close(state)

  expect(sealed.toString('latin1')).not.toContain('rider')
  expect(sealed.equals(seal.close(state))).toBe(false)
})

test('does not open what another pool closed', () => {
  expect(loadSeal(openStore()).open(loadSeal(openStore()).close(state))).toBeUndefined()
})

test('does not open a block with any bit changed', () => {
  const seal = loadSeal(openStore())
  const sealed = seal.close(state)

  const opened = [...sealed.keys()].filter((index) => {
    const tampered = Buffer.from(sealed)
    tampered[index] = (tampered[index] ?? 0) ^ 1
    return seal.open(tampered) !== undefined
  })

  expect(opened).toEqual([])
})

test('does not open a block cut short at any byte, or with bytes added', () => {
  const seal = loadSeal(openStore())
  const sealed = seal.close(state)

  const opened = [...sealed.keys()].filter(
    (length) => seal.open(sealed.subarray(0, length)) !== undefined,
  )

  expect(opened).toEqual([])
  expect(seal.open(Buffer.concat([sealed, Buffer.alloc(1)]))).toBeUndefined()
})

test.each([0, 1, 12, 28, 29, 400])('does not open %i random bytes', (count) => {
  expect(loadSeal(openStore()).open(randomBytes(count))).toBeUndefined()
})
