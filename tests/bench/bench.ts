/** Prints what the README quotes: the weight of the pages, and how the local pool stands up to load. */

import { measureEnumeration } from './enumeration.ts'
import { measurePages } from './pages.ts'
import { measurePool } from './pool.ts'
import { measureGrowth } from './pool-growth.ts'

await measurePages()
await measurePool()
await measureGrowth()
await measureEnumeration()
