/** Home page. Leaves to register or sign-in, by its links. */

import { initPage } from '../layout/page-shell.ts'

await initPage()
