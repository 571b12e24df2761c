import { execFileSync } from 'node:child_process'

/** Memory a process holds, in megabytes; there is a `ps` on every system but Windows. */
export function readResidentMb({ pid }: { pid: number }): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}
