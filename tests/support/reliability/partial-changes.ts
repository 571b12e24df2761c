/**
 * Looks for partial changes: before each statement of an operation, it is made to fail, or its files are
 * copied as a power cut would leave them.
 */

import { copyFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import * as v from 'valibot'
import type { UserPoolSettings } from '../../../src/local-cloud/user-pool/settings.ts'
import type { ApiResponse } from '../cognito-api.ts'
import { createTempFolder } from '../temp-folder.ts'
import { createTestPool, type TestPool, type TestPoolParts } from '../test-pool.ts'
import { UserPoolId } from '../users.ts'
import { interceptStatements } from './sql-interception.ts'

/** An operation that changes several things at once. */
export interface CompoundChange {
  readonly name: string
  readonly settings?: Partial<UserPoolSettings>
  /** Creates the users it needs and returns the call. */
  prepare(pool: TestPool): Promise<Call>
  /** the status of an error response that commits what was written */
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

/** Lets `change` fail at each statement. @returns what was wrong afterwards, in sentences */
export async function findPartialChangesAfterFailures(
  change: CompoundChange,
  parts: Partial<TestPoolParts> = {},
): Promise<{ readonly points: number; readonly tears: readonly string[] }> {
  const { pool, path, call } = await prepare(change, parts)
  const letters = pool.sentEmails.length
  const before = dumpStore(path)
  const tears: string[] = []
  for (let point = 1; point <= manyStatements; point += 1) {
    let left = point
    const release = interceptStatements(() => {
      left -= 1
      if (left === 0) throw new PlantedFailure('the disk is gone')
    })
    const response = await send(pool, call)
    release()
    if (left > 0) {
      if (response.status !== (change.status ?? 200)) tears.push(`in the end: ${response.text}`)
      return { points: point - 1, tears }
    }
    if (!isInternalError(response))
      tears.push(`${point}: answered ${response.status} ${response.text}`)
    if (dumpStore(path) !== before) tears.push(`${point}: half of it was kept`)
    if (pool.sentEmails.length !== letters) tears.push(`${point}: a letter was announced`)
    const next = await pool.call('ListUsers', { UserPoolId }, { signed: true })
    if (next.status !== 200) tears.push(`${point}: the next request got ${next.text}`)
  }
  throw new Error(`expected an operation of less than ${manyStatements} statements`)
}

/** Copies the files at each statement of `change`. @returns what is wrong in the copies, in sentences */
export async function findPartialChangesAfterPowerCuts(
  change: CompoundChange,
  parts: Partial<TestPoolParts> = {},
): Promise<{ readonly points: number; readonly tears: readonly string[] }> {
  const { pool, path, call } = await prepare(change, parts)
  const before = dumpStore(path)
  const copies: string[] = []
  const release = interceptStatements(() => copies.push(copyStore(path)))
  const response = await send(pool, call)
  release()
  const afterwards = dumpStore(copyStore(path))

  const tears = copies.flatMap((copy, index) =>
    dumpStore(copy) === before ? [] : [`${index + 1}: half of it is on the disk`],
  )
  if (response.status !== (change.status ?? 200)) tears.push(`in the end: ${response.text}`)
  if (afterwards === before) tears.push('answered, and nothing of it is on the disk')
  if (afterwards !== dumpStore(path)) tears.push('answered, and not all of it is on the disk')
  return { points: copies.length, tears }
}

async function prepare(change: CompoundChange, parts: Partial<TestPoolParts>) {
  const path = join(createTempFolder(), 'user-pool.sqlite')
  const pool = await createTestPool(change.settings, { ...parts, path })
  return { pool, path, call: await change.prepare(pool) }
}

function send(pool: TestPool, { operation, body, signed = false }: Call): Promise<ApiResponse> {
  return pool.call(operation, body, { signed })
}

function isInternalError({ status, body }: ApiResponse): boolean {
  return (
    status === 500 &&
    body.__type === 'InternalErrorException' &&
    body.message === 'Something went wrong'
  )
}

/** A copy of the files as they are on the disk now. */
export function copyStore(path: string): string {
  const copy = join(createTempFolder(), 'user-pool.sqlite')
  for (const suffix of ['', '-wal']) {
    if (existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${copy}${suffix}`)
  }
  return copy
}

/** Every row of every table, read by another connection. */
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
