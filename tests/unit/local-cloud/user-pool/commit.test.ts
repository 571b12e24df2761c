/** How an operation ends decides about its transaction: by the name of what it returns or throws. */

import { expect, test } from 'vitest'
import {
  CognitoError,
  CommittedError,
} from '../../../../src/local-cloud/user-pool/cognito-error.ts'
import type { OperationContext } from '../../../../src/local-cloud/user-pool/context.ts'
import { commit } from '../../../../src/local-cloud/user-pool/operations/operation.ts'
import { UsernameTakenError } from '../../../../src/local-cloud/user-pool/store/store.ts'
import { insertUser } from '../../../../src/local-cloud/user-pool/users.ts'
import { createTestPool } from '../../../support/test-pool.ts'
import { registerUser, requireStoredUser, rider } from '../../../support/users.ts'

const key = { subject: 's', kind: 'SignIn' }
const error = new CognitoError('NotAuthorizedException', 'Incorrect username or password.')

function write({ store, sendEmail }: OperationContext): void {
  store.saveRateCounter({ ...key, count: 1, atMs: 1 })
  sendEmail({ to: 'rider@example.com', subject: 'Code', text: 'Code 1', code: '1' })
}

test('a CommittedError rejects with its error, and its transaction is committed', async () => {
  const pool = await createTestPool()
  const run = commit(pool, (context) => {
    write(context)
    return new CommittedError(error)
  })

  await expect(run).rejects.toBe(error)
  expect(pool.store.findRateCounter(key)?.count).toBe(1)
  expect(pool.outboxLetters).toHaveLength(1)
})

test('a thrown CognitoError rejects, and its transaction is rolled back', async () => {
  const pool = await createTestPool()
  const run = commit(pool, (context) => {
    write(context)
    throw error
  })

  await expect(run).rejects.toBe(error)
  expect(pool.store.findRateCounter(key)).toBeUndefined()
  expect(pool.store.listEmails(1)).toEqual([])
  expect(pool.outboxLetters).toEqual([])
})

test('a CognitoError that translates an error of the store has it as cause', async () => {
  const pool = await createTestPool()
  await registerUser(pool)
  const user = { ...requireStoredUser(pool, rider.username), sub: pool.random.uuid() }
  const run = commit(pool, (context) => {
    insertUser(user, 'User already exists', context)
    return {}
  })

  await expect(run).rejects.toMatchObject({
    type: 'UsernameExistsException',
    cause: expect.any(UsernameTakenError),
  })
})
