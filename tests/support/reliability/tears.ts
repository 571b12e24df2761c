/**
 * Looks for changes that come apart: an operation is made to fail, or its files are taken as a power cut
 * would leave them, before each of its statements.
 */

import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import { createTempFolder } from '../temp-folder.ts'
import { createTestPool, type TestPool, type TestPoolParts } from '../test-pool.ts'
import { UserPoolId } from '../users.ts'
import type { Answer } from '../wire.ts'
import { watchStatements } from './statements.ts'

/** An operation that changes several things at once. */
export interface CompoundChange {
  readonly name: string
  readonly settings?: Partial<UserPoolSettings>
  /** Brings users into the state it needs, and tells the call. */
  prepare(pool: TestPool): Promise<Call>
  /** an answer that is an error and yet keeps what was written */
  readonly status?: 400
}

export interface Call {
  readonly operation: string
  readonly body: unknown
  readonly signed?: boolean
}

/** more statements than any operation has */
const manyStatements = 100

class PlantedFailure extends Error {
  override readonly name = 'PlantedFailure'
}

/** What is wrong after failures of `change` at every statement, in sentences; nothing, if all is well. */
export async function findTornFailures(
  change: CompoundChange,
  parts: Partial<TestPoolParts> = {},
): Promise<{ readonly points: number; readonly tears: readonly string[] }> {
  const { pool, path, call } = await prepare(change, parts)
  const letters = pool.outboxLetters.length
  const before = dumpStore(path)
  const tears: string[] = []
  for (let point = 1; point <= manyStatements; point += 1) {
    let left = point
    const release = watchStatements(() => {
      left -= 1
      if (left === 0) throw new PlantedFailure('the disk is gone')
    })
    const answer = await send(pool, call)
    release()
    if (left > 0) {
      if (answer.status !== (change.status ?? 200)) tears.push(`in the end: ${answer.text}`)
      return { points: point - 1, tears }
    }
    if (!isInternalError(answer)) tears.push(`${point}: answered ${answer.status} ${answer.text}`)
    if (dumpStore(path) !== before) tears.push(`${point}: half of it was kept`)
    if (pool.outboxLetters.length !== letters) tears.push(`${point}: a letter was announced`)
    const next = await pool.call('ListUsers', { UserPoolId }, { signed: true })
    if (next.status !== 200) tears.push(`${point}: the next request got ${next.text}`)
  }
  throw new Error(`expected an operation of less than ${manyStatements} statements`)
}

/** What a power cut during or after `change` would leave that is wrong, in sentences. */
export async function findTornPowerCuts(
  change: CompoundChange,
  parts: Partial<TestPoolParts> = {},
): Promise<{ readonly points: number; readonly tears: readonly string[] }> {
  const { pool, path, call } = await prepare(change, parts)
  const before = dumpStore(path)
  const copies: string[] = []
  const release = watchStatements(() => copies.push(copyStore(path)))
  const answer = await send(pool, call)
  release()
  const afterwards = dumpStore(copyStore(path))

  const tears = copies.flatMap((copy, index) =>
    dumpStore(copy) === before ? [] : [`${index + 1}: half of it is on the disk`],
  )
  if (answer.status !== (change.status ?? 200)) tears.push(`in the end: ${answer.text}`)
  if (afterwards === before) tears.push('answered, and nothing of it is on the disk')
  if (afterwards !== dumpStore(path)) tears.push('answered, and not all of it is on the disk')
  return { points: copies.length, tears }
}

async function prepare(change: CompoundChange, parts: Partial<TestPoolParts>) {
  const path = join(createTempFolder(), 'user-pool.sqlite')
  const pool = await createTestPool(change.settings, { ...parts, path })
  return { pool, path, call: await change.prepare(pool) }
}

function send(pool: TestPool, { operation, body, signed = false }: Call): Promise<Answer> {
  return pool.call(operation, body, { signed })
}

function isInternalError({ status, body }: Answer): boolean {
  return (
    status === 500 &&
    body.__type === 'InternalErrorException' &&
    body.message === 'Something went wrong'
  )
}

/** The files as they are on the disk at this moment, under another name. */
export function copyStore(path: string): string {
  const copy = join(createTempFolder(), 'user-pool.sqlite')
  for (const suffix of ['', '-wal']) {
    if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
  }
  return copy
}

/** Every row of every table, as another program would read it. */
export function dumpStore(path: string): string {
  const database = new Database(path)
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => v.parse(v.object({ name: v.string() }), row).name)
  const rows = tables.map((name) => [name, database.prepare(`SELECT * FROM ${name}`).all()])
  database.close()
  return JSON.stringify(rows)
}
