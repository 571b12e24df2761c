/** Soak test: ten minutes of steady load on a separate process. */

import { setInterval } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { prepareStore, startPool } from '../support/pool-process.ts'
import { readResidentMb } from '../support/resident-memory.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { ClientId, rider } from '../support/users.ts'

const minutes = 10
const callsPerSecond = 20
const callsPerMinute = callsPerSecond * 60

test.skipIf(process.platform === 'win32')(
  'soak: ten minutes at twenty calls a second cause no error and no memory growth',
  async () => {
    const folder = createTempFolder()
    prepareStore(folder)
    const { pid, call, stop } = await startPool(folder, ['--no-limits'])
    const statuses = new Map<string, number>()
    const residentMb: number[] = []
    const underWay = new Set<Promise<void>>()
    const act = async (index: number) => {
      const Username = `rider-${Math.floor(index / 2)}@example.com`
      const { status } =
        index % 2 === 0
          ? await call('SignUp', { ClientId, Username, Password: rider.password })
          : await call('ForgotPassword', { ClientId, Username })
      statuses.set(String(status), (statuses.get(String(status)) ?? 0) + 1)
    }

    let index = 0
    for await (const _ of setInterval(1000 / callsPerSecond)) {
      if (index === minutes * callsPerMinute) break
      const acting = act(index).finally(() => underWay.delete(acting))
      underWay.add(acting)
      index += 1
      if (index % callsPerSecond === 0) residentMb.push(readResidentMb({ pid }))
    }
    await Promise.all(underWay)

    const average = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length
    const half = average(residentMb.slice(5 * 60, 6 * 60))
    const end = average(residentMb.slice(9 * 60))
    console.log(
      `${index} calls: ${JSON.stringify(Object.fromEntries(statuses))}, ` +
        `RSS ${half.toFixed(1)} MB in the sixth minute, ${end.toFixed(1)} MB in the tenth`,
    )
    expect(Object.fromEntries(statuses)).toEqual({ 200: minutes * callsPerMinute })
    expect(end - half).toBeLessThan(5)
    expect(await stop('SIGTERM')).toMatchObject({ code: 0, stderr: '' })
  },
)
