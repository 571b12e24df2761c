/** Modules that are fetched when they are needed, or just before. */

import { NetworkError, timeLimitMs } from './network-error.ts'

/**
 * Fetches a module, with the time limit that a browser does not have.
 *
 * @param load a dynamic import
 * @throws {NetworkError}
 */
export function importWithTimeout<Module>(load: () => Promise<Module>): Promise<Module> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new NetworkError('timeout', `no module within ${timeLimitMs} ms`)),
      timeLimitMs,
    )
    load()
      .then(resolve, (cause: unknown) => {
        const code = navigator.onLine ? 'network' : 'offline'
        reject(new NetworkError(code, 'a module of this site could not be fetched', { cause }))
      })
      .finally(() => clearTimeout(timer))
  })
}

/** @returns a function that fetches the module once; after a failure, again */
export function lazyImport<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined
  return () => {
    loading ??= importWithTimeout(load).catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
}
