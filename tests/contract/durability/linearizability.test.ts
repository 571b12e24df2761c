/** Linearizability: parallel calls of one user can be explained as calls one after another. */

import { describe, expect, test } from 'vitest'
import {
  checkHistories,
  type UserCall,
  userModel,
} from '../../support/reliability/call-histories.ts'
import { withLateUpdates, withoutUniqueUsernames } from '../../support/reliability/faulty-stores.ts'
import { isLinearizable } from '../../support/reliability/linearizability.ts'
import { chooseSeeds } from '../../support/reliability/seeded-random.ts'

const seeds = chooseSeeds(3)

test.each(seeds)(
  'linearizability: three hundred calls of eight clients have a valid order (seed %i)',
  async (seed) => {
    expect(await checkHistories({ seed, calls: 300 })).toEqual({ calls: 300, illegal: [] })
  },
)

describe('self-tests of the linearizability check', () => {
  test.each([
    ['user names that are taken twice', withoutUniqueUsernames],
    ['updates that are made late', withLateUpdates],
  ])('self-test: %s are detected', async (_, wrapStore) => {
    const { illegal } = await checkHistories({ seed: 7, calls: 300, wrapStore })

    expect(illegal).not.toEqual([])
  })

  const signUp = { kind: 'sign-up', password: 'a' } as const
  const signIn = { kind: 'sign-in', password: 'a' } as const
  const made = { error: undefined, sub: '1', code: '1' }
  const unknown = { error: 'NotAuthorizedException' }

  test('self-test: overlapping calls with a valid order pass', () => {
    const history: readonly UserCall[] = [
      { input: signIn, output: unknown, calledAt: 2, returnedAt: 3 },
      { input: signUp, output: made, calledAt: 1, returnedAt: 4 },
    ]

    expect(isLinearizable(history, userModel)).toBe(true)
  })

  test('self-test: calls that do not overlap and have no valid order fail', () => {
    const history: readonly UserCall[] = [
      { input: signUp, output: made, calledAt: 1, returnedAt: 2 },
      { input: signIn, output: unknown, calledAt: 3, returnedAt: 4 },
    ]

    expect(isLinearizable(history, userModel)).toBe(false)
  })
})
