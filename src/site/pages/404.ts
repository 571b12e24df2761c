/** Shown for every address that leads nowhere. Leaves by its links. */

import { startPage } from '../layout/page-shell.ts'

await startPage()
