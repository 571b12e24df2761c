/** The local pool under load: sign-ins and sign-ups, by one client and by ten. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type PoolServer,
  password,
  runInParallel,
  signInBySrp,
  signUp,
  startPoolServer,
  userPoolId,
} from './pool-server.ts'
import { quantile } from './statistics.ts'

const rider = 'one@example.com'

export async function measurePool(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'wild-rydes-'))
  const pool = await startPoolServer(folder)
  try {
    await signUp(pool, rider)
    await pool.call('AdminConfirmSignUp', { UserPoolId: userPoolId, Username: rider })
    await runInParallel({ clients: 1, times: 300 }, () => signIn(pool))
    const alone = await runInParallel({ clients: 1, times: 400 }, () => signIn(pool))
    const together = await runInParallel({ clients: 10, times: 1000 }, () => signIn(pool))
    const signUps = await runInParallel({ clients: 10, times: 2000 }, (index) =>
      signUp(pool, `user${index}@example.com`),
    )
    const ms = (durations: readonly number[], share: number) =>
      quantile(durations, share).toFixed(1)
    process.stdout.write(
      [
        'Local pool, its own process beside the clients on the same cores:',
        `  start to first answer, new data folder: ${pool.startMs.toFixed(0)} ms`,
        `  SRP sign-in, one client, both calls: p50 ${ms(alone.durations, 0.5)} ms, p95 ${ms(alone.durations, 0.95)} ms`,
        `  SRP sign-in, ten clients: ${together.perSecond.toFixed(0)} a second, p95 ${ms(together.durations, 0.95)} ms`,
        `  sign-up, ten clients: ${signUps.perSecond.toFixed(0)} a second, p95 ${ms(signUps.durations, 0.95)} ms`,
        '',
      ].join('\n'),
    )
  } finally {
    await pool.stop()
    rmSync(folder, { recursive: true })
  }
}

async function signIn(pool: PoolServer): Promise<number> {
  const { status, ms } = await signInBySrp(pool, { username: rider, password })
  if (status !== 200) throw new Error('the sign-in was refused')
  return ms
}
