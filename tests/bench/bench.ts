/** Prints what the README quotes: the weight of the pages, and how the local pool stands up to load. */

import { measurePages } from './pages.ts'
import { measurePool } from './pool.ts'

await measurePages()
await measurePool()
