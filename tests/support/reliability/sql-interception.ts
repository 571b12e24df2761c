/** Intercepts the SQL statements of every store in this process. */

import Database from 'libsql'

type Statement = Pick<Database.Statement, 'run'>

const { exec: realExec } = Database.prototype

/**
 * Tells of each statement that is about to change something, begin or commit, whatever store it is of;
 * what it throws comes in the statement's place. Undoing is left alone.
 *
 * @returns a function that takes the hand away
 */
export function interceptStatements(before: (sql: string) => void): () => void {
  const probe = new Database(':memory:')
  const statements: Statement = Object.getPrototypeOf(probe.prepare('SELECT 1'))
  probe.close()
  const { exec } = Database.prototype
  const { run } = statements

  Database.prototype.exec = function (sql) {
    if (!sql.startsWith('ROLLBACK')) before(sql)
    return exec.call(this, sql)
  }
  statements.run = function (...values) {
    before('')
    return run.apply(this, values)
  }
  return () => {
    Database.prototype.exec = exec
    statements.run = run
  }
}

/**
 * Has every store in this process run `sql` before its next transactions: a pragma that takes something
 * away, or gives it back.
 *
 * @returns a function that ends it
 */
export function runBeforeTransactions(sql: string): () => void {
  const { exec } = Database.prototype
  Database.prototype.exec = function (source) {
    if (source.startsWith('BEGIN')) exec.call(this, sql)
    return exec.call(this, source)
  }
  return () => {
    Database.prototype.exec = exec
  }
}

/**
 * Plants the bug "answers before the commit": one request in so many commits what it and those before it
 * have been answered.
 *
 * @returns a function that takes it away
 */
export function answerBeforeCommit(requests: number): () => void {
  const { exec } = Database.prototype
  const answered = new Map<Database.Database, number>()
  Database.prototype.exec = function (sql) {
    const count = answered.get(this) ?? 0
    if (sql.startsWith('BEGIN') && count > 0) return this
    if (sql === 'ROLLBACK') answered.delete(this)
    if (sql !== 'COMMIT') return exec.call(this, sql)
    answered.set(this, (count + 1) % requests)
    return count + 1 < requests ? this : exec.call(this, sql)
  }
  return () => {
    Database.prototype.exec = exec
  }
}

/** Restores the statements after a failed test. */
export function restoreStatements(): void {
  Database.prototype.exec = realExec
}
