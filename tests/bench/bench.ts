/**
 * Prints what docs/benchmarks.md quotes: the weight of the pages, how fast they sign in, and how the local pool stands
 * up to load.
 */

import { buildPages } from './builds.ts'
import { measureEnumeration } from './enumeration.ts'
import { measureLanguages } from './languages.ts'
import { measurePages } from './pages.ts'
import { measurePasskeys } from './passkeys.ts'
import { measurePool } from './pool.ts'
import { measureGrowth } from './pool-growth.ts'
import { measureSrp } from './srp.ts'
import { measureSteps } from './steps.ts'
import { measureVisits } from './visits.ts'

const builds = await buildPages()
try {
  measurePages(builds)
  await measureVisits(builds)
  await measureLanguages(builds)
  await measureSteps(builds)
  await measurePasskeys(builds)
} finally {
  builds.remove()
}
await measureSrp()
await measurePool()
await measureGrowth()
await measureEnumeration()
