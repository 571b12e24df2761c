/** The local pool as it fills up: the same things with a thousand and with a hundred thousand users. */

import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readResidentMb } from '../support/resident-memory.ts'
import { runInParallel, signUp, startPoolServer } from './pool-server.ts'
import { seedFolder, toSeededName } from './seeded-folder.ts'
import { quantile } from './statistics.ts'

export async function measureGrowth(): Promise<void> {
  const few = await measureWith(1000)
  const many = await measureWith(100_000)
  const ratio = many.signUpP95Ms / few.signUpP95Ms
  process.stdout.write(
    [
      'Local pool with 100,000 users, beside the same with 1,000:',
      `  sign-up p95, ten clients: ${many.signUpP95Ms.toFixed(1)} ms / ${few.signUpP95Ms.toFixed(1)} ms = ${ratio.toFixed(2)}`,
      `  start to first answer: ${many.startMs.toFixed(0)} ms / ${few.startMs.toFixed(0)} ms`,
      `  console, first page of users: ${many.firstPageMs.toFixed(0)} ms / ${few.firstPageMs.toFixed(0)} ms`,
      `  console, search: ${many.searchMs.toFixed(0)} ms / ${few.searchMs.toFixed(0)} ms`,
      `  memory: ${many.memoryMb.toFixed(0)} MB / ${few.memoryMb.toFixed(0)} MB`,
      `  disk per user: ${(many.diskBytes / 100_000 / 1000).toFixed(2)} kB`,
      '',
    ].join('\n'),
  )
}

interface Measured {
  readonly startMs: number
  readonly signUpP95Ms: number
  readonly firstPageMs: number
  readonly searchMs: number
  readonly memoryMb: number
  readonly diskBytes: number
}

async function measureWith(users: number): Promise<Measured> {
  const folder = seedFolder(users)
  const diskBytes = readdirSync(folder)
    .map((name) => statSync(join(folder, name)).size)
    .reduce((sum, size) => sum + size, 0)
  const pool = await startPoolServer(folder)
  const open = async (path: string) => {
    const beganMs = performance.now()
    const page = await (await fetch(`${pool.origin}${path}`)).text()
    if (!page.includes('rider')) throw new Error(`${path} shows no user`)
    return performance.now() - beganMs
  }
  try {
    const firstPageMs = await open('/console/users')
    const last = encodeURIComponent(toSeededName(users - 1))
    const searchMs = await open(`/console/users?search=${last}`)
    await runInParallel({ clients: 10, times: 200 }, (index) =>
      signUp(pool, `warm${index}@example.com`),
    )
    const { durations } = await runInParallel({ clients: 10, times: 2000 }, (index) =>
      signUp(pool, `new${index}@example.com`),
    )
    const signUpP95Ms = quantile(durations, 0.95)
    const memoryMb = readResidentMb(pool)
    return { startMs: pool.startMs, signUpP95Ms, firstPageMs, searchMs, memoryMb, diskBytes }
  } finally {
    await pool.stop()
    rmSync(folder, { recursive: true })
  }
}
