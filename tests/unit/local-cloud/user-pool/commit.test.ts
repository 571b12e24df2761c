/** How an operation ends decides about its transaction: by the name of what it returns or throws. */

import { expect, test, vi } from 'vitest'
import {
  CognitoError,
  CommittedError,
} from '../../../../src/local-cloud/user-pool/cognito-error.ts'
import type { OperationContext } from '../../../../src/local-cloud/user-pool/context.ts'
import { commit } from '../../../../src/local-cloud/user-pool/operations/operation.ts'
import { type User, UsernameTakenError } from '../../../../src/local-cloud/user-pool/store/store.ts'
import { insertUser } from '../../../../src/local-cloud/user-pool/users.ts'
import { createTestPool } from '../../../support/test-pool.ts'

const user: User = {
  sub: 's',
  username: 'rider',
  status: 'UNCONFIRMED',
  enabled: true,
  saltHex: '1',
  verifierHex: '2',
  hasPassword: true,
  temporaryUntilMs: undefined,
  attributes: new Map(),
  createdAtMs: 1,
  modifiedAtMs: 1,
}
const key = { subject: 's', kind: 'SignIn' }
const error = new CognitoError('NotAuthorizedException', 'Incorrect username or password.')

function write({ store, sendMessage }: OperationContext): void {
  store.saveRateCounter({ ...key, count: 1, atMs: 1 })
  sendMessage({
    medium: 'EMAIL',
    to: 'rider@example.com',
    subject: 'Code',
    text: 'Code 1',
    code: '1',
  })
}

test('without triggers the transaction has run when commit returns: nothing is awaited before it', async () => {
  const pool = await createTestPool()
  const run = commit(pool, (context) => {
    write(context)
    return {}
  })

  expect(pool.store.findRateCounter(key)?.count).toBe(1)
  await expect(run).resolves.toEqual({})
})

test('a CommittedError rejects with its error, and its transaction is committed', async () => {
  const send = vi.fn()
  const pool = { ...(await createTestPool()), mailer: { send } }
  const run = commit(pool, (context) => {
    write(context)
    return new CommittedError(error)
  })

  await expect(run).rejects.toBe(error)
  expect(pool.store.findRateCounter(key)?.count).toBe(1)
  expect(send).toHaveBeenCalledOnce()
})

test('a thrown CognitoError rejects, and its transaction is rolled back', async () => {
  const send = vi.fn()
  const pool = { ...(await createTestPool()), mailer: { send } }
  const run = commit(pool, (context) => {
    write(context)
    throw error
  })

  await expect(run).rejects.toBe(error)
  expect(pool.store.findRateCounter(key)).toBeUndefined()
  expect(pool.store.listMessages(1)).toEqual([])
  expect(send).not.toHaveBeenCalled()
})

test('a CognitoError that translates an error of the store has it as cause', async () => {
  const pool = await createTestPool()
  pool.store.insertUser({ ...user, sub: 'other' })
  const run = commit(pool, (context) => {
    insertUser(user, 'User already exists', context)
    return {}
  })

  await expect(run).rejects.toMatchObject({
    type: 'UsernameExistsException',
    cause: expect.any(UsernameTakenError),
  })
})
