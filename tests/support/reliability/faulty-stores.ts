/** Stores with a known bug, to test that a check detects it. */

import type { Store } from '../../../src/local-cloud/user-pool/store/store.ts'

/** A transaction for each statement. */
export function withoutTransactions(store: Store): Store {
  return { ...store, transaction: (change) => change() }
}

/** Emails are inserted in a transaction of their own. */
export function withSeparateEmailTransaction(store: Store): Store {
  const waiting: Parameters<Store['insertMessage']>[0][] = []
  return {
    ...store,
    insertMessage: (letter) => waiting.push(letter),
    transaction(change) {
      const result = store.transaction(change)
      for (const letter of waiting.splice(0)) store.insertMessage(letter)
      return result
    },
  }
}

/** A second user replaces the first one of the same name. */
export function withoutUniqueUsernames(store: Store): Store {
  return {
    ...store,
    insertUser(user) {
      const owner = store.findUser(user.username)
      if (owner) store.deleteUser(owner.sub)
      store.insertUser(user)
    },
  }
}

/** Updates are acknowledged now and made later. */
export function withLateUpdates(store: Store): Store {
  const waiting: (() => void)[] = []
  return {
    ...store,
    updateUser: (user) => waiting.push(() => store.updateUser(user)),
    transaction: (change) =>
      store.transaction(() => {
        if (waiting.length > 2) waiting.shift()?.()
        return change()
      }),
  }
}
