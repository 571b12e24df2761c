/** The pool with a bug planted: it answers before it commits. What finds no fault with it is no test. */

import { commitTooLate } from './statements.ts'

commitTooLate(10)
await import('../../../src/local-cloud/main.ts')
