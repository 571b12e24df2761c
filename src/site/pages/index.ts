/** Home page. Leaves to register or sign-in, by its links. */

import { startPage } from '../frame.ts'

await startPage()
