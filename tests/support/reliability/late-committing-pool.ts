/** A pool with a known bug, to test that it is detected: it answers before it commits. */

import { answerBeforeCommit } from './sql-interception.ts'

answerBeforeCommit(10)
await import('../../../src/local-cloud/main.ts')
