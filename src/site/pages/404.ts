/** Shown for every address that leads nowhere. Leaves by its links. */

import { startPage } from '../frame.ts'

await startPage()
