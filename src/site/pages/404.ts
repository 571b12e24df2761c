/** The page for every address that does not exist. Leaves by its links. */

import { initPage } from '../layout/page-shell.ts'

await initPage()
