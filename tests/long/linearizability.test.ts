/** Long linearizability test: twenty seeds of two thousand calls. */

import { expect, test } from 'vitest'
import { checkHistories } from '../support/reliability/call-histories.ts'
import { chooseSeeds } from '../support/reliability/seeded-random.ts'

test.each(chooseSeeds(20))(
  'linearizability: two thousand calls of eight clients have a valid order (seed %i)',
  async (seed) => {
    const { calls, illegal } = await checkHistories({ seed, calls: 2000 })
    console.log(`seed ${seed}: ${calls} calls, ${illegal.length} illegal histories`)

    expect({ calls, illegal }).toEqual({ calls: 2000, illegal: [] })
  },
)
