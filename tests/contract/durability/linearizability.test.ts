/** Whatever clients do at the same time, each user's calls could have come one after another. */

import { describe, expect, test } from 'vitest'
import { checkHistories, type UserCall, userModel } from '../../support/reliability/histories.ts'
import { isLinearizable } from '../../support/reliability/linearizability.ts'
import { withLateUpdates, withoutUniqueness } from '../../support/reliability/planted-bugs.ts'
import { chooseSeeds } from '../../support/reliability/seeded-random.ts'

const seeds = chooseSeeds(3)

test.each(seeds)('three hundred calls of eight clients have an order: seed %i', async (seed) => {
  expect(await checkHistories({ seed, calls: 300 })).toEqual({ calls: 300, illegal: [] })
})

describe('the check finds', () => {
  test.each([
    ['names that are given away twice', withoutUniqueness],
    ['changes that come late', withLateUpdates],
  ])('%s', async (_, wrapStore) => {
    const { illegal } = await checkHistories({ seed: 7, calls: 300, wrapStore })

    expect(illegal).not.toEqual([])
  })

  const signUp = { kind: 'sign-up', password: 'a' } as const
  const signIn = { kind: 'sign-in', password: 'a' } as const
  const made = { error: undefined, sub: '1', code: '1' }
  const unknown = { error: 'NotAuthorizedException' }

  test('an order for calls that overlap, if there is one', () => {
    const history: readonly UserCall[] = [
      { input: signIn, output: unknown, calledAt: 2, returnedAt: 3 },
      { input: signUp, output: made, calledAt: 1, returnedAt: 4 },
    ]

    expect(isLinearizable(history, userModel)).toBe(true)
  })

  test('that there is none where one call had returned before the other', () => {
    const history: readonly UserCall[] = [
      { input: signUp, output: made, calledAt: 1, returnedAt: 2 },
      { input: signIn, output: unknown, calledAt: 3, returnedAt: 4 },
    ]

    expect(isLinearizable(history, userModel)).toBe(false)
  })
})
