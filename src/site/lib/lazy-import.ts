/** Parts of the site that are fetched when they are needed, or just before. */

import { AuthError } from '../auth/auth-error.ts'

/** milliseconds a part may take to come, or a call */
export const timeLimitMs = 10_000

/**
 * @param load a dynamic import
 * @throws {AuthError} `offline`, `network`, `timeout`
 */
export function fetchPart<Part>(load: () => Promise<Part>): Promise<Part> {
  return new Promise((resolve, reject) => {
    setTimeout(
      () => reject(new AuthError('timeout', 'a part of the site takes too long')),
      timeLimitMs,
    )
    load().then(resolve, (cause: unknown) =>
      reject(
        new AuthError(navigator.onLine ? 'network' : 'offline', 'a part of the site did not come', {
          cause,
        }),
      ),
    )
  })
}

/** The same as a function that fetches the part once; after a failure, again. */
export function createPart<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let loading: Promise<Part> | undefined
  return () => {
    loading ??= fetchPart(load).catch((error: unknown) => {
      loading = undefined
      throw error
    })
    return loading
  }
}

/** milliseconds that work may be put off for want of idle time: some browsers see none for minutes */
const idleLimitMs = 1000

/** Runs `work` when the browser has nothing better to do: the rider may be typing, the page being drawn. */
export function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) window.requestIdleCallback(work, { timeout: idleLimitMs })
  else setTimeout(work)
}
