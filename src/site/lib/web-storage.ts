/**
 * The only module that touches web storage. It can be blocked, full or emptied at any moment: reading then
 * finds nothing, and writing says whether it worked.
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
/** Until it is removed; shared by all tabs. */
export const persistentStorage = createWebStorage(() => window.localStorage)

function createWebStorage(open: () => Storage): WebStorage {
  /** Reading the property of a blocked storage throws, so every use goes through here. */
  function tryStorage<Result>(use: (storage: Storage) => Result, fallback: Result): Result {
    try {
      return use(open())
    } catch (error) {
      if (error instanceof DOMException) return fallback
      throw error
    }
  }

  return {
    read: (key) => tryStorage((storage) => storage.getItem(key) ?? undefined, undefined),
    write: (key, value) =>
      tryStorage((storage) => {
        storage.setItem(key, value)
        return true
      }, false),
    remove: (key) => tryStorage((storage) => storage.removeItem(key), undefined),
    keys: () => tryStorage((storage) => Object.keys(storage), []),
  }
}
