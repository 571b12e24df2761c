/**
 * The only door to web storage. It can be blocked, full or emptied at any moment: reading then finds
 * nothing, and writing says whether it worked.
 */

export interface WebStorage {
  read(key: string): string | undefined
  /** @returns false when the browser refused: blocked, or full */
  write(key: string, value: string): boolean
  remove(key: string): void
  keys(): readonly string[]
}

/** Until the tab is closed. */
export const tabStorage = createWebStorage(() => window.sessionStorage)
/** Until it is removed. */
export const lastingStorage = createWebStorage(() => window.localStorage)

function createWebStorage(open: () => Storage): WebStorage {
  /** Even naming a blocked storage throws, so every use goes through here. */
  function attempt<Result>(use: (storage: Storage) => Result, otherwise: Result): Result {
    try {
      return use(open())
    } catch (error) {
      if (error instanceof DOMException) return otherwise
      throw error
    }
  }

  return {
    read: (key) => attempt((storage) => storage.getItem(key) ?? undefined, undefined),
    write: (key, value) =>
      attempt((storage) => {
        storage.setItem(key, value)
        return true
      }, false),
    remove: (key) => attempt((storage) => storage.removeItem(key), undefined),
    keys: () => attempt((storage) => Object.keys(storage), []),
  }
}
