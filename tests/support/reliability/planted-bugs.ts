/** Bugs to put between a pool and its store: a check that does not find them proves nothing. */

import type { Store } from '../../../src/local-cloud/user-pool/store/store.ts'

/** A transaction for each statement. */
export function withoutTransactions(store: Store): Store {
  return { ...store, transaction: (change) => change() }
}

/** The letter is a transaction of its own. */
export function withLetterApart(store: Store): Store {
  const waiting: Parameters<Store['insertEmail']>[0][] = []
  return {
    ...store,
    insertEmail: (letter) => waiting.push(letter),
    transaction(change) {
      const result = store.transaction(change)
      for (const letter of waiting.splice(0)) store.insertEmail(letter)
      return result
    },
  }
}

/** A name that is taken goes to whoever asks last. */
export function withoutUniqueness(store: Store): Store {
  return {
    ...store,
    insertUser(user) {
      const owner = store.findUser(user.username)
      if (owner) store.deleteUser(owner.sub)
      store.insertUser(user)
    },
  }
}

/** A change is answered now and made later. */
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
