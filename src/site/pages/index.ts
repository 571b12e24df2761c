/** Home page. Leaves to register or sign-in, by its links. */

import { startPage } from '../layout/page-shell.ts'

await startPage()
