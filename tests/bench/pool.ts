/** The local pool under load: sign-ins and sign-ups, by one client and by ten. */

import { execFileSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

/** fresh processes that a start in memory is measured in */
const starts = 21

/** Runs in a process of its own, with a key in PEM as its input: what a test that has imported nothing yet waits for. */
const startInMemory = `
const { readFileSync } = await import('node:fs')
const signingKey = readFileSync(0, 'utf8')
const beganMs = performance.now()
const { startUserPool } = await import(process.argv[1])
const importedMs = performance.now()
const pool = await startUserPool({ signingKey })
await fetch(pool.endpoint + '/health')
const readyMs = performance.now()
process.stdout.write(JSON.stringify([readyMs - beganMs, readyMs - importedMs]))
await pool.close()
`

/** @returns milliseconds of each start: with loading the package, and without */
function measureStarts(): { whole: readonly number[]; loaded: readonly number[] } {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  execFileSync('npm', ['run', 'build:user-pool'], { cwd: root, stdio: 'ignore' })
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const args = ['--input-type=module', '-e', startInMemory, join(root, 'dist-user-pool/index.js')]
  const measured = Array.from({ length: starts }, (): readonly number[] =>
    JSON.parse(execFileSync(process.execPath, args, { input: privateKey, encoding: 'utf8' })),
  )
  return {
    whole: measured.map(([ms = 0]) => ms),
    loaded: measured.map(([, ms = 0]) => ms),
  }
}

export async function measurePool(): Promise<void> {
  const started = measureStarts()
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
        `  start in memory with a given key, first import to first answer, ${starts} fresh processes: p50 ${ms(started.whole, 0.5)} ms`,
        `  the same, with the package loaded already: p50 ${ms(started.loaded, 0.5)} ms`,
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
